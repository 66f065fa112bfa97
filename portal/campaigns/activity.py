"""The one timeline: who did what, when. Every feature writes to it inside its own transaction."""

import json
from datetime import date
from typing import Any

from portal import clock
from portal.campaigns.models import Activity, Campaign
from portal.people.models import Person

# verb → which side of the timeline it stands on. Sentences are in templates/timeline/.
VERBS = {
    "campaign_started": "ours",
    "member_joined": "note",
    "role_given": "note",
    "organizer_attached": "note",
    "organizer_left": "note",
    "went_public": "ours",
    "left_public": "note",
    "campaign_paused": "note",
    "campaign_resumed": "note",
    "campaign_closed": "ours",
    "campaign_reopened": "ours",
    "letter_started": "note",
    "vote_opened": "note",
    "vote_ended": "note",
    "letter_frozen": "ours",
    "letter_reopened": "note",
    "letter_withdrawn": "note",
    "letter_sent": "ours",
    "letter_shown": "ours",
    "letter_came_back": "note",
    "clock_started": "note",
    "clock_extended": "note",
    "clock_overridden": "note",
    "clock_passed": "note",
    "response_logged": "theirs",
    "response_read": "note",
    "silence_noted": "note",
    "publishing_paused": "note",
    "publishing_resumed": "note",
    "fact_corrected": "ours",
    "commitment_made": "theirs",
    "commitment_settled": "note",
    "commitment_reopened": "note",
    "commitment_day_passed": "note",
    "commitment_replaced": "theirs",
    "casefile_made": "note",
    "ballot_opened": "note",
    "ballot_ended": "note",
    "rung_started": "ours",
    "rung_done": "ours",
    "hands_counted": "note",
    "meeting_called": "ours",
    "meeting_cancelled": "note",
    "meeting_closed": "ours",
}


def record(
    campaign: Campaign,
    verb: str,
    *,
    by: Person | None,
    about: Any = None,
    on: date | None = None,
    is_public: bool = False,
    side: str | None = None,
    **facts: Any,
) -> Activity:
    """Write one line of the timeline and raise the campaign's version. Call inside the change's transaction.

    `about` is the record it points at; `on` the day it happened (today unless said); `facts` is what its sentence
    needs, as plain values (dates as ISO text). Public lines hold nothing that a landlord may not read.
    Raises KeyError for an unknown verb.
    """
    row = Activity.create(
        campaign=campaign,
        verb=verb,
        side=side or VERBS[verb],
        by=by,
        happened_on=on or clock.today(),
        subject_kind=type(about).__name__.lower() if about is not None else "",
        subject_id=about.id if about is not None else 0,
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str),
        is_public=is_public,
    )
    campaign.touch()
    return row


def publish(about: Any) -> None:
    """Make the timeline lines about a record public, such as when a lead publishes a response."""
    Activity.update(is_public=True).where(
        Activity.subject_kind == type(about).__name__.lower(), Activity.subject_id == about.id
    ).execute()
