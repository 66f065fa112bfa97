"""How the views of promises find one, and one of its checks."""

from portal.campaigns.finding import find_campaign
from portal.responses import promise_queries
from portal.responses.models import Commitment, CommitmentCheck
from portal.web import get_or_404


def find_promise(key: str, commitment_id: int, action: str) -> Commitment:
    """The promise with its campaign, if the person of this request may do `action` there; else 404 or 403."""
    campaign = find_campaign(key, action)
    commitment = get_or_404(promise_queries.promise_with(campaign), Commitment.id == commitment_id)
    commitment.campaign = campaign
    return commitment


def find_check(commitment: Commitment, check_id: int) -> CommitmentCheck:
    """One of its checks, or 404."""
    return get_or_404(
        CommitmentCheck.select().where(CommitmentCheck.commitment == commitment.id), CommitmentCheck.id == check_id
    )
