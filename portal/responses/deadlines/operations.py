"""What people decide about clocks: which run, another date, more time, a day that was wrong, a day off."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.deadlines import engine, rulebook
from portal.deadlines import operations as calendar_operations
from portal.deadlines.models import OneOffDay
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.models import Letter
from portal.people.models import Person
from portal.places.models import Place
from portal.responses.deadlines import timing
from portal.responses.deadlines.keeping import facts_of, hold_clocks, keep_deadlines, record_change, start_clock
from portal.responses.deadlines.models import Deadline, LetterClock, LetterEvent
from portal.responses.deadlines.passing import tell_timeline
from portal.responses.models import Response
from portal.storage import StoredFile

LOCAL = "local."


def choose_rules(letter: Letter, rule_ids: Collection[str], *, by: Person) -> None:
    """Let exactly these rules run for a letter: new ones begin, others stop, and their history stays.

    Raises RuleBroken when none is left, or one is planned or unknown.
    """
    if not rule_ids:
        raise RuleBroken(_("Tick at least one. Without a clock nobody can be late"), field="rules")
    with transaction():
        hold_clocks(letter)
        there = {one.rule_id: one for one in Deadline.select().where(Deadline.letter == letter.id)}
        for rule_id in rule_ids:
            old = there.get(rule_id)
            if old is not None and old.dropped_at is None:
                continue
            versions = rulebook.versions_of(rule_id)
            is_known = old is not None if rule_id.startswith(LOCAL) else any(rule.runs for rule in versions)
            if not is_known:
                raise RuleBroken(_("One of these rules does not run yet. Look at the list again"), field="rules")
            start_clock(letter, rule_id, by=by, terms=old.terms if old is not None and not versions else "")
        for rule_id, old in there.items():
            if old.dropped_at is None and rule_id not in rule_ids:
                Deadline.update(dropped_at=clock.now()).where(Deadline.id == old.id).execute()
                record_change(old, "dropped", by=by, was_on=old.holds_on)
        keep_deadlines(letter, by=by)
        letter.campaign.touch()


def add_their_promise(
    letter: Letter,
    *,
    by: Person,
    label: str,
    n: int,
    unit: str,
    url: str,
    place: Place,
    awaits: str = "answer",
    proof: StoredFile | None = None,
) -> Deadline:
    """A time that they publish themselves becomes a clock like any rule, named as their own promise.

    `unit` is day, wd, week or month; `proof` a picture of the page that says so, stored already. Raises RuleBroken for
    a length out of reason.
    """
    if not 0 < n <= 400:
        raise RuleBroken(_("Enter a number between 1 and 400"), field="n")
    model = next(iter(rulebook.versions_of(f"generic.{'ack' if awaits == 'acknowledgement' else awaits}")), None)
    kept_by = list(model.satisfied_by) if model else []
    not_kept_by = list(model.not_satisfied_by) if model else []
    with transaction():
        hold_clocks(letter)
        mine = Deadline.rule_id.startswith(LOCAL)
        number = Deadline.select().where(Deadline.letter == letter.id, mine).count() + 1
        rule: dict[str, Any] = {
            "id": f"{LOCAL}{number}",
            "set": "local",
            "calendar": rulebook.CALENDAR_OF_COUNTRY.get(place.country, "none"),
            "title": label,
            "plain": _("They publish this themselves. We hold them to their own words."),
            "awaits": awaits,
            "trigger": {"event": "received"},
            "period": {"n": n, "unit": unit},
            "extension": {"allowed": True, "times": 1},
            "satisfied_by": kept_by,
            "not_satisfied_by": not_kept_by,
            "status": "local_promise",
            "confidence": "high",
            "source": {"title": label, "url": url, "checked": clock.today().isoformat()},
        }
        # Read once as a rule: what cannot be read must not be stored.
        rulebook.rule_from(rule, set_name="local", calendar="none")
        deadline = start_clock(letter, rule["id"], by=by, terms=json.dumps([rule], ensure_ascii=False))
        Deadline.update(proof=proof).where(Deadline.id == deadline.id).execute()
        keep_deadlines(letter, by=by)
        letter.campaign.touch()
    return deadline


def set_another_date(deadline: Deadline, *, on: date, reason: str, by: Person) -> None:
    """A person knows better than the rule: their date holds, and the computed one stays beside it.

    Raises RuleBroken without a reason, while the clock does not run, or for a day before it began.
    """
    if not reason:
        raise RuleBroken(_("Say why, so that everybody can follow"), field="reason")
    with transaction():
        hold_clocks(deadline.letter)
        found = Deadline.get_by_id(deadline.id)
        if found.due_on is None or found.trigger_on is None:
            raise RuleBroken(_("This clock does not run yet. There is no date to change"))
        if on < found.trigger_on:
            day = format_day(found.trigger_on)
            raise RuleBroken(_("The clock began on %(day)s. The day must not be before", day=day), field="on")
        Deadline.update(override_on=on, override_reason=reason, override_by=by).where(
            Deadline.id == deadline.id
        ).execute()
        record_change(deadline, "overridden", by=by, why=reason, was_on=found.holds_on, now_on=on)
        tell_timeline(deadline, "clock_overridden", by=by, was=found.holds_on, day=on, why=reason)
        keep_deadlines(deadline.letter, by=by)
        deadline.letter.campaign.touch()


def go_back_to_rule(deadline: Deadline, *, by: Person) -> None:
    """The date that the rule gives holds again. Raises RuleBroken when no other one was set."""
    with transaction():
        hold_clocks(deadline.letter)
        was = Deadline.get_by_id(deadline.id)
        if was.override_on is None:
            raise RuleBroken(_("The date of the rule holds already"))
        Deadline.update(override_on=None, override_reason="", override_by=None).where(
            Deadline.id == deadline.id
        ).execute()
        was_on, was.override_on = was.override_on, None
        record_change(deadline, "override_removed", by=by, was_on=was_on, now_on=was.holds_on)
        keep_deadlines(deadline.letter, by=by)
        deadline.letter.campaign.touch()


def give_more_time(deadline: Deadline, *, response: Response, on: date, reason: str, by: Person) -> None:
    """They asked for more time in an answer, with a reason and a new date, and the rule allows it, once.

    Raises RuleBroken where the rule does not, they had it already, or the date is not later or beyond what is allowed.
    """
    if not reason:
        raise RuleBroken(_("Write the reason they gave. Without one the first date stands"), field="reason")
    with transaction():
        hold_clocks(deadline.letter)
        found = Deadline.get_by_id(deadline.id)
        calendars = calendar_operations.calendars_today()
        event = timing.find(found, facts_of(deadline.letter), calendars)
        if event is None or found.due_on is None:
            raise RuleBroken(_("This clock does not run yet. There is no date to put off"))
        if event.rule.extension is None:
            raise RuleBroken(_("This rule gives them no more time. The first date stands"))
        if found.extended_on is not None:
            raise RuleBroken(_("They had more time once. The rule does not give it twice"))
        if found.satisfied_on is not None:
            raise RuleBroken(_("They have answered already"))
        if on <= found.due_on:
            raise RuleBroken(_("The new date must be after %(day)s", day=format_day(found.due_on)), field="on")
        last = engine.latest_extension(found.due_on, event.rule, calendars[event.rule.calendar])
        if last is not None and on > last:
            raise RuleBroken(
                _("The rule lets them put it off to %(day)s at most. The first date stands", day=format_day(last)),
                field="on",
            )
        Deadline.update(extended_on=on, extension_reason=reason, extended_by=response).where(
            Deadline.id == deadline.id
        ).execute()
        record_change(deadline, "extended", by=by, why=reason, was_on=found.holds_on, now_on=on)
        tell_timeline(deadline, "clock_extended", by=by, was=found.holds_on, day=on, why=reason)
        keep_deadlines(deadline.letter, by=by)
        deadline.letter.campaign.touch()


def note_event(letter: Letter, *, event: str, day: date, moment: datetime | None = None, by: Person) -> None:
    """Say when something happened that only people know. Saying it again corrects it.

    `moment` is aware, for rules in hours. Raises RuleBroken for a day in the future or an event nobody types in.
    """
    if event not in timing.TYPED:
        raise RuleBroken(_("Choose what happened"), field="event")
    if day > clock.today() and event != "period_end":
        raise RuleBroken(_("The day must be today or earlier"), field="day")
    with transaction():
        hold_clocks(letter)
        noted = {"day": day, "moment": moment, "noted_by": by.id, "noted_at": clock.now()}
        LetterEvent.insert(letter=letter.id, event=event, **noted).on_conflict(
            conflict_target=[LetterEvent.letter, LetterEvent.event], update=noted
        ).execute()
        keep_deadlines(letter, by=by)
        letter.campaign.touch()


def settle(deadline: Deadline, *, on: date, by: Person) -> None:
    """A person says that what a clock waits for was done on a day. Answers are never settled by hand: they are logged.

    Raises RuleBroken for a clock that waits for an answer, one that does not run, or a day ahead.
    """
    if deadline.awaits in {"answer", "acknowledgement"}:
        raise RuleBroken(_("Log what they answered. That stops this clock"))
    if on > clock.today():
        raise RuleBroken(_("The day must be today or earlier"), field="on")
    with transaction():
        hold_clocks(deadline.letter)
        changed = (
            Deadline.update(satisfied_on=on, satisfied_by=None, settled_by=by)
            .where(Deadline.id == deadline.id, Deadline.due_on.is_null(False), Deadline.satisfied_on.is_null())
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This clock is not running"))
        record_change(deadline, "kept", by=by, now_on=on)
        keep_deadlines(deadline.letter, by=by)
        deadline.letter.campaign.touch()


def unsettle(deadline: Deadline, *, by: Person) -> None:
    """It was not done after all: the clock runs on. Raises RuleBroken when no person had said that it was."""
    with transaction():
        hold_clocks(deadline.letter)
        was_on = Deadline.get_by_id(deadline.id).satisfied_on
        changed = (
            Deadline.update(satisfied_on=None, settled_by=None)
            .where(Deadline.id == deadline.id, Deadline.settled_by.is_null(False))
            .execute()
        )
        if not changed:
            raise RuleBroken(_("Nobody has said that it was done"))
        record_change(deadline, "open_again", by=by, was_on=was_on)
        keep_deadlines(deadline.letter, by=by)
        deadline.letter.campaign.touch()


def add_day_off(calendar: str, day: date, *, name: str, by: Person) -> OneOffDay:
    """Add a day off to a calendar. Every running clock is worked out again by the sweep, within a second or so.

    Raises RuleBroken as `add_one_off_day` does.
    """
    with transaction():
        added = calendar_operations.add_one_off_day(calendar, day, name=name, by=by)
        _all_stale(day)
    return added


def remove_day_off(day: OneOffDay) -> None:
    """Take a day off the calendar again, and have every running clock worked out anew."""
    with transaction():
        calendar_operations.remove_one_off_day(day)
        _all_stale(day.day)


def _all_stale(day: date) -> None:
    moved = Deadline.select(Deadline.letter).where(
        Deadline.dropped_at.is_null(), Deadline.satisfied_on.is_null(), Deadline.due_on >= day
    )
    LetterClock.update(is_stale=True).where(LetterClock.letter.in_(moved)).execute()
