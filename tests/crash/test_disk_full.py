"""A disk without room: the portal says so in words, goes on showing pages, and recovers by itself."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.browser import Browser
from tests.crash.portal import Portal
from tests.crash.writers import sign

pytestmark = [pytest.mark.crash, pytest.mark.slow]

# Room for some signatures, and then for no more.
ROOM = 64 * 1024
MOST_SIGNATURES = 500


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path)
    yield made
    made.close()


def give_room(portal: Portal) -> None:
    """The operator makes room: the limit is lifted from the running processes."""
    assert portal.web is not None
    group = portal.web.pid
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
            resource.prlimit(int(entry.name), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_without_room_the_portal_says_so_and_recovers(portal: Portal) -> None:
    largest = max(path.stat().st_size for path in portal.folder.glob("*.db"))
    portal.start(largest_file=largest + ROOM)
    acknowledged = []
    for number in range(MOST_SIGNATURES):
        deed = sign(portal, f"full-{number}")
        status, text = deed.browser.ask(deed.path, deed.form)
        if status != 303:
            break
        acknowledged.append(deed.mark)
    else:
        pytest.fail("the disk never filled up")
    assert status == 503 and "<h1" in text and "Traceback" not in text
    # Nothing is half done, and reading goes on.
    assert portal.count("signature", "email = ?", f"{deed.mark}@example.org") == 0
    assert Browser(portal.port).ask(portal.world["letter"])[0] == 200
    give_room(portal)
    assert deed.press() == 303
    assert portal.count("signature", "email LIKE 'full-%'") == len(acknowledged) + 1
    assert portal.is_whole()
