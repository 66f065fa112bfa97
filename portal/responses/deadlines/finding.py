"""How the views of clocks find a letter and one of its clocks."""

from flask import abort

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.responses.deadlines import queries
from portal.responses.deadlines.models import Deadline


def find(key: str, letter_id: int, action: str) -> tuple[Campaign, Letter]:
    """The campaign and the letter, if the person of this request may do `action` there; else 404 or 403."""
    campaign = find_campaign(key, action)
    return campaign, find_letter(campaign, letter_id)


def find_deadline(key: str, letter_id: int, deadline_id: int, action: str) -> tuple[Letter, Deadline]:
    """One clock of the letter, if the person of this request may do `action` there; else 404 or 403."""
    _campaign, letter = find(key, letter_id, action)
    for deadline in queries.deadlines_of(letter):
        if deadline.id == deadline_id:
            return letter, deadline
    abort(404)
