"""What people do at the desk: find a part, write in it, save it."""

from typing import Any

from tests.journeys.browsing import Visitor
from tests.journeys.desk_data import PASSWORD
from tests.journeys.serving import Portal

# High enough for the whole desk.
WIDE = {"width": 1000, "height": 1600}


def sign_in_once(chromium: Any, portal: Portal, *names: str) -> dict[str, Any]:
    """The cookies of each person after signing in with their password."""
    kept = {}
    for name in names:
        context = chromium.new_context(base_url=portal.base)
        page = context.new_page()
        page.goto("/sign-in/password")
        page.locator("[name=email]").fill(f"{name}@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").first.click()
        page.wait_for_url("**/")
        kept[name] = context.cookies()
        context.close()
    return kept


def card(visitor: Visitor, kind: str) -> Any:
    """The card of the first part of this kind, by the word in its head."""
    return visitor.page.locator("#blocks > article", has=visitor.page.locator("header", has_text=kind)).first


def write(visitor: Visitor, kind: str, words: str | None = None) -> Any:
    """Open a part and type; the field stays open."""
    from playwright.sync_api import expect

    card(visitor, kind).get_by_role("link", name="Change").click()
    field = card(visitor, kind).locator("textarea")
    expect(field).to_be_visible()
    if words is not None:
        field.fill(words)
    return field


def save(visitor: Visitor, kind: str) -> None:
    """Press Save in the part that is open."""
    with visitor.page.expect_response(lambda answer: answer.request.method == "POST" and "/blocks/" in answer.url):
        card(visitor, kind).get_by_role("button", name="Save", exact=True).click()
