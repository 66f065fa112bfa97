"""A letter that reached them on Monday 16 November 2026, a week before the tests' today."""

from datetime import date
from typing import Any

import pytest

from portal.letters.models import Delivery, Letter
from portal.responses.models import Response
from tests.builders import add_member, build_campaign, build_letter, build_person, build_response
from tests.deadlines.stage import deliver

REACHED = date(2026, 11, 16)


@pytest.fixture
def campaign(cast: Any) -> Any:
    """Amina and Ben lead, Cerys is a member, Sal keeps the papers, Ola organizes; a social landlord in England."""
    made = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)
    cast.sal = build_person("Sal Secretary")
    add_member(made, cast.sal, "secretary")
    return made


@pytest.fixture
def letter(campaign: Any) -> Letter:
    """Frozen, handed over on 16 November; no clock has been looked at yet."""
    made = build_letter(campaign, sent_on=REACHED)
    deliver(made, REACHED)
    return made


@pytest.fixture
def in_scotland(letter: Letter) -> Letter:
    """The same, in Scotland."""
    letter.campaign.place.country = "gb-sct"
    letter.campaign.place.save()
    return letter


@pytest.fixture
def delivery(letter: Letter) -> Delivery:
    """How it reached them."""
    return Delivery.get(Delivery.letter == letter.id)


@pytest.fixture
def holding(letter: Letter) -> Response:
    """They are looking into it, and name no date."""
    return build_response(letter, kind="holding", received_on=date(2026, 11, 20))
