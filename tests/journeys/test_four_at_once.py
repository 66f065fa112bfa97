"""Four people write one letter at the same time, agree to it, and nobody changes it afterwards."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys import chapter_together as together
from tests.journeys.at_desk import WIDE, sign_in_once
from tests.journeys.browsing import Visitor
from tests.journeys.desk_data import KEY
from tests.journeys.serving import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def portal(chromium: Any, new_portal: Any) -> Iterator[Portal]:
    with new_portal("desk") as portal:
        yield portal


@pytest.fixture(scope="module")
def cookies(chromium: Any, portal: Portal) -> dict[str, Any]:
    return sign_in_once(chromium, portal, "amina", "bolu", "dee", "cerys")


@pytest.fixture
def open_desk(portal: Portal, visit: Any, cookies: dict[str, Any]) -> Callable[..., Visitor]:
    def open_one(name: str, letter: int, **given: Any) -> Visitor:
        visitor: Visitor = visit(portal, name, size=WIDE, **given)
        visitor.context.add_cookies(cookies[name])
        return visitor.go(f"/campaigns/{KEY}/letters/{letter}")

    return open_one


def test_four_people_write_agree_and_freeze(open_desk: Any) -> None:
    four = together.open_letter(open_desk, 1)
    together.write_different_parts(four)
    together.write_the_same_part(four)
    together.write_the_same_words(four)
    together.decide_on_suggestions(four)
    together.talk_until_it_is_a_suggestion(four)
    together.move_by_keyboard(four)
    together.vote_in_vain(four)
    old = together.keep_page_open(four.dee, four.letter)
    text = together.agree_and_freeze(four)
    together.cannot_change_it(four, old, text)


def test_without_script_the_same_life_goes_one_person_at_a_time(open_desk: Any) -> None:
    together.without_script(together.open_letter(open_desk, 2, script=False))
