"""Writers take turns: those of one process on a lock that wakes them, those of several on locks on a file.

SQLite lets a writer try, sleep, try again and sleep ever longer, which wastes most of a busy second, and whoever is
sleeping when the database is let go comes too late again. Here who waits next is next. The file says nothing and may
be lost at any time: SQLite's own locks are what keeps the data right.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Looking costs some microseconds and the disk may take long: whoever has waited longer looks less often.
SOONEST_LOOK, LATEST_LOOK, PART_OF_WAIT = 0.00005, 0.005, 0.1
# Which byte of the file stands for what.
TURN, NEXT = 0, 1


class NotOurTurn(Exception):
    """Others have written for too long."""


class Turns:
    """The turns of everybody who writes to one database; `path` is a file for the locks, None for a single process."""

    def __init__(self, path: str | None) -> None:
        self._threads = threading.Lock()
        self._path = path
        self._file: int | None = None
        self._process = 0

    @contextmanager
    def take(self, seconds: float) -> Iterator[None]:
        """Hold the turn until the end of the block. Raises NotOurTurn when it does not come within so many seconds."""
        until = time.monotonic() + seconds
        if not self._threads.acquire(timeout=seconds):
            raise NotOurTurn
        try:
            file = self._opened()
            if file is None:
                yield
                return
            # One process waits for the turn, the others to be that one: so nobody is overtaken twice.
            _lock(file, NEXT, until)
            try:
                _lock(file, TURN, until)
            finally:
                _unlock(file, NEXT)
            try:
                yield
            finally:
                _unlock(file, TURN)
        finally:
            self._threads.release()

    def _opened(self) -> int | None:
        # The locks belong to the process, so a fork needs the file anew.
        if self._path is not None and self._process != os.getpid():
            self._process = os.getpid()
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


def _lock(file: int, byte: int, until: float) -> None:
    began = time.monotonic()
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            return
        except OSError:
            now = time.monotonic()
            if now > until:
                raise NotOurTurn from None
            time.sleep(min(LATEST_LOOK, max(SOONEST_LOOK, PART_OF_WAIT * (now - began))))


def _unlock(file: int, byte: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, byte)
