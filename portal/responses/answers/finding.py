"""How the views find an answer, and what somebody who was asked to read it is to it."""

from typing import Any

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.responses import queries
from portal.responses.models import Response
from portal.responses.queries import Sheet
from portal.web import get_or_404


def find_answer(key: str, response_id: int, action: str) -> tuple[Campaign, Response]:
    """The campaign and the answer, if the person of this request may do `action` there; else 404 or 403."""
    campaign = find_campaign(key, action)
    response = get_or_404(queries.responses_of(campaign), Response.id == response_id)
    response.campaign = response.letter.campaign = campaign
    return campaign, response


class AsReader:
    """An answer, as a thing that one was perhaps asked to read."""

    def __init__(self, response: Response, sheet: Sheet) -> None:
        self.response, self.sheet = response, sheet

    def parts_of(self, person: Any) -> set[str]:
        """What the person is in the campaign, and asked_reader for a member who was asked and has not said no."""
        parts = self.response.campaign.parts_of(person)
        if person is None or "member" not in parts:
            return parts
        mine = [one for one in self.sheet.people if one.person_id == person.id and one.state != "declined"]
        return parts | {"asked_reader"} if mine else parts
