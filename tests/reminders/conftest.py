"""A campaign whose circle waits for an answer."""

from typing import Any

import pytest

from tests.builders import build_campaign


@pytest.fixture
def campaign(cast: Any) -> Any:
    """Amina and Ben lead, Cerys is a member."""
    return build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], title="Dry walls")
