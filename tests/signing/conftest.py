"""A public letter, and the two ways to sign it."""

import pytest

from tests.builders import build_campaign, build_letter
from tests.signing.two_ways import Ways


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben], visibility="public"), frozen=True)


@pytest.fixture
def ways(app, client, letter):
    return Ways(app, client, f"/letters/{letter.key}/signatures")
