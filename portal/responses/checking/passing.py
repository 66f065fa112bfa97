"""The day of a promise passes and nobody has settled it: the timeline says so once, and asks people to look."""

import logging
from datetime import timedelta
from typing import Any

from portal import clock, jobs
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.responses.checking.settling import keep_change
from portal.responses.models import Commitment

log = logging.getLogger("portal.promises")

A_BATCH = 200
OVER = ("won", "partly_won", "lost", "ended")


@jobs.hourly
def note_passed_days() -> int:
    """Note on the timeline that the day of a promise has passed, once for each day. Returns how many."""
    today = clock.today()
    waiting = (
        Commitment.select(Commitment, Campaign)
        .join(Campaign)
        .where(
            Commitment.state.in_(("promised", "partly_kept", "disputed")),
            Commitment.due_on < today,
            Commitment.claimed_done_on.is_null(),
            Commitment.passed_on.is_null() | (Commitment.passed_on != Commitment.due_on),
            Campaign.state.not_in(OVER),
        )
        .order_by(Commitment.id)
        .limit(A_BATCH)
    )
    return sum(_note(commitment) for commitment in list(waiting))


def _note(commitment: Commitment) -> bool:
    """Take the day as noted and write the line. False when another process was first, or it changed meanwhile."""
    due_on: Any = commitment.due_on
    with transaction():
        taken = (
            Commitment.update(passed_on=due_on)
            .where(
                Commitment.id == commitment.id,
                Commitment.state == commitment.state,
                Commitment.due_on == due_on,
                Commitment.claimed_done_on.is_null(),
                Commitment.passed_on.is_null() | (Commitment.passed_on != due_on),
            )
            .execute()
        )
        if not taken:
            return False
        keep_change(commitment, "day_passed", by=None, was=due_on)
        record(
            commitment.campaign,
            "commitment_day_passed",
            by=None,
            about=commitment,
            on=due_on + timedelta(days=1),
            is_public=commitment.is_public,
            what=commitment.what,
            due_on=due_on,
        )
    return True
