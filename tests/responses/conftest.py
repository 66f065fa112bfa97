"""A letter that was sent, with which every test about answers begins."""

from typing import Any

import pytest

from portal.letters.models import Letter
from portal.responses.models import Response
from tests.builders import build_campaign, build_letter, build_response
from tests.responses.stage import SENT


@pytest.fixture
def letter(cast: Any) -> Letter:
    """Amina and Ben lead, Cerys is a member, Ola organizes; two demands and a question went out on 12 October."""
    campaign = build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola)
    return build_letter(campaign, sent_on=SENT)


@pytest.fixture
def response(letter: Letter) -> Response:
    """An e-mail that came back and that nobody has read yet."""
    return build_response(letter)
