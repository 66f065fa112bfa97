"""What keyboard and script need: signing without a mouse, errors that take the focus, pages that come back whole."""

from typing import Any

import pytest

from portal.demo.load import PASSWORD
from tests.journeys.browsing import Visitor
from tests.journeys.serving import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_TABS = 60
FOCUSED = """() => {
  const it = document.activeElement;
  const style = getComputedStyle(it);
  const label = it.labels && it.labels.length ? it.labels[0].textContent : it.textContent;
  return {name: it.name || '', value: it.value || '', label: (label || '').trim(),
          ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0};
}"""


def test_a_letter_is_signed_with_the_keyboard_alone(demo: Portal, visit: Any) -> None:
    jules: Visitor = visit(demo, "Jules Farrow")
    jules.go("/campaigns")
    open_letter(jules)
    keys = jules.page.keyboard
    tab_to(jules, name="name")
    keys.type("Jules Farrow")
    tab_to(jules, name="email")
    keys.type("jules@example.org")
    # Tab comes to the choice that stands; an arrow goes to the next one.
    tab_to(jules, name="display")
    keys.press("ArrowDown")
    assert jules.page.evaluate(FOCUSED)["value"] == "resident"
    tab_to(jules, name="count_me")
    keys.press("Space")
    tab_to(jules, label="Sign the letter")
    with jules.page.expect_navigation():
        keys.press("Enter")
    jules.sees("One more step: look at your mail")


def open_letter(visitor: Visitor) -> None:
    """From the list to a letter that takes names, as a stranger finds it."""
    for link in visitor.main.locator("#results h2 a").all():
        address = link.get_attribute("href")
        visitor.go(address)
        letter = visitor.main.get_by_role("link", name="Read and sign the letter")
        if letter.count():
            visitor.follow("Read and sign the letter")
            if visitor.main.get_by_role("button", name="Sign the letter").count():
                return
        visitor.go("/campaigns")
    raise AssertionError("no public letter of the demo takes names")


def tab_to(visitor: Visitor, *, name: str = "", label: str = "") -> None:
    """Press Tab until the wanted field or button has the focus; each stop on the way shows where one is."""
    for _press in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        at = visitor.page.evaluate(FOCUSED)
        assert at["ring"], f"nobody sees where the focus is: {at}"
        if (name and at["name"] == name) or (label and at["label"] == label):
            return
    raise AssertionError(f"Tab never came to {name or label} on {visitor.page.url}")


def test_a_refused_answer_takes_the_focus_and_back_shows_a_whole_page(demo: Portal, visit: Any) -> None:
    dot: Visitor = visit(demo, "dot")
    dot.go("/sign-in/password").fill(email="dot@example.org", password=PASSWORD).press("Sign in").sees("Hello, Dot")
    dot.main.locator("h3 a").first.click()
    dot.page.wait_for_url("**/campaigns/*")
    dot.go(f"{dot.path}/promises").main.locator("article a").first.click()
    dot.page.wait_for_url("**/promises/*")
    dot.page.locator("input[name=verdict]").evaluate_all("all => all.forEach((one) => { one.checked = false })")
    with dot.expecting(422):
        dot.press(dot.main.locator("#found form button:not(.second)").inner_text())
        focused = dot.page.evaluate("document.activeElement.className")
    assert focused == "problem", f"the focus is on {focused!r} and not on the list of errors"
    dot.sees("There is a problem", "Say what you found", "Where it comes from")

    dot.go("/campaigns")
    with dot.page.expect_response(lambda answer: "/campaigns?" in answer.url):
        dot.main.locator("[name=kind]").select_option("damp")
    dot.settles()
    dot.main.locator("#results h2 a").first.click()
    dot.page.wait_for_load_state()
    dot.page.go_back()
    dot.page.wait_for_load_state()
    dot.sees("Find a campaign", "Search for", "Run by its members")
    assert dot.page.locator("h1").count() == 1 and "kind=damp" in dot.page.url
