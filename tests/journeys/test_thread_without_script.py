"""The whole thread, from the first mould to a promise kept in part, as different people live it without any script."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.journeys.serving import Portal
from tests.journeys.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_neighbours_go_from_mould_to_a_promise_without_script(
    new_portal: Callable[[str], AbstractContextManager[Portal]], visit: Any
) -> None:
    walk(new_portal, visit, has_script=False)
