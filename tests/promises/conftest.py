"""A letter that was sent, in a building of eight homes, with which every test about promises begins."""

from typing import Any

import pytest

from portal.letters.models import Letter
from portal.places.models import Building, Home
from tests.builders import build_campaign, build_letter
from tests.responses.stage import SENT


@pytest.fixture
def letter(cast: Any) -> Letter:
    """Amina and Ben lead, Cerys is a member, Ola organizes; two demands and a question went out on 12 October."""
    campaign = build_campaign(
        leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola, floors=4, homes_per_floor=2
    )
    return build_letter(campaign, sent_on=SENT)


@pytest.fixture
def homes(letter: Letter) -> list[Home]:
    """Its eight homes, 1A to 4B."""
    return list(Home.select().join(Building).where(Building.place == letter.campaign.place_id).order_by(Home.id))
