"""Every page that different people can reach by links: whole, named, readable by everybody, in both schemes."""

import re
from collections import deque
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from portal.demo.load import PASSWORD
from tests.journeys.browsing import Visitor
from tests.journeys.serving import Portal

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# One page of each kind is opened for each person.
MOST_PAGES = 80
PEOPLE = (None, "amina@example.org", "keisha@example.org", "mags@example.org")
LOOK = """() => ({
  title: document.title, lang: document.documentElement.lang,
  headlines: document.querySelectorAll('h1').length,
  wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
  twice: [...document.querySelectorAll('[id]')].map((it) => it.id).filter((id, at, all) => all.indexOf(id) !== at),
  parts: [...new Set([...document.querySelectorAll('body *')].map((it) => `${it.tagName}.${it.className}`))],
  links: [...document.querySelectorAll('a[href]')].map((it) => it.href),
})"""
AXE = "(only) => axe.run({runOnly: only, resultTypes: ['violations']}).then((found) => found.violations)"
# Sent and read once for each page: it is half a megabyte.
BRING_AXE = f"(only) => {{ {AXE_SCRIPT}; return ({AXE})(only) }}"
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
        self.answered: set[str] = set()
        self.troubles: list[str] = []

    def walk(self) -> None:
        """Look at pages until no new kind is left."""
        waiting = deque(["/"])
        while waiting and len(self.seen) < MOST_PAGES:
            path = waiting.popleft()
            if not self.answers(path) or kind_of(path) in self.kinds:
                continue
            self.kinds.add(kind_of(path))
            waiting.extend(self.look(path))

    def answers(self, path: str) -> bool:
        """Whether this is a page to look at; a file or a page of a kind seen before need only be there."""
        if path in self.answered:
            return False
        self.answered.add(path)
        answer = self.visitor.context.request.get(path, max_redirects=5)
        if answer.status >= 400:
            self.note(path, f"answers {answer.status}")
        return answer.status < 400 and answer.headers.get("content-type", "").startswith("text/html")

    def look(self, path: str) -> list[str]:
        """The new links of a page, after noting what is wrong with it."""
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(path)
        self.seen.append(path)
        found = self.page.evaluate(LOOK)
        self.check(path, found)
        is_new = not self.looked.issuperset([kind_of(path), *found["parts"]])
        self.looked.update([kind_of(path), *found["parts"]])
        if is_new:
            self.note_violations(path, "wide and light", self.page.evaluate(BRING_AXE, ALL_RULES))
        self.page.emulate_media(color_scheme="dark")
        self.page.set_viewport_size(PHONE)
        narrow = self.page.evaluate(LOOK)
        if narrow["wide"] > narrow["room"]:
            self.note(path, f"is {narrow['wide']} px wide on a phone of {narrow['room']} px")
        if is_new:
            self.note_violations(path, "on a phone in the dark", self.page.evaluate(AXE, LOOKS_ONLY))
        return [link for link in dict.fromkeys(map(self.inside, found["links"])) if link and link not in self.answered]

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
        if found["wide"] > found["room"]:
            self.note(path, f"is {found['wide']} px wide on a screen of {found['room']} px")
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
