"""One person in front of one browser, who reads labels and presses buttons; and a watch over what the browser meets."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.serving import Portal

# What a browser tells a script about a broken policy; without script it stands in the console as well.
TELL_OF_VIOLATIONS = """
addEventListener("securitypolicyviolation", (seen) => {
  console.error(`CSP: ${seen.violatedDirective} ${seen.blockedURI}`);
});
"""
# The response itself is looked at, where it is known whether it was meant; and htmx breaks off an asking when a newer
# one takes its place.
HARMLESS = re.compile(r"Failed to load resource: the server responded with a status of|htmx:(sendAbort|afterRequest)")

LOOK = """() => ({
  wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
  headlines: document.querySelectorAll("h1").length, problem: document.querySelector("#main .problem")?.innerText,
})"""


class Watch:
    """Notes whatever a page should never do."""

    def __init__(self, base: str, name: str) -> None:
        self.base, self.name = base, name
        self.troubles: list[str] = []
        self.expected: set[int] = set()

    def over(self, page: Any) -> None:
        """Begin to look at this page."""
        page.on("console", lambda said: self._console(page, said))
        page.on("pageerror", lambda error: self._note(page, f"script error: {error}"))
        page.on("request", lambda request: self._request(page, request))
        page.on("requestfailed", lambda request: self._failed(page, request))
        page.on("response", lambda response: self._response(page, response))

    def _note(self, page: Any, words: str) -> None:
        self.troubles.append(f"{self.name} on {page.url}: {words}")

    def _console(self, page: Any, said: Any) -> None:
        if said.type in ("error", "warning") and not HARMLESS.match(said.text):
            self._note(page, f"console {said.type}: {said.text}")

    def _request(self, page: Any, request: Any) -> None:
        if urlsplit(request.url).scheme in ("data", "blob", "about"):
            return
        if not request.url.startswith(self.base + "/"):
            self._note(page, f"asked another host: {request.url}")

    def _failed(self, page: Any, request: Any) -> None:
        # A page that is left before its icon came breaks off the asking; that is the browser's own doing.
        if request.failure != "net::ERR_ABORTED":
            self._note(page, f"request failed: {request.url} {request.failure}")

    def _response(self, page: Any, response: Any) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._note(page, f"{response.status} from {response.request.method} {response.url}")


class Visitor:
    """A person at a browser: goes, reads, fills in by label, presses by the words on the button."""

    def __init__(self, context: Any, portal: Portal, name: str, watch: Watch, *, has_script: bool) -> None:
        self.context, self.portal, self.name, self.watch = context, portal, name, watch
        self.has_script = has_script
        self.email = f"{name.split()[0].lower()}@example.org" if name else ""
        if has_script:
            context.add_init_script(TELL_OF_VIOLATIONS)
        context.on("page", watch.over)
        self.page = context.new_page()

    # ---- going and reading ----

    def go(self, path: str) -> "Visitor":
        """Open an address."""
        self.page.goto(path)
        return self._arrived()

    def follow(self, words: str) -> "Visitor":
        """Press the link with exactly these words."""
        self.page.get_by_role("link", name=words, exact=True).first.click()
        return self._arrived()

    def sees(self, *pieces: str) -> "Visitor":
        """Each of these stands on the page."""
        shown = self.text
        for piece in pieces:
            assert piece in shown, f"{self.name} on {self.page.url} does not see {piece!r} in:\n{shown}"
        return self

    def sees_not(self, *pieces: str) -> "Visitor":
        """None of these stands in what the server sent, as a word of its own: keys of chance hold any two signs."""
        source = self.page.content()
        for piece in pieces:
            left, right = (r"(?<![\w-])" if piece[0].isalnum() else "", r"(?![\w-])" if piece[-1].isalnum() else "")
            found = re.search(left + re.escape(piece) + right, source)
            assert not found, f"{self.name} on {self.page.url} should not get {piece!r}"
        return self

    @property
    def text(self) -> str:
        """What the page says, as a person reads it: spaces made single."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    @property
    def path(self) -> str:
        """Where the person is, without the host."""
        return urlsplit(self.page.url).path

    @property
    def main(self) -> Any:
        """The page's own part, without what stands on every page."""
        return self.page.locator("#main")

    # ---- filling in ----

    def fill(self, **answers: str) -> "Visitor":
        """Type into fields by name, as in the form."""
        for name, words in answers.items():
            self.main.locator(f'[name="{name}"]:not([type=hidden])').first.fill(words)
        return self

    def write(self, label: str, words: str) -> "Visitor":
        """Type into the field with this label."""
        self.main.get_by_label(label).first.fill(words)
        return self

    def tick(self, label: str) -> "Visitor":
        """Choose a radio or tick a box by its label."""
        self.main.get_by_label(label, exact=True).first.check()
        return self

    def pick(self, label: str, words: str) -> "Visitor":
        """Choose from a list."""
        self.main.get_by_label(label).first.select_option(label=words)
        return self

    def press(self, words: str) -> "Visitor":
        """Press the button that begins with these words, and wait for where it leads."""
        button = self.main.get_by_role("button", name=re.compile("^" + re.escape(words))).first
        if self.has_script and button.evaluate("b => [b, b.form].some((it) => it && it.hasAttribute('hx-post'))"):
            with self.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
                button.click()
            self.settles(answered.value.headers.get("hx-redirect"))
        else:
            with self.page.expect_navigation():
                button.click()
        return self._arrived()

    def opens(self, words: str) -> "Visitor":
        """Open what is folded away under these words."""
        self.main.locator("summary", has_text=words).first.click()
        return self

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside, these answers are what the test is about."""
        self.watch.expected |= set(statuses)
        try:
            yield
        finally:
            self.watch.expected -= set(statuses)

    # ---- files and mail ----

    def download(self, link: str) -> bytes:
        """The bytes behind the link with these words."""
        address = self.main.get_by_role("link", name=link, exact=True).first.get_attribute("href")
        answer = self.context.request.get(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        return bytes(answer.body())

    def open_mail(self, subject: str) -> "Visitor":
        """Follow the first link of the newest mail to this person with these words in its subject."""
        mailbox = self._read("/dev/mail")
        pattern = rf'href="(/dev/mail/\d+)">[^<]*{re.escape(subject)}[^<]*</a><br>\s*<small>to {re.escape(self.email)},'
        found = re.search(pattern, mailbox)
        assert found, f"no mail to {self.email} about {subject!r} in the mailbox"
        link = re.search(rf'<a href="({re.escape(self.portal.base)}/[^"]+)">', self._read(found[1]))
        assert link, f"the mail about {subject!r} has no link"
        return self.go(unescape(link[1]))

    def _read(self, path: str) -> str:
        """What the server sends for this address, unseen."""
        return str(self.context.request.get(path).text())

    def sign_in(self) -> "Visitor":
        """Ask for a link, open the mail, press the button; a new person says their name."""
        if self.path != "/sign-in":
            self.go("/sign-in")
        self.fill(email=self.email).press("Send me a link").sees("Look at your mail")
        self.open_mail("Your link to")
        if self.main.locator('[name="name"]').count():
            return self.fill(name=self.name).press("Start")
        return self.press("Sign me in")

    # ---- what every page must be ----

    def settles(self, leads_to: str | None = None) -> None:
        """Wait until htmx has put the answer in its place, or has gone where the answer leads."""
        if leads_to:
            self.page.wait_for_url(f"**{leads_to}")
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)

    def _arrived(self) -> "Visitor":
        self.page.wait_for_load_state()
        found = self.page.evaluate(LOOK)
        where = f"{self.name} on {self.page.url}"
        assert found["wide"] <= found["room"], f"{where}: {found['wide']} px wide on a screen of {found['room']} px"
        assert found["headlines"] == 1, f"{where}: {found['headlines']} headlines"
        assert self.watch.expected or not found["problem"], f"{where}: {found['problem']}"
        return self

    def shoot(self, name: str) -> None:
        """Keep a picture on a phone, light and dark, and on a wide screen, where SHOTS_DIR is set."""
        folder = os.environ.get("SHOTS_DIR")
        if not folder or not self.has_script:
            return
        before = self.page.viewport_size
        for scheme, width in (("light", 360), ("dark", 360), ("light", 1280)):
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 740 if width == 360 else 900})
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            self.page.screenshot(path=str(path), full_page=True, caret="initial")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before)
