"""How every view finds its meeting: visible and allowed, or the same 404 as if it were not there."""

from typing import Any

import peewee
from flask import abort

from portal.campaigns.models import Campaign
from portal.meetings.models import Attendance, Meeting
from portal.web import current_person, require


def find_meeting(key: str, name: str) -> Meeting:
    """The meeting with this key, with its campaign and `new_count`, if the person of this request may do `name` there.

    Two statements: the meeting, and what the person is in its campaign. Answers 404 when they are nothing to it,
    403 when they may see it but not do this.
    """
    meeting: Any = (
        Meeting.select(Meeting, Campaign, _new_count().alias("new_count"))
        .join(Campaign)
        .where(Meeting.key == key)
        .first()
    )
    if meeting is None or not meeting.parts_of(current_person()):
        abort(404)
    require(name, meeting)
    return meeting


def _new_count() -> Any:
    """How many of those who came were new, as a part of the meeting's own statement."""
    return Attendance.select(peewee.fn.COUNT(Attendance.id)).where(
        Attendance.meeting == Meeting.id,
        Attendance.undone_at.is_null(),
        Attendance.is_new == True,  # noqa: E712
    )
