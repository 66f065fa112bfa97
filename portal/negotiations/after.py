"""After the meeting: what they promised, and how those present voted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Activity
from portal.database import transaction
from portal.decisions import subjects
from portal.decisions.models import Ballot
from portal.decisions.opening import Subject, open_ballot
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.meetings.models import Meeting
from portal.negotiations.models import HandCount
from portal.negotiations.queries import present_at
from portal.people.models import Person
from portal.responses.models import Commitment
from portal.responses.operations import log_response
from portal.responses.promise_operations import add_promise

subjects.has_page("meeting", "negotiations.show", "meeting_id")


@dataclass(frozen=True)
class Promised:
    """One thing they promised in the room; `block_id` is the demand of the letter that it answers."""

    what: str
    due_on: date | None = None
    block_id: int | None = None


def day_of(meeting: Meeting) -> date:
    """The day of a meeting on the wall calendar here."""
    return clock.to_local(meeting.starts_at).date()


def keep_promises(
    meeting: Meeting,
    promised: Sequence[Promised],
    *,
    letter: Letter | None,
    minutes: str = "",
    from_name: str = "",
    by: Person,
) -> list[Commitment]:
    """Keep what they promised at the meeting, all of it or none: each promise is made on the day of the meeting.

    With `letter`, the minutes are logged as an answer to it that came at a meeting, and the promises belong to that
    answer; somebody still reads it into the sheet. Raises RuleBroken without a promise, before the meeting has begun,
    and as `log_response` and `add_promise` do.
    """
    if not promised:
        raise RuleBroken(_("Write down at least one thing that they promised"))
    _refuse_early(meeting)
    made_on = day_of(meeting)
    with transaction():
        response = None
        if letter is not None:
            response = log_response(
                letter, by=by, channel="meeting", received_on=made_on, from_name=from_name, text=minutes
            )
        return [
            add_promise(
                meeting.campaign,
                by=by,
                what=one.what,
                made_on=made_on,
                due_on=one.due_on,
                response=response,
                block_id=one.block_id if response is not None else None,
            )
            for one in promised
        ]


def count_hands(
    meeting: Meeting, *, question: str, yes: int, no: int, neither: int, counted_by: str, by: Person
) -> HandCount:
    """Write down a show of hands. Raises RuleBroken when nobody voted, before the meeting, or with more hands than
    people who are ticked as having come."""
    _refuse_early(meeting)
    hands = yes + no + neither
    if not hands:
        raise RuleBroken(_("Nobody voted, by these numbers. Count again"), field="yes")
    with transaction():
        came = Meeting.select(Meeting.came_count).where(Meeting.id == meeting.id).scalar()
        if came and hands > came:
            raise RuleBroken(
                _(
                    "These are %(hands)s hands, and %(came)s people are ticked as here. Tick everybody, or count again",
                    hands=hands,
                    came=came,
                ),
                field="yes",
            )
        count = HandCount.create(
            campaign=meeting.campaign,
            meeting=meeting,
            question=question,
            yes_count=yes,
            no_count=no,
            neither_count=neither,
            counted_by=counted_by,
            entered_by=by,
        )
        record(
            meeting.campaign,
            "hands_counted",
            by=by,
            about=count,
            on=day_of(meeting),
            question=question,
            yes=yes,
            no=no,
            neither=neither,
        )
    return count


def take_back_hands(count: HandCount, *, by: Person) -> None:
    """Take a count back that was written down wrong: it leaves the page and the timeline, and stays on record.

    Raises RuleBroken when that was done before.
    """
    with transaction():
        taken = (
            HandCount.update(withdrawn_at=clock.now())
            .where(HandCount.id == count.id, HandCount.withdrawn_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This count is taken back already"))
        Activity.delete().where(Activity.subject_kind == "handcount", Activity.subject_id == count.id).execute()
        count.campaign.touch()


def ask_present(meeting: Meeting, *, question: str, closes_at: datetime, by: Person) -> Ballot:
    """Ask those of the circle who are ticked as having come, yes or no.

    Raises RuleBroken before the meeting has begun, and as `open_ballot` does.
    """
    _refuse_early(meeting)
    return open_ballot(
        meeting.campaign,
        question=question,
        closes_at=closes_at,
        by=by,
        about=Subject("meeting", meeting.id, meeting.title),
        is_strategy=False,
        present=present_at(meeting),
    )


def _refuse_early(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise RuleBroken(_("This meeting was called off"))
    if not meeting.has_begun(clock.now()):
        raise RuleBroken(_("The meeting has not begun yet"))
