"""Every page that different people can reach by links: whole, named, readable by everybody, in both schemes."""

import re
from collections import deque
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error

from portal.demo.load import PASSWORD
from tests.journeys.browsing import Visitor
from tests.journeys.serving import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SCREENS = {1280: "wide and light", 360: "on a phone in the dark"}
# One page of each kind is opened for each person.
MOST_PAGES = 80
PEOPLE = (None, "amina@example.org", "keisha@example.org", "mags@example.org")
# What a page is made of; how it fits is asked again on the other screen.
LOOK = """() => ({
  title: document.title, lang: document.documentElement.lang,
  headlines: document.querySelectorAll('h1').length,
  twice: [...document.querySelectorAll('[id]')].map((it) => it.id).filter((id, at, all) => all.indexOf(id) !== at),
  parts: [...new Set([...document.querySelectorAll('body *')].map((it) => `${it.tagName}.${it.className}`))],
  links: [...new Set([...document.querySelectorAll('a[href]')].map((it) => it.href))],
})"""
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
AXE = "(only) => axe.run({runOnly: only, resultTypes: ['violations']}).then((found) => found.violations)"
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# What another colour scheme and a narrow screen can change. The page itself is the same.
LOOKS_ONLY = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size", "aria-hidden-focus"]}


@pytest.fixture(scope="module")
def looked() -> set[str]:
    """Kinds of pages and parts that axe has seen, whoever came first. It looks again where any of them is new."""
    return set()


@pytest.mark.parametrize("email", PEOPLE, ids=["stranger", "member", "lead", "organizer"])
def test_every_page_is_whole_and_open_to_everybody(
    demo: Portal, visit: Any, looked: set[str], email: str | None
) -> None:
    visitor: Visitor = visit(demo, email or "stranger", size=WIDE)
    if email:
        visitor.go("/sign-in/password").fill(email=email, password=PASSWORD).press("Sign in")
    # Half a megabyte: the browser reads it once, where sending it to each page would have it read anew.
    visitor.context.add_init_script(AXE_SCRIPT)
    crawl = Crawl(visitor, looked)
    crawl.walk()
    assert len(crawl.seen) > 8, f"only these pages were found: {crawl.seen}"
    assert not crawl.troubles, "\n".join(crawl.troubles)


class Crawl:
    """Follows links from the start page, kind by kind, and notes what is wrong with a page."""

    def __init__(self, visitor: Visitor, looked: set[str]) -> None:
        self.looked = looked
        self.visitor, self.page = visitor, visitor.page
        self.base = visitor.portal.base
        self.seen: list[str] = []
        self.kinds: set[str] = set()
        self.files: set[str] = set()
        self.answered: set[str] = set()
        self.troubles: list[str] = []
        self.size, self.scheme = WIDE, "light"

    def walk(self) -> None:
        """Look at pages until no new kind is left; what is of a kind seen before need only be there."""
        waiting = deque(["/"])
        while waiting and len(self.seen) < MOST_PAGES:
            path = waiting.popleft()
            if path in self.answered:
                continue
            self.answered.add(path)
            if self.opens(path):
                self.kinds.add(kind_of(path))
                waiting.extend(self.look(path))

    def opens(self, path: str) -> bool:
        """Whether the browser now shows a page to look at. Files and kinds of pages seen before are only asked for."""
        kind = kind_of(path)
        try:
            answer = self.asks(path) if kind in self.kinds | self.files else self.page.goto(path)
        except Error as error:
            # What a browser puts among the downloads is no page to show.
            if "Download is starting" not in str(error):
                raise
            answer = self.asks(path)
        if answer.status >= 400:
            self.note(path, f"answers {answer.status}")
            return False
        if not answer.headers.get("content-type", "").startswith("text/html"):
            self.files.add(kind)
            return False
        if kind in self.kinds:
            return False
        if kind in self.files:
            self.page.goto(path)
        return True

    def asks(self, path: str) -> Any:
        """What the portal answers, without showing it."""
        return self.visitor.context.request.get(path, max_redirects=5)

    def look(self, path: str) -> list[str]:
        """The new links of the page that is open, after noting what is wrong with it on either screen."""
        self.seen.append(path)
        found = self.page.evaluate(LOOK)
        self.check(path, found)
        marks = {kind_of(path), *found["parts"]}
        is_new = not self.looked.issuperset(marks)
        self.looked.update(marks)
        # The page came on the screen that the one before was left on.
        for size in (self.size, PHONE if self.size is WIDE else WIDE):
            self.show_on(size, scheme="light" if size is WIDE else "dark", with_scheme=is_new)
            self.check_width(path)
            if is_new:
                rules = ALL_RULES if size is WIDE else LOOKS_ONLY
                self.note_violations(path, SCREENS[size["width"]], self.page.evaluate(AXE, rules))
        return [link for link in dict.fromkeys(map(self.inside, found["links"])) if link and link not in self.answered]

    def show_on(self, size: dict[str, int], *, scheme: str, with_scheme: bool) -> None:
        """Change the screen where it is another one: each change lays the page out anew."""
        if self.size is not size:
            self.size = size
            self.page.set_viewport_size(size)
        # Colours change nothing but what axe sees.
        if with_scheme and self.scheme != scheme:
            self.scheme = scheme
            self.page.emulate_media(color_scheme=scheme)

    def check_width(self, path: str) -> None:
        """Nobody has to scroll sideways."""
        wide, room = self.page.evaluate(WIDTHS)
        if wide > room:
            self.note(path, f"is {wide} px wide on a screen of {room} px")

    def check(self, path: str, found: dict[str, Any]) -> None:
        """What holds of every page."""
        if found["headlines"] != 1:
            self.note(path, f"has {found['headlines']} headlines")
        if not found["title"].removesuffix(" – Doorstep").strip():
            self.note(path, "has no title")
        if not found["lang"]:
            self.note(path, "does not say its language")
        if found["twice"]:
            self.note(path, f"uses an id twice: {found['twice']}")
        missing = [link for link in found["links"] if "/missing/" in link]
        if missing:
            self.note(path, f"links to pages that do not exist: {missing}")

    def note_violations(self, path: str, how: str, violations: list[dict[str, Any]]) -> None:
        """Note what axe saw on the screen."""
        for violation in violations:
            where = [" ".join(map(str, node["target"])) for node in violation["nodes"]][:4]
            self.note(path, f"axe, {how}: {violation['id']} ({violation['help']}) at {where}")

    def inside(self, link: str) -> str:
        """The path of a link on this portal; nothing for links elsewhere, to made mails and to the styleguide."""
        address = urldefrag(link)[0]
        if not address.startswith(self.base + "/"):
            return ""
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return "" if path.startswith(("/dev/", "/styleguide")) else path

    def note(self, path: str, words: str) -> None:
        self.troubles.append(f"{path}: {words}")


def kind_of(path: str) -> str:
    """The address with what names a single thing taken out: /campaigns/…/letters/…"""
    pieces = urlsplit(path).path.split("/")
    return "/".join("…" if re.fullmatch(r"\d+|[\w.-]{20,}", piece) else piece for piece in pieces)
