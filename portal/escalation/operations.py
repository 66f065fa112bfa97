"""Making and changing a plan: beginning from a ready one, adding, ordering, taking out and putting back."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.escalation.catalogue import Plan, body_for
from portal.escalation.models import Rung
from portal.escalation.queries import rungs_of
from portal.escalation.standing import USUAL_SILENCE
from portal.letters.models import Letter
from portal.people.models import Person

SETTLED_FIELDS = ("kind", "what", "trigger", "letter", "days", "on_day", "consent")
MOST_STEPS = 20


@dataclass(frozen=True)
class Terms:
    """What a step says: what, who, what unlocks it, and how the members agree."""

    kind: str
    what: str
    trigger: str
    who_role: str = ""
    who: Person | None = None
    letter: Letter | None = None
    days: int | None = None
    on_day: date | None = None
    earliest_on: date | None = None
    consent: str = "vote"

    def row(self) -> dict[str, Any]:
        """The same as columns. Days and day are kept only for the trigger that needs them."""
        return {
            "kind": self.kind,
            "what": self.what,
            "who_role": self.who_role,
            "who": self.who,
            "trigger": self.trigger,
            "letter": self.letter if self.trigger not in {"day", "before"} else None,
            "days": self.days if self.trigger == "silence" else None,
            "on_day": self.on_day if self.trigger == "day" else None,
            "earliest_on": self.earliest_on,
            "consent": self.consent,
        }


def fingerprint(rung: Rung) -> str:
    """Changes whenever something that a step says changes."""
    names = ("kind", "what", "who_role", "who_id", "trigger", "letter_id", "days", "on_day", "earliest_on", "consent")
    text = repr([str(getattr(rung, name)) for name in names])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def adopt_plan(campaign: Campaign, plan: Plan, *, by: Person) -> None:
    """Begin from a ready plan; every step can be changed afterwards. Raises RuleBroken when there are steps already."""
    body = body_for(campaign)
    with transaction():
        campaign.touch()
        _refuse_closed(campaign)
        if Rung.select().where(Rung.campaign == campaign.id, Rung.removed_at.is_null()).exists():
            raise RuleBroken(_("There is a plan already. Take its steps out first, or add to it"))
        position = _next_position(campaign)
        steps = [step for step in plan.steps if step.needs != "body" or body is not None]
        for place, step in enumerate(steps):
            Rung.create(
                campaign=campaign,
                position=position + place,
                kind=step.kind,
                what=step.what.replace("{body}", body["name"] if body is not None else ""),
                who_role=step.who_role,
                trigger=step.trigger,
                days=step.days or (USUAL_SILENCE if step.trigger == "silence" else None),
                added_by=by,
            )


def add_step(campaign: Campaign, terms: Terms, *, by: Person) -> Rung:
    """Add a step at the end. Raises RuleBroken where what it says will not do, or there are too many."""
    _check(terms)
    with transaction():
        campaign.touch()
        _refuse_closed(campaign)
        count = Rung.select().where(Rung.campaign == campaign.id, Rung.removed_at.is_null()).count()
        if count >= MOST_STEPS:
            raise RuleBroken(_("Twenty steps are more than anybody can hold. Take one out first"))
        return Rung.create(campaign=campaign, position=_next_position(campaign), added_by=by, **terms.row())


def change_step(rung: Rung, terms: Terms, *, seen: str, by: Person) -> None:
    """Change what a step says. `seen` is the fingerprint of what the writer had before them.

    Raises RuleBroken when somebody changed it meanwhile, it is over, or the members vote on it or agreed to it and
    something else than who and the earliest day is changed.
    """
    _check(terms)
    with transaction():
        now = hold(rung)
        if fingerprint(now) != seen:
            raise ChangedMeanwhile
        if now.done_at is not None or now.skipped_at is not None:
            raise RuleBroken(_("This step is over. Add another one"))
        row = terms.row()
        if now.is_settled and any(_value(row[name]) != _value(getattr(now, name)) for name in SETTLED_FIELDS):
            raise RuleBroken(
                _(
                    "The members vote on these words, or agreed to them. Who does it and the earliest day can change; "
                    "for anything else, skip this step and add another"
                )
            )
        Rung.update(**row).where(Rung.id == rung.id).execute()


class ChangedMeanwhile(RuleBroken):
    """Somebody saved the same step while this one was being written."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this step while you were writing. Look at both, then save again"))


def move_step(rung: Rung, *, up: bool, by: Person) -> None:
    """Change places with the step above or below; nothing happens at the end of the list."""
    with transaction():
        rung.campaign.touch()
        ids = [row.id for row in rungs_of(rung.campaign) if row.removed_at is None]
        if rung.id not in ids:
            raise RuleBroken(_("This step was taken out. Put it back first"))
        place = ids.index(rung.id)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(ids):
            return
        ids[place], ids[other] = ids[other], ids[place]
        for position, row_id in enumerate(ids):
            Rung.update(position=position).where(Rung.id == row_id, Rung.position != position).execute()


def take_out(rung: Rung, *, by: Person) -> None:
    """Take a step out of the plan; it can be put back. Raises RuleBroken when it is voted on, under way or over."""
    with transaction():
        now = hold(rung)
        if now.ballot is not None and now.ballot.outcome is None:
            raise RuleBroken(_("The members vote on this step. Call the vote off first"))
        if now.started_at is not None:
            raise RuleBroken(_("This step has begun. Say what came of it"))
        Rung.update(removed_at=clock.now()).where(Rung.id == rung.id).execute()


def put_back(rung: Rung, *, by: Person) -> None:
    """Put back a step that was taken out or skipped, where it stood. Raises RuleBroken when it stands."""
    with transaction():
        rung.campaign.touch()
        back = (
            Rung.update(removed_at=None, skipped_at=None, skipped_by=None, skipped_why="")
            .where(Rung.id == rung.id, Rung.removed_at.is_null(False) | Rung.skipped_at.is_null(False))
            .execute()
        )
        if not back:
            raise RuleBroken(_("This step is in the plan already"))


def hold(rung: Rung) -> Rung:
    """Take the campaign's row until the transaction ends, and return the step as it is now, with its last vote.

    Raises RuleBroken when it was taken out of the plan.
    """
    rung.campaign.touch()
    now = next((row for row in rungs_of(rung.campaign) if row.id == rung.id), None)
    if now is None or now.removed_at is not None:
        raise RuleBroken(_("This step was taken out of the plan. Put it back first"))
    return now


def _value(value: Any) -> Any:
    return value.get_id() if isinstance(value, peewee.Model) else value


def _next_position(campaign: Campaign) -> int:
    last = Rung.select(peewee.fn.MAX(Rung.position)).where(Rung.campaign == campaign.id).scalar()
    return 0 if last is None else last + 1


def _refuse_closed(campaign: Campaign) -> None:
    if Campaign.get_by_id(campaign.id).is_closed:
        raise RuleBroken(_("This campaign has ended. Open it again before you plan"))


def _check(terms: Terms) -> None:
    if terms.trigger == "silence" and not terms.days:
        raise RuleBroken(_("Say after how many days without a word"), field="days")
    if terms.trigger == "day" and terms.on_day is None:
        raise RuleBroken(_("Say which day"), field="on_day")
