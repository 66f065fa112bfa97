"""Getting ready for a meeting with them: the order of the demands, who does what, what we do if they say no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal.campaigns.models import Demand
from portal.database import transaction
from portal.errors import RuleBroken
from portal.escalation.models import Rung
from portal.meetings.models import Meeting
from portal.negotiations.models import DUTIES, Duty, Fallback, RankedDemand, RoomQuestion
from portal.people.models import Person

MOST_ROWS = 12


@dataclass(frozen=True)
class Ranked:
    """How far we go for one demand."""

    demand_id: int
    weight: str
    note: str = ""


def rank_demands(meeting: Meeting, rows: Sequence[Ranked], *, by: Person) -> None:
    """Put the demands into our order for this meeting, the most important first; what was said before is replaced.

    Raises RuleBroken when a demand is not among those that stand, or the meeting was called off.
    """
    with transaction():
        _hold(meeting)
        standing = Demand.select(Demand.id).where(Demand.campaign == meeting.campaign_id, Demand.withdrawn_at.is_null())
        known = {demand_id for (demand_id,) in standing.tuples()}
        if {row.demand_id for row in rows} != known:
            raise RuleBroken(_("The demands changed while you were sorting them. Look at the list again"))
        RankedDemand.delete().where(RankedDemand.meeting == meeting.id).execute()
        for position, row in enumerate(rows):
            RankedDemand.create(
                meeting=meeting, demand=row.demand_id, position=position, weight=row.weight, note=row.note
            )


def give_duties(meeting: Meeting, people: Mapping[str, Person | None], *, by: Person) -> None:
    """Say who does what in the room, by the name of the duty; None leaves it open.

    Raises RuleBroken when the meeting was called off.
    """
    with transaction():
        _hold(meeting)
        Duty.delete().where(Duty.meeting == meeting.id).execute()
        for name in DUTIES:
            person = people.get(name)
            if person is not None:
                Duty.create(meeting=meeting, name=name, person=person)


def add_fallback(
    meeting: Meeting, *, what: str, who: str = "", by_on: date | None = None, rung: Rung | None = None, by: Person
) -> Fallback:
    """Add what we do if they say no. Raises RuleBroken when there are too many, or the meeting was called off."""
    with transaction():
        _hold(meeting)
        position = _next(Fallback, meeting)
        return Fallback.create(meeting=meeting, position=position, what=what, who=who, by_on=by_on, rung=rung)


def add_question(meeting: Meeting, *, text: str, by: Person) -> RoomQuestion:
    """Add a question to ask them. Raises RuleBroken when there are too many, or the meeting was called off."""
    with transaction():
        _hold(meeting)
        return RoomQuestion.create(meeting=meeting, position=_next(RoomQuestion, meeting), text=text)


def drop_row(row: Any, *, by: Person) -> None:
    """Take out a question, or what we do if they say no. Twice is harmless."""
    with transaction():
        _hold(row.meeting)
        type(row).delete().where(type(row).id == row.id).execute()


def _next(model: Any, meeting: Meeting) -> int:
    last, count = (
        model.select(peewee.fn.MAX(model.position), peewee.fn.COUNT(model.id))
        .where(model.meeting == meeting.id)
        .tuples()
        .get()
    )
    if count >= MOST_ROWS:
        raise RuleBroken(_("Nobody remembers more than twelve in a room. Take one out first"))
    return 0 if last is None else last + 1


def _hold(meeting: Meeting) -> None:
    """Take the campaign's row until the transaction ends. Raises RuleBroken when the meeting was called off."""
    meeting.campaign.touch()
    if Meeting.select().where(Meeting.id == meeting.id, Meeting.cancelled_at.is_null(False)).exists():
        raise RuleBroken(_("This meeting was called off. Get ready for another one"))
