"""Keeping the clocks of a letter in step with what happened to it.

Everything goes through `keep_deadlines`: it may run at any time and any number of times, and writes only what changed,
each change with a line of history. The operations about answers call it in their own transaction. Letters know nothing
of clocks, so a delivery is found by the sweep below, within a second; until then the letter's own fourteen days stand.
"""

import json
import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import peewee

from portal import clock, jobs
from portal.database import transaction
from portal.deadlines import rulebook
from portal.deadlines.calendars import Calendar
from portal.deadlines.operations import calendars_today
from portal.letters.deliveries.standing import watches
from portal.letters.models import NOT_ARRIVED, Delivery, Letter
from portal.outbox import OutgoingMail
from portal.people.models import Person
from portal.responses.deadlines import timing
from portal.responses.deadlines.models import Deadline, DeadlineChange, LetterClock, LetterEvent
from portal.responses.deadlines.passing import tell_timeline
from portal.responses.deadlines.timing import Facts
from portal.responses.models import Response

log = logging.getLogger("portal.deadlines")
_after_keeping: list[Callable[[Letter], None]] = []


def after_keeping(function: Callable[[Letter], None]) -> None:
    """Have `function(letter)` called whenever the clocks of a letter were worked out, in the same transaction."""
    _after_keeping.append(function)


def record_change(deadline: Deadline, what: str, *, by: Person | None = None, why: str = "", **days: Any) -> None:
    """Write a line of a clock's history. `was_on` and `now_on` are the days that held before and after."""
    DeadlineChange.create(deadline=deadline, what=what, by=by, why=why, **days)


def facts_of(letter: Letter) -> Facts:
    """Its deliveries with their mails, its answers and what people typed in. Three statements."""
    deliveries = (
        Delivery.select(Delivery, OutgoingMail)
        .join(OutgoingMail, peewee.JOIN.LEFT_OUTER)
        .where(Delivery.letter == letter.id)
        .order_by(Delivery.id)
    )
    responses = Response.select().where(Response.letter == letter.id).order_by(Response.received_on, Response.id)
    return Facts(list(deliveries), list(responses), list(LetterEvent.select().where(LetterEvent.letter == letter.id)))


def terms_of(rule_id: str) -> str:
    """A shipped rule as it is kept with a clock: every version of it, as data. Empty list for an unknown id."""
    return json.dumps([dict(rule.data) for rule in rulebook.versions_of(rule_id)], ensure_ascii=False)


def start_clock(letter: Letter, rule_id: str, *, by: Person | None, terms: str = "") -> Deadline:
    """A clock for a rule, or the one that was dropped before. Call inside a transaction, then `keep_deadlines`."""
    terms = terms or terms_of(rule_id)
    awaits = json.loads(terms)[0]["awaits"]
    Deadline.insert(
        campaign=letter.campaign_id, letter=letter.id, rule_id=rule_id, terms=terms, awaits=awaits, chosen_by=by
    ).on_conflict(
        conflict_target=[Deadline.letter, Deadline.rule_id], update={Deadline.dropped_at: None, Deadline.chosen_by: by}
    ).execute()
    deadline = Deadline.get(Deadline.letter == letter.id, Deadline.rule_id == rule_id)
    record_change(deadline, "chosen", by=by)
    return deadline


def hold_clocks(letter: Letter) -> LetterClock:
    """Take the letter's clocks for this transaction: two who change them do so one after the other."""
    LetterClock.insert(letter=letter.id).on_conflict_ignore().execute()
    LetterClock.update(is_stale=False).where(LetterClock.letter == letter.id).execute()
    return LetterClock.get(LetterClock.letter == letter.id)


def keep_deadlines(letter: Letter, *, by: Person | None = None, calendars: dict[str, Calendar] | None = None) -> None:
    """Work out every clock of a letter from what is known now, and the day by which its answer is due.

    Writes only what changed. A letter that has gone nowhere has no clock that runs; one that was delivered and for
    which nobody chose gets our own deadline.
    """
    with transaction():
        held = hold_clocks(letter)
        facts = facts_of(letter)
        everything = list(Deadline.select().where(Deadline.letter == letter.id))
        if not everything and facts.arrived:
            everything = [start_clock(letter, rulebook.OWN_ANSWER, by=None)]
        running = [one for one in everything if one.dropped_at is None]
        known = (calendars or calendars_today()) if running else {}
        changed = [_keep(one, facts, known, by=by) for one in running]
        newest_id = max((one.id for one in facts.deliveries), default=0)
        if newest_id != held.seen_delivery_id:
            LetterClock.update(seen_delivery_id=newest_id).where(LetterClock.id == held.id).execute()
        if facts.arrived:
            _tell_letter(letter, timing.answer_due_on(everything))
        for look_again in _after_keeping:
            look_again(letter)
        if any(changed):
            letter.campaign.touch()


def _tell_letter(letter: Letter, day: date | None) -> None:
    """The letter's own column is what dashboards read."""
    Letter.update(answer_due_on=day).where(Letter.id == letter.id).execute()
    letter.answer_due_on = day


def _keep(deadline: Deadline, facts: Facts, calendars: dict[str, Calendar], *, by: Person | None) -> bool:
    """Bring one clock up to date. Returns whether anything changed."""
    if deadline.trigger_on is None and rulebook.versions_of(deadline.rule_id):
        # It has not begun: the rule as we know it today. Once it runs, it keeps the terms it began with.
        deadline.terms = terms_of(deadline.rule_id)
    before = {name: getattr(deadline, name) for name in KEPT}
    was_on, was_satisfied = deadline.holds_on, deadline.satisfied_on
    found = timing.find(deadline, facts, calendars)
    if found is None:
        deadline.trigger_event, deadline.working = "", ""
        deadline.trigger_on = deadline.due_on = deadline.due_at = None
        answered = None
    else:
        deadline.trigger_event, deadline.trigger_on = found.event, found.start.day
        deadline.due_on, deadline.due_at = found.due.on, found.due.at
        deadline.working = json.dumps(found.due.working, ensure_ascii=False, sort_keys=True)
        answered = timing.answer_to(found, facts.responses)
    if deadline.settled_by_id is None:
        deadline.satisfied_by = answered
        deadline.satisfied_on = answered.received_on if answered else None
    after = {name: getattr(deadline, name) for name in KEPT}
    if before == after:
        return False
    Deadline.update(**after).where(Deadline.id == deadline.id).execute()
    now_on = deadline.holds_on
    if was_on != now_on:
        what = "started" if was_on is None else "stopped" if now_on is None else "recomputed"
        record_change(deadline, what, by=by, was_on=was_on, now_on=now_on)
        # Our own fourteen days begin with every letter: that it was sent says so.
        if what == "started" and deadline.versions[0]["set"] != "generic":
            # What it counts from may lie ahead, as the end of six months does; that it runs is known today.
            day = min(deadline.trigger_on or clock.today(), clock.today())
            tell_timeline(deadline, "clock_started", by=by, on=day, day=now_on)
    if deadline.satisfied_on != was_satisfied:
        what = "kept" if deadline.satisfied_on else "open_again"
        record_change(deadline, what, by=by, was_on=was_satisfied, now_on=deadline.satisfied_on)
    return True


KEPT = ("terms", "trigger_event", "trigger_on", "due_on", "due_at", "working", "satisfied_by_id", "satisfied_on")


def _waiting(everything: bool) -> list[Letter]:
    """Letters whose clocks are behind: a new delivery, or a calendar changed under them. One statement."""
    newest = LetterClock.select(peewee.fn.COALESCE(peewee.fn.MAX(LetterClock.seen_delivery_id), 0))
    fresh = Delivery.select(Delivery.letter).where(Delivery.id > newest)
    if everything:
        # Also what two processes that committed at once may have hidden from the quick look.
        behind = Delivery.select(Delivery.letter).join(
            LetterClock, peewee.JOIN.LEFT_OUTER, on=(LetterClock.letter == Delivery.letter)
        )
        fresh = behind.where(LetterClock.id.is_null() | (Delivery.id > LetterClock.seen_delivery_id))
    stale = LetterClock.select(LetterClock.letter).where(LetterClock.is_stale)
    return list(Letter.select().where(Letter.id.in_(fresh | stale)).order_by(Letter.id))


@watches
def look_again(letter: Letter) -> None:
    """A delivery came back, was refused or stands again: the sweep works the letter's clocks out anew."""
    LetterClock.insert(letter=letter.id, is_stale=True).on_conflict(
        conflict_target=[LetterClock.letter], update={LetterClock.is_stale: True}
    ).execute()


@jobs.sweep
def sweep_clocks() -> None:
    """Start the clocks of letters that were just delivered, and work out again what a day off has moved."""
    _keep_each(_waiting(everything=False))


@jobs.hourly
def look_at_every_clock() -> None:
    """The slow look: letters that the quick one missed, and mails that came back after their clock had begun."""
    failed = Delivery.select(Delivery.letter).join(OutgoingMail).where(OutgoingMail.state.in_(sorted(NOT_ARRIVED)))
    running = Deadline.select(Deadline.letter).where(Deadline.satisfied_on.is_null(), Deadline.due_on.is_null(False))
    bounced = Letter.select().where(Letter.id.in_(failed), Letter.id.in_(running)).order_by(Letter.id)
    _keep_each([*_waiting(everything=True), *bounced])


def _keep_each(letters: list[Letter]) -> None:
    calendars = calendars_today() if letters else None
    for letter in letters:
        try:
            keep_deadlines(letter, calendars=calendars)
        except Exception:
            # One letter that cannot be worked out must not stop the clocks of all that come after it.
            log.exception("the clocks of letter %s could not be worked out; the hourly look tries again", letter.id)
