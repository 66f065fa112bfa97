"""Sitting down with them: what we bring, on the screen and on paper."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.finding import find_campaign, find_in
from portal.campaigns.models import Campaign
from portal.escalation.facts import NO_WORD, find_facts
from portal.meetings.models import Meeting
from portal.meetings.words import span_in_words
from portal.negotiations import queries, words
from portal.responses import promises
from portal.responses.words import KINDS
from portal.web import action, current_person, render

bp = Blueprint("negotiations", __name__)

HERE = "/campaigns/<key>/meetings/<int:meeting_id>/kit"


def find(key: str, meeting_id: int, name: str) -> Meeting:
    """The meeting with this id in the campaign, if the person of this request may do `name` there. Two statements."""
    meeting: Meeting = find_in(find_campaign(key, name), Meeting, meeting_id)
    return meeting


@bp.get(HERE)
@action("negotiation.read")
def show(key: str, meeting_id: int) -> Response:
    """Everything we bring to this meeting, and how those present voted."""
    return page(find(key, meeting_id, "negotiation.read"))


@bp.get(f"{HERE}/paper")
@action("negotiation.read")
def paper(key: str, meeting_id: int) -> Response:
    """The same on one or two sheets of paper."""
    return render("negotiations/paper.html", **context(find(key, meeting_id, "negotiation.read")))


@bp.get(f"{HERE}/cards")
@action("negotiation.read")
def cards(key: str, meeting_id: int) -> Response:
    """A card for each duty, a page each, to hold in the hand."""
    return render("negotiations/cards.html", **context(find(key, meeting_id, "negotiation.read")))


def page(meeting: Meeting, status: int = 200, **given: Any) -> Response:
    """The page of what we bring, with what was wrong."""
    return render("negotiations/show.html", status=status, **{**context(meeting), "problem": None, **given})


def context(meeting: Meeting) -> dict[str, Any]:
    """What every page of the kit shows. Two statements."""
    campaign: Campaign = meeting.campaign
    facts, today = find_facts(campaign), clock.today()
    standings = [(one.row, promises.standing(one.row, today)) for one in facts.promises]
    return {
        "campaign": campaign,
        "meeting": meeting,
        "kit": queries.find_kit(campaign, meeting),
        "facts": facts,
        "answers": sorted(
            (one for one in facts.replies if one.kind not in NO_WORD),
            key=lambda one: (one.received_on, one.id),
            reverse=True,
        ),
        "owed": [(row, name) for row, name in standings if name in {"late", "broken"}],
        "late": [one for one in facts.clocks if one.holds_on < today],
        "kinds": {name: title for name, (title, _meaning) in KINDS.items()},
        "standing_words": {"late": _("past its day"), "broken": _("residents found it not kept")},
        "weights": words.WEIGHTS,
        "duties": words.DUTIES,
        "span": span_in_words(meeting),
        "has_begun": meeting.has_begun(clock.now()),
        # An organizer reads what we ask for, but not how far the residents would give way.
        "is_member": campaign.has_member(current_person()),
    }
