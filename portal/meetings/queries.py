"""Reading meetings: the two lists, the door, the minutes, and what people said they would do."""

from dataclasses import dataclass, field
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, Membership
from portal.meetings.models import Attendance, Decision, Meeting, Rsvp, Undertaking
from portal.people.models import Person

PAGE = 20
ANSWER_ORDER = {"yes": 0, "maybe": 1, None: 2, "no": 3}


def coming(campaign: Campaign, *, after: int | None = None) -> tuple[list[Meeting], int | None]:
    """Meetings not over yet, soonest first, after the one with id `after`; and the id to go on from, if there is."""
    rows = Meeting.select().where(Meeting.campaign == campaign.id, Meeting.ends_at > clock.now())
    if after is not None:
        start = _start_of(campaign, after)
        rows = rows.where((Meeting.starts_at > start) | ((Meeting.starts_at == start) & (Meeting.id > after)))
    return _page(rows.order_by(Meeting.starts_at, Meeting.id))


def past(campaign: Campaign, *, before: int | None = None) -> tuple[list[Meeting], int | None]:
    """Meetings that are over, latest first, before the one with id `before`; and the id to go on from."""
    rows = Meeting.select().where(Meeting.campaign == campaign.id, Meeting.ends_at <= clock.now())
    if before is not None:
        start = _start_of(campaign, before)
        rows = rows.where((Meeting.starts_at < start) | ((Meeting.starts_at == start) & (Meeting.id < before)))
    return _page(rows.order_by(Meeting.starts_at.desc(), Meeting.id.desc()))


def _start_of(campaign: Campaign, meeting_id: int) -> Any:
    other = Meeting.alias()
    return other.select(other.starts_at).where(other.id == meeting_id, other.campaign == campaign.id)


def _page(rows: Any) -> tuple[list[Meeting], int | None]:
    found = list(rows.limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


# ---- the door ----


@dataclass
class DoorRow:
    """Somebody who may be ticked. `who` names them in a form: member-12, answer-7 or guest-3."""

    who: str
    name: str
    person_id: int | None = None
    rsvp_id: int | None = None
    is_member: bool = False
    answer: str | None = None
    brings_count: int = 0
    needs: str = ""
    attendance: Any = None

    @property
    def is_here(self) -> bool:
        """Whether they are ticked now."""
        return self.attendance is not None and self.attendance.undone_at is None


@dataclass
class Door:
    """Everybody at the door: those who answered, other members, people added by name, and what was undone."""

    answered: list[DoorRow] = field(default_factory=list)
    members: list[DoorRow] = field(default_factory=list)
    guests: list[DoorRow] = field(default_factory=list)
    undone: list[Any] = field(default_factory=list)
    came_count: int = 0
    new_count: int = 0

    def row(self, who: str) -> DoorRow | None:
        """The row with this name, or None."""
        return next((row for row in [*self.answered, *self.members, *self.guests] if row.who == who), None)


def door_of(meeting: Meeting) -> Door:
    """The list at the door. Two statements, however long it is."""
    rows = _expected(meeting)
    by_person = {row.person_id: row for row in rows if row.person_id}
    by_rsvp = {row.rsvp_id: row for row in rows if row.rsvp_id}
    door = Door()
    guests: dict[Any, DoorRow] = {}
    for attendance in _attendances(meeting):
        is_live = attendance.undone_at is None
        if is_live:
            door.came_count += 1
            door.new_count += attendance.is_new
        else:
            door.undone.append(attendance)
        row = by_person.get(attendance.person_id) if attendance.person_id else None
        row = row or (by_rsvp.get(attendance.rsvp_id) if attendance.rsvp_id else None)
        if row is None:
            # Two people may share a name, so only the undone ones are folded into one row.
            row = guests.setdefault(
                attendance.id if is_live else attendance.name, DoorRow(f"guest-{attendance.id}", attendance.name)
            )
        if row.attendance is None or is_live:
            row.attendance = attendance
    here = {row.name for row in guests.values() if row.is_here}
    door.guests = [row for row in guests.values() if row.is_here or row.name not in here]
    rows.sort(key=lambda row: (ANSWER_ORDER[row.answer], row.name.casefold()))
    door.answered = [row for row in rows if row.answer]
    door.members = [row for row in rows if not row.answer]
    return door


def _expected(meeting: Meeting) -> list[DoorRow]:
    """Members and answers as one list; a member who answered stands in it once."""
    members = (
        Membership.select(
            Person.id.alias("person_id"),
            Person.name.alias("name"),
            Rsvp.id.alias("rsvp_id"),
            Rsvp.answer.alias("answer"),
            Rsvp.brings_count.alias("brings_count"),
            Rsvp.needs.alias("needs"),
            peewee.Value(1).alias("is_member"),
        )
        .join_from(Membership, Person)
        .join_from(
            Membership, Rsvp, peewee.JOIN.LEFT_OUTER, on=((Rsvp.person == Person.id) & (Rsvp.meeting == meeting.id))
        )
        .where(Membership.campaign == meeting.campaign_id, Membership.left_at.is_null())
    )
    inside = Membership.select(Membership.person).where(
        Membership.campaign == meeting.campaign_id, Membership.left_at.is_null()
    )
    others = Rsvp.select(
        Rsvp.person, Rsvp.name, Rsvp.id, Rsvp.answer, Rsvp.brings_count, Rsvp.needs, peewee.Value(0)
    ).where(Rsvp.meeting == meeting.id, Rsvp.person.is_null() | Rsvp.person.not_in(inside))
    return [
        DoorRow(
            who=f"member-{person_id}" if is_member else f"answer-{rsvp_id}",
            name=name or "A neighbour",
            person_id=person_id,
            rsvp_id=rsvp_id,
            is_member=bool(is_member),
            answer=answer,
            brings_count=brings_count or 0,
            needs=needs or "",
        )
        for person_id, name, rsvp_id, answer, brings_count, needs, is_member in (members | others).tuples()
    ]


def _attendances(meeting: Meeting) -> list[Any]:
    """Every tick of the meeting, undone ones too, with who ticked and who undid it."""
    ticker, undoer = Person.alias(), Person.alias()
    return list(
        Attendance.select(Attendance, ticker, undoer)
        .join_from(Attendance, ticker, peewee.JOIN.LEFT_OUTER, on=(Attendance.ticked_by == ticker.id))
        .join_from(Attendance, undoer, peewee.JOIN.LEFT_OUTER, on=(Attendance.undone_by == undoer.id))
        .where(Attendance.meeting == meeting.id)
        .order_by(Attendance.id)
    )


# ---- the minutes ----


def decisions_of(meeting: Meeting) -> list[str]:
    """What was decided, in order."""
    return [
        row.text
        for row in Decision.select().where(Decision.meeting == meeting.id).order_by(Decision.position, Decision.id)
    ]


def undertakings_of(meeting: Meeting) -> list[Undertaking]:
    """Who said they would do what, by date; each knows the campaign without a further statement."""
    rows = list(
        Undertaking.select()
        .where(Undertaking.meeting == meeting.id)
        .order_by(Undertaking.by_on.is_null(), Undertaking.by_on, Undertaking.id)
    )
    for row in rows:
        row.campaign = meeting.campaign
    return rows


def members_of(campaign: Campaign) -> list[Person]:
    """The members, by name, for picking one."""
    rows = (
        Person.select(Person.id, Person.name)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
    )
    return sorted(rows, key=lambda person: person.display_name.casefold())


def open_undertakings(person: Person) -> Any:
    """What `person` said they would do and has not marked as done, soonest first, with campaign and meeting (or None).

    Only in campaigns they still belong to. A query: add limits as needed.
    """
    mine = Membership.select(Membership.campaign).where(Membership.person == person.id, Membership.left_at.is_null())
    return (
        Undertaking.select(Undertaking, Campaign, Meeting)
        .join_from(Undertaking, Campaign)
        .join_from(Undertaking, Meeting, peewee.JOIN.LEFT_OUTER)
        .where(Undertaking.person == person.id, Undertaking.done_at.is_null(), Undertaking.campaign.in_(mine))
        .order_by(Undertaking.by_on.is_null(), Undertaking.by_on, Undertaking.id)
    )
