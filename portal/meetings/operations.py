"""Calling a meeting, changing when and where it is, and calling it off."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal import clock, outbox, tokens
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.meetings import emails, rsvps
from portal.meetings.models import Meeting
from portal.people.models import Person

# Minutes of last month's meeting may still be written; further back it is a slip of the year.
LONGEST_BACK = timedelta(days=31)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Plan:
    """What is said about a meeting before it happens. Moments are aware."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    where: str
    access: str = ""
    about: str = ""
    is_open: bool = False


def call_meeting(campaign: Campaign, plan: Plan, *, by: Person) -> Meeting:
    """Call a meeting. Raises RuleBroken when its times make no sense."""
    _check_times(plan)
    if plan.starts_at < clock.now() - LONGEST_BACK:
        raise RuleBroken(_("That day is more than a month ago. Check the date and the year"), field="starts_at")
    with transaction():
        meeting = Meeting.create(campaign=campaign, key=tokens.new_key(), called_by=by, **asdict(plan))
        record(
            campaign,
            "meeting_called",
            by=by,
            about=meeting,
            is_public=campaign.is_public and plan.is_open,
            title=plan.title,
            starts_at=plan.starts_at.isoformat(),
            where=plan.where,
        )
    return meeting


def change_meeting(meeting: Meeting, plan: Plan, *, by: Person, sequence: int) -> int:
    """Change a meeting that has not happened yet; `sequence` is the one the person saw.

    Those who may come and left an address get one mail when the time or the place changed. Returns how many.
    Raises RuleBroken when the times make no sense, somebody else changed it first, or it is over.
    """
    _check_times(plan)
    with transaction():
        changed = (
            Meeting.update(**asdict(plan), sequence=Meeting.sequence + 1)
            .where(
                Meeting.id == meeting.id,
                Meeting.sequence == sequence,
                Meeting.cancelled_at.is_null(),
                Meeting.closed_at.is_null(),
            )
            .execute()
        )
        if not changed:
            raise RuleBroken(_why_not_changed(meeting))
        is_elsewhere = (meeting.starts_at, meeting.ends_at, meeting.where) != (plan.starts_at, plan.ends_at, plan.where)
        for name, value in asdict(plan).items():
            setattr(meeting, name, value)
        meeting.sequence = sequence + 1
        meeting.campaign.touch()
        return _tell(meeting, "meeting_changed") if is_elsewhere and plan.ends_at > clock.now() else 0


def cancel_meeting(meeting: Meeting, *, by: Person, reason: str) -> int:
    """Call a meeting off. Everybody who may come and left an address is told why. Returns how many.

    Raises RuleBroken when it was cancelled or closed before.
    """
    with transaction():
        cancelled = (
            Meeting.update(cancelled_at=clock.now(), why_cancelled=reason, sequence=Meeting.sequence + 1)
            .where(Meeting.id == meeting.id, Meeting.cancelled_at.is_null(), Meeting.closed_at.is_null())
            .execute()
        )
        if not cancelled:
            raise RuleBroken(_("This meeting is cancelled or closed already"))
        meeting.cancelled_at, meeting.why_cancelled = clock.now(), reason
        meeting.sequence += 1
        record(
            meeting.campaign,
            "meeting_cancelled",
            by=by,
            about=meeting,
            is_public=meeting.campaign.is_public and meeting.is_open,
            title=meeting.title,
            starts_at=meeting.starts_at.isoformat(),
            reason=reason,
        )
        return _tell(meeting, "meeting_cancelled") if meeting.ends_at > clock.now() else 0


def _check_times(plan: Plan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise RuleBroken(_("It must end after it begins"), field="ends_at")
    if plan.ends_at - plan.starts_at > LONGEST:
        raise RuleBroken(_("That is longer than a day. Check the day it ends"), field="ends_at")


def _why_not_changed(meeting: Meeting) -> str:
    now = Meeting.get_by_id(meeting.id)
    if not now.is_standing:
        return _("This meeting is cancelled or closed. It can no longer be changed")
    return _("Somebody else changed this meeting while you were typing. Look at what it says now before you save yours")


def _tell(meeting: Meeting, kind: str) -> int:
    """One mail to everybody who said yes or maybe and can be reached."""
    write = {"meeting_changed": emails.meeting_changed, "meeting_cancelled": emails.meeting_cancelled}[kind]
    told = 0
    for rsvp, address in rsvps.reachable(meeting):
        message = write(meeting, rsvp, address, rsvps.token_of(rsvp))
        outbox.enqueue(message, kind=kind.replace("_", "-"), about=f"{rsvp.id}:{meeting.sequence}")
        told += 1
    return told
