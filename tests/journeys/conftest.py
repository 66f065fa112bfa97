"""A real portal and a real Chromium. Skipped where there is none, failed where REQUIRE_BROWSER is set."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from portal import tokens
from tests.journeys.browsing import Visitor, Watch
from tests.journeys.serving import Portal, prepare, serving

HOW_TO_GET_IT = "Chromium is missing. On Debian: apt-get install chromium-headless-shell"
# The same browser without a window to lay out and paint comes first: a page costs it a third.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Nothing but pages: no component, no account, no first-run page asks the network for anything.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--mute-audio",
)
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium for the whole run; every person in it has a context of their own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    from playwright.sync_api import expect, sync_playwright

    # A busy machine takes its time; what is there is seen at once.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def new_portal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_dir: Path
) -> Callable[[str], AbstractContextManager[Portal]]:
    """new_portal("demo") or new_portal("elsewhere") serves a portal with those campaigns: see prepare.py.

    On SQLite or on PostgreSQL, as the run asks.
    """

    @contextmanager
    def start(what: str) -> Iterator[Portal]:
        folder = tmp_path_factory.mktemp("portal")
        url = _database_of_our_own(request) if request.config.getoption("--database") == "postgres" else None
        if url:
            prepare(folder, url, what)
        else:
            _copy_prepared(shared_dir / what, folder)
        with serving(folder, url, takes_mail=what == "answers") as portal:
            yield portal

    return start


def _copy_prepared(kept: Path, folder: Path) -> None:
    """Prepare the portal that `kept` is called after, unless a process of this run has done so, and copy its files."""
    with open(kept.with_suffix(".lock"), "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.exists():
            made = kept.with_suffix(".part")
            prepare(made, None, kept.name)
            made.rename(kept)
    shutil.copytree(kept, folder, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def demo(chromium: Any, new_portal: Callable[[str], AbstractContextManager[Portal]]) -> Iterator[Portal]:
    """A portal with the demo campaigns in it, for tests that change little of it."""
    with new_portal("demo") as portal:
        yield portal


def _database_of_our_own(request: pytest.FixtureRequest) -> str:
    """A fresh database beside the one of the other tests, on their server."""
    import psycopg

    url = request.getfixturevalue("database_url")
    name = f"journey_{tokens.new_key().lower().replace('-', '_')}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """visit(portal, "Rosa") opens a browser of her own. Whatever goes wrong in one of them fails the test."""
    opened: list[tuple[Any, Watch]] = []

    def open_browser(
        portal: Portal, name: str = "", *, script: bool = True, size: dict[str, int] = PHONE, scheme: str = "light"
    ) -> Visitor:
        context = chromium.new_context(
            base_url=portal.base,
            java_script_enabled=script,
            viewport=size,
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        watch = Watch(portal.base, name or "somebody")
        opened.append((context, watch))
        return Visitor(context, portal, name, watch, has_script=script)

    yield open_browser
    for context, _watch in opened:
        context.close()
    troubles = [line for _context, watch in opened for line in watch.troubles]
    assert not troubles, "\n".join(["the browsers saw trouble:", *troubles])
