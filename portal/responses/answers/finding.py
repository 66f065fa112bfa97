"""How the views find an answer, and what somebody who was asked to read it is to it."""

from typing import Any

from flask import abort, g

from portal.campaigns.finding import find_campaign
from portal.campaigns.models import Campaign
from portal.letters.models import Letter, LetterVersion
from portal.places.models import Place
from portal.responses import queries
from portal.responses.models import Response
from portal.responses.queries import Sheet
from portal.web import current_person, get_or_404, require


def find_answer(key: str, response_id: int, action: str) -> tuple[Campaign, Response]:
    """The campaign and the answer, if the person of this request may do `action` there; else 404 or 403."""
    campaign = find_campaign(key, action)
    response = get_or_404(queries.responses_of(campaign), Response.id == response_id)
    response.campaign = response.letter.campaign = campaign
    return campaign, response


def find_frozen_letter(*where: Any) -> LetterVersion:
    """The newest frozen text of a letter, with the letter and its campaign, or 404. One statement."""
    rows = (
        LetterVersion.select(LetterVersion, Letter, Campaign, Place)
        .join_from(LetterVersion, Letter)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .order_by(LetterVersion.number.desc())
    )
    version: LetterVersion = get_or_404(rows, *where)
    return version


def find_public_letter(letter_key: str) -> LetterVersion:
    """The same for everybody who holds the letter's key and may see its campaign."""
    version = find_frozen_letter(Letter.key == letter_key, Letter.withdrawn_at.is_null())
    person = current_person()
    if not version.letter.parts_of(person):
        abort(404)
    require("letter.read_public", version.letter)
    g.is_public_page = version.letter.campaign.is_public and person is None
    return version


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


class Logged:
    """An answer, as a thing that somebody logged."""

    def __init__(self, response: Response) -> None:
        self.response = response

    def parts_of(self, person: Any) -> set[str]:
        """What the person is in the campaign, and logger for the member who logged it."""
        parts = self.response.campaign.parts_of(person)
        is_mine = person is not None and "member" in parts and self.response.logged_by_id == person.id
        return parts | {"logger"} if is_mine else parts


class Asked:
    """An answer that asks us for something, as a thing that somebody sees to."""

    def __init__(self, response: Response, request: Any) -> None:
        self.response, self.request = response, request

    def parts_of(self, person: Any) -> set[str]:
        """What the person is in the campaign, and giver for the member who sees to it."""
        parts = self.response.campaign.parts_of(person)
        is_mine = person is not None and self.request is not None and self.request.person_id == person.id
        return parts | {"giver"} if is_mine and "member" in parts else parts
