"""kill -9 of the web server the moment somebody was told that their work is safe."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.portal import Portal
from tests.crash.writers import KINDS, Deed, Writer, times_done

pytestmark = [pytest.mark.crash, pytest.mark.slow]

# In every round all kinds are at work together; each kind's answer is what the kill follows in so many.
ROUNDS = 50
PATIENCE = 60


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path)
    yield made
    made.close()


def killed_after(portal: Portal, kind: str, number: int) -> list[Deed]:
    """Let all kinds of writers work, kill the server as soon as `kind` is answered, and return what they did."""
    seen: set[str] = set()
    lock, is_killed = threading.Lock(), threading.Event()

    def told(what: str) -> None:
        with lock:
            seen.add(what)
            # In the thread that has just read the answer, so that nothing lies between it and the kill.
            if what == kind and seen == set(KINDS) and not is_killed.is_set():
                portal.kill()
                is_killed.set()

    writers = [Writer(portal, name, f"r{number}-{name}", told) for name in KINDS]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)
        assert not writer.is_alive(), f"{writer.kind}: no answer and no end"
        assert writer.trouble is None, f"{writer.kind}: {writer.trouble!r}"
    assert is_killed.is_set()
    portal.buried()
    return [deed for writer in writers for deed in writer.deeds]


@pytest.mark.parametrize("kind", list(KINDS))
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(portal: Portal, kind: str) -> None:
    totals: Counter[str] = Counter()
    portal.start()
    for number in range(ROUNDS):
        deeds = killed_after(portal, kind, number)
        portal.start()
        assert portal.is_whole(), f"round {number}"
        for deed in deeds:
            done = times_done(portal, deed)
            # All of it or none of it, and nothing twice.
            assert done in ([0] * len(done), [1] * len(done)), f"round {number}: {deed.kind} {deed.mark}: {done}"
            assert done[0] == 1 or not deed.is_acknowledged, f"round {number}: {deed.kind} {deed.mark} was lost"
            # Whoever saw the connection break presses again; so does somebody who only thinks so.
            assert deed.press() == 303, f"round {number}: {deed.kind} {deed.mark} pressed again"
            done = times_done(portal, deed)
            assert set(done) == {1}, f"round {number}: {deed.kind} {deed.mark} pressed again: {done}"
            totals[deed.kind] += deed.is_acknowledged
    assert totals[kind] >= ROUNDS, totals
    print(f"\n{ROUNDS} kills after “{kind}”, acknowledged before them: {dict(totals)}")
