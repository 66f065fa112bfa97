"""A meeting ends with what was decided, who does what by when, and when we meet again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.database import transaction
from portal.errors import RuleBroken
from portal.meetings.models import Decision, Meeting, Undertaking
from portal.people.models import Person


@dataclass(frozen=True)
class Task:
    """Who does what by when. `person` is the member picked, if the name belongs to one."""

    who: str
    what: str
    by_on: date
    person: Person | None = None


@dataclass(frozen=True)
class Outcome:
    """How a meeting ended. Either the next date, or why there is none yet."""

    decisions: Sequence[str] = ()
    tasks: Sequence[Task] = field(default=())
    next_on: date | None = None
    why_no_next: str = ""


def close_meeting(meeting: Meeting, outcome: Outcome, *, by: Person) -> None:
    """Close a meeting that has begun. Raises RuleBroken before its start, when it was closed or cancelled already,
    without a next date or a reason, or when a date lies before the meeting."""
    _check(meeting, outcome)
    with transaction():
        now = clock.now()
        closed = (
            Meeting.update(
                closed_at=now,
                closed_by=by,
                next_on=outcome.next_on,
                why_no_next="" if outcome.next_on else outcome.why_no_next,
            )
            .where(
                Meeting.id == meeting.id,
                Meeting.closed_at.is_null(),
                Meeting.cancelled_at.is_null(),
                Meeting.starts_at <= now,
            )
            .execute()
        )
        if not closed:
            raise RuleBroken(_why_not_closed(meeting))
        meeting.closed_at, meeting.closed_by, meeting.next_on = now, by, outcome.next_on
        meeting.came_count = Meeting.select(Meeting.came_count).where(Meeting.id == meeting.id).scalar()
        _write(meeting, outcome)
        record(
            meeting.campaign,
            "meeting_closed",
            by=by,
            about=meeting,
            on=clock.to_local(meeting.starts_at).date(),
            is_public=meeting.campaign.is_public and meeting.is_open,
            title=meeting.title,
            came_count=meeting.came_count,
            decision_count=len(outcome.decisions),
        )


def correct_minutes(meeting: Meeting, outcome: Outcome, *, by: Person) -> None:
    """Mend the minutes of a closed meeting: the decisions and the next date are replaced, tasks are added.

    Raises RuleBroken as `close_meeting` does, and when the meeting is not closed.
    """
    _check(meeting, outcome)
    with transaction():
        changed = (
            Meeting.update(next_on=outcome.next_on, why_no_next="" if outcome.next_on else outcome.why_no_next)
            .where(Meeting.id == meeting.id, Meeting.closed_at.is_null(False))
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This meeting is not closed yet"))
        Decision.delete().where(Decision.meeting == meeting.id).execute()
        _write(meeting, outcome)
        meeting.campaign.touch()


def strike_task(undertaking: Undertaking) -> None:
    """Take a task off the minutes that was written down by mistake. Twice is harmless."""
    with transaction():
        Undertaking.delete().where(Undertaking.id == undertaking.id).execute()
        undertaking.campaign.touch()


def finish_undertaking(undertaking: Undertaking, *, by: Person) -> bool:
    """Somebody did what they said. False when it was marked before."""
    with transaction():
        done = (
            Undertaking.update(done_at=clock.now())
            .where(Undertaking.id == undertaking.id, Undertaking.done_at.is_null())
            .execute()
        )
        if done:
            undertaking.done_at = clock.now()
            undertaking.campaign.touch()
    return bool(done)


def reopen_undertaking(undertaking: Undertaking, *, by: Person) -> bool:
    """It is not done after all. False when it was not marked."""
    with transaction():
        changed = (
            Undertaking.update(done_at=None)
            .where(Undertaking.id == undertaking.id, Undertaking.done_at.is_null(False))
            .execute()
        )
        if changed:
            undertaking.done_at = None
            undertaking.campaign.touch()
    return bool(changed)


def _write(meeting: Meeting, outcome: Outcome) -> None:
    if outcome.decisions:
        Decision.insert_many(
            [{"meeting": meeting.id, "position": n, "text": text} for n, text in enumerate(outcome.decisions)]
        ).execute()
    for task in outcome.tasks:
        Undertaking.create(
            campaign=meeting.campaign_id,
            meeting=meeting,
            person=task.person,
            who=task.who,
            what=task.what,
            by_on=task.by_on,
        )


def _check(meeting: Meeting, outcome: Outcome) -> None:
    day = clock.to_local(meeting.starts_at).date()
    if outcome.next_on is None and not outcome.why_no_next:
        raise RuleBroken(_("Say when you meet next, or why there is no date yet"), field="next_on")
    if outcome.next_on is not None and outcome.next_on <= day:
        raise RuleBroken(_("The next meeting must come after this one"), field="next_on")
    if any(task.by_on < day for task in outcome.tasks):
        raise RuleBroken(_("A task is due before the day of the meeting. Check the dates"))


def _why_not_closed(meeting: Meeting) -> str:
    try:
        now = Meeting.get_by_id(meeting.id)
    except peewee.DoesNotExist:
        return _("This meeting is gone")
    if now.cancelled_at:
        return _("This meeting was cancelled, so there is nothing to close")
    if now.closed_at:
        return _("Somebody else closed this meeting. Open its minutes to see what they wrote")
    return _("The meeting has not begun. It can be closed from its start on")
