"""At the door: who came. Said yes is not came. A mistaken tick is undone, and both stay on record."""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.meetings.models import Attendance, Meeting, Rsvp
from portal.people.models import Person


def tick_member(meeting: Meeting, person: Person, *, by: Person) -> Attendance:
    """A member of the campaign came. A second tick changes nothing. Raises RuleBroken when the meeting is off."""
    rsvp = Rsvp.select().where(Rsvp.meeting == meeting.id, Rsvp.person == person.id).first()
    return _tick(meeting, by=by, person=person, rsvp=rsvp, name=person.display_name)


def tick_answer(meeting: Meeting, rsvp: Rsvp, *, by: Person) -> Attendance:
    """Somebody who had answered came. A second tick changes nothing. Raises RuleBroken when the meeting was cancelled.

    They count as new unless they are a member, or their address came to an earlier meeting of this campaign.
    """
    is_new = not _is_member(meeting, rsvp.person_id) and not _came_before(meeting, rsvp)
    return _tick(meeting, by=by, person=rsvp.person_id, rsvp=rsvp, name=rsvp.name, is_new=is_new)


def add_guest(meeting: Meeting, *, by: Person, name: str, is_new: bool) -> Attendance:
    """Somebody came who is on no list. Raises RuleBroken when the meeting was cancelled."""
    return _tick(meeting, by=by, name=name, is_new=is_new)


def tick_again(attendance: Attendance, *, by: Person) -> Attendance:
    """Somebody added by name, whose tick was undone, came after all."""
    return _tick(attendance.meeting, by=by, name=attendance.name, is_new=attendance.is_new, again=True)


def undo(attendance: Attendance, *, by: Person) -> bool:
    """Take a mistaken tick back, also after the meeting was closed. False when that was done before."""
    with transaction():
        _hold(attendance.meeting)
        undone = (
            Attendance.update(undone_at=clock.now(), undone_by=by)
            .where(Attendance.id == attendance.id, Attendance.undone_at.is_null())
            .execute()
        )
        if undone:
            _recount(attendance.meeting)
    return bool(undone)


def _tick(
    meeting: Meeting,
    *,
    by: Person,
    name: str,
    person: Any = None,
    rsvp: Rsvp | None = None,
    is_new: bool = False,
    again: bool = False,
) -> Attendance:
    with transaction():
        _hold(meeting)
        same = _same_person(person, rsvp, name if again else None)
        if same is not None:
            here = (
                Attendance.select()
                .where(Attendance.meeting == meeting.id, Attendance.undone_at.is_null(), same)
                .first()
            )
            if here is not None:
                return here
        attendance = Attendance.create(
            meeting=meeting, person=person, rsvp=rsvp, name=name, is_new=is_new, ticked_by=by, ticked_at=clock.now()
        )
        _recount(meeting)
    return attendance


def _same_person(person: Any, rsvp: Rsvp | None, name: str | None) -> Any:
    """What makes two ticks one; None for somebody typed in by name: two people may share one."""
    if person is not None and rsvp is not None:
        return (Attendance.person == person) | (Attendance.rsvp == rsvp.id)
    if person is not None:
        return Attendance.person == person
    if rsvp is not None:
        return Attendance.rsvp == rsvp.id
    if name is not None:
        return Attendance.person.is_null() & Attendance.rsvp.is_null() & (Attendance.name == name)
    return None


def _hold(meeting: Meeting) -> None:
    """Take the meeting's row first, so that two hosts who tick at once are counted one after the other."""
    held = (
        Meeting.update(came_count=Meeting.came_count)
        .where(Meeting.id == meeting.id, Meeting.cancelled_at.is_null())
        .execute()
    )
    if not held:
        raise RuleBroken(_("This meeting was cancelled. Nobody can be ticked"))


def _recount(meeting: Meeting) -> None:
    came = Attendance.select(peewee.fn.COUNT(Attendance.id)).where(
        Attendance.meeting == meeting.id, Attendance.undone_at.is_null()
    )
    Meeting.update(came_count=came).where(Meeting.id == meeting.id).execute()
    meeting.came_count = Meeting.select(Meeting.came_count).where(Meeting.id == meeting.id).scalar()
    meeting.campaign.touch()


def _is_member(meeting: Meeting, person_id: int | None) -> bool:
    if person_id is None:
        return False
    return (
        Membership.select()
        .where(Membership.campaign == meeting.campaign_id, Membership.person == person_id, Membership.left_at.is_null())
        .exists()
    )


def _came_before(meeting: Meeting, rsvp: Rsvp) -> bool:
    """Whether this address or account was ticked at another meeting of the campaign that began earlier."""
    known = Attendance.person == rsvp.person_id if rsvp.person_id else Rsvp.email_key == rsvp.email_key
    if not rsvp.person_id and not rsvp.email_key:
        return False
    return (
        Attendance.select()
        .join_from(Attendance, Meeting)
        .join_from(Attendance, Rsvp, peewee.JOIN.LEFT_OUTER)
        .where(
            Meeting.campaign == meeting.campaign_id,
            Meeting.starts_at < meeting.starts_at,
            Attendance.undone_at.is_null(),
            known,
        )
        .exists()
    )
