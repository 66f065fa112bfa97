"""From a promise to the letter that reminds them of it."""

from flask import Blueprint, Response, flash, url_for

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.responses import chasing, promise_queries
from portal.responses.models import Commitment
from portal.web import action, current_person, get_or_404, go

bp = Blueprint("chasing", __name__)


@bp.post("/campaigns/<key>/promises/<int:commitment_id>/letter")
@action("letter.start")
def start(key: str, commitment_id: int) -> Response:
    """Start a letter that quotes the promise."""
    campaign = find_campaign(key, "letter.start")
    commitment = get_or_404(promise_queries.promise_with(campaign), Commitment.id == commitment_id)
    commitment.campaign = campaign
    try:
        letter = chasing.chase_promise(commitment, by=current_person())
    except RuleBroken as broken:
        flash(broken.message, "wrong")
        return go(url_for("promises.show", key=key, commitment_id=commitment_id))
    return go(url_for("letters.show", key=key, letter_id=letter.id))
