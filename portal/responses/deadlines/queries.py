"""Reads of clocks: those of a letter, what they go by, and what happened to them."""

from datetime import date
from typing import Any, NamedTuple

import peewee

from portal.deadlines.models import OneOffDay
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.deadlines.models import DayCorrection, Deadline, DeadlineChange
from portal.responses.models import Response

HISTORY = 100


def deadlines_of(letter: Letter) -> list[Deadline]:
    """The clocks of a letter that run or wait, the earliest date first, with the answers and people in them.

    One statement.
    """
    answer, asked, setter, settler = Response.alias(), Response.alias(), Person.alias(), Person.alias()
    left = peewee.JOIN.LEFT_OUTER
    rows = (
        Deadline.select(
            Deadline,
            answer.id,
            answer.kind,
            answer.received_on,
            asked.id,
            asked.received_on,
            setter.id,
            setter.name,
            setter.closed_at,
            settler.id,
            settler.name,
            settler.closed_at,
        )
        .join_from(Deadline, answer, left, on=(Deadline.satisfied_by == answer.id), attr="satisfied_by")
        .join_from(Deadline, asked, left, on=(Deadline.extended_by == asked.id), attr="extended_by")
        .join_from(Deadline, setter, left, on=(Deadline.override_by == setter.id), attr="override_by")
        .join_from(Deadline, settler, left, on=(Deadline.settled_by == settler.id), attr="settled_by")
        .where(Deadline.letter == letter.id, Deadline.dropped_at.is_null())
        .order_by(Deadline.id)
    )
    found = list(rows)
    for one in found:
        one.letter, one.campaign = letter, letter.campaign
    return sorted(found, key=lambda one: (one.satisfied_on is not None, one.holds_on or date.max, one.id))


def public_clocks(letter_id: int) -> tuple[list[Deadline], str]:
    """The running clocks of a letter that may be told to everybody, and the days off that were added. One statement.

    The days off are "calendar day, …". Dates that people set stand in it, their names and reasons are the page's to
    leave out.
    """
    days_off = OneOffDay.select(
        peewee.fn.string_agg(OneOffDay.calendar.concat(" ").concat(OneOffDay.day.cast("TEXT")), ",")
    )
    found = list(
        Deadline.select(Deadline, days_off.alias("days_off"))
        .where(
            Deadline.letter == letter_id,
            Deadline.awaits.in_(("answer", "acknowledgement")),
            Deadline.dropped_at.is_null(),
            Deadline.due_on.is_null(False),
        )
        .order_by(Deadline.id)
    )
    return found, (found[0].days_off or "") if found else ""


class Happened(NamedTuple):
    """Something a clock may go by: "delivery", "response" or "event", its row, its day, and what and who it was."""

    what: str
    id: int
    day: date
    kind: str
    who: str
    # Whether a person wrote the day down. The portal's own mails have certain days.
    is_by_hand: bool
    # A delivery that came back on that day starts nothing.
    came_back_on: date | None = None


def history_of(letter: Letter, *, before: int | None = None) -> tuple[list[Any], int | None]:
    """What happened to the clocks of a letter, newest first, with who did it; and the key of the next older page.

    `before` is such a key. One statement, at most HISTORY lines.
    """
    rows = (
        DeadlineChange.select(DeadlineChange, Deadline, Person)
        .join_from(DeadlineChange, Deadline)
        .join_from(DeadlineChange, Person, peewee.JOIN.LEFT_OUTER, on=(DeadlineChange.by == Person.id), attr="by")
        .where(Deadline.letter == letter.id)
        .order_by(DeadlineChange.id.desc())
        .limit(HISTORY + 1)
    )
    found = list(rows.where(DeadlineChange.id < before) if before else rows)
    return found[:HISTORY], found[HISTORY - 1].id if len(found) > HISTORY else None


def corrections_of(letter: Letter) -> list[DayCorrection]:
    """The days that were put right, newest first, with who did it. One statement."""
    return list(
        DayCorrection.select(DayCorrection, Person)
        .join_from(DayCorrection, Person, peewee.JOIN.LEFT_OUTER, on=(DayCorrection.by == Person.id), attr="by")
        .where(DayCorrection.letter == letter.id)
        .order_by(DayCorrection.id.desc())
        .limit(HISTORY)
    )
