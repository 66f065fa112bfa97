"""At the desk a process does one thing after the other: first whoever saves, then whoever opens a part, then the looks.

The threads of a process share one processor, and they hand it on only every few milliseconds: a save that runs beside
three looks takes four times as long, and holds the letter as long. A look comes again every few seconds by itself;
nobody notices that it waited for some hundredths of one.
"""

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from portal.plain_posts import Application

AT_DESK = re.compile(r"/campaigns/[A-Za-z0-9_-]{1,64}/letters/[0-9]{1,9}/(?:(live|presence)|blocks/[0-9]{1,9})")
SAVING, OPENING, LOOKING = range(3)
# Nobody waits longer than this for their turn: what is under way may itself wait, for the database or the disk.
MOST_SECONDS = (0.1, 0.1, 0.05)
# Fewer than a process has threads, as it is served: whoever waits holds one, and other pages want some too.
MOST_LOOKS = 3


class GivingWay:
    """WSGI middleware around `application`: requests at a letter's desk run one after the other, saves first."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._running, self._waiting = 0, [0, 0, 0]
        self._changed = threading.Condition(threading.Lock())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        what = _what(environ)
        if what is None:
            return self.application(environ, start_response)
        self._begin(what)
        try:
            return self.application(environ, start_response)
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _begin(self, what: int) -> None:
        with self._changed:
            if what < LOOKING or self._waiting[LOOKING] < MOST_LOOKS:
                self._waiting[what] += 1
                self._changed.wait_for(lambda: self._is_turn_of(what), MOST_SECONDS[what])
                self._waiting[what] -= 1
            self._running += 1

    def _is_turn_of(self, what: int) -> bool:
        return not self._running and not any(self._waiting[:what])


def _what(environ: dict[str, Any]) -> int | None:
    found = AT_DESK.fullmatch(environ["PATH_INFO"])
    if found is None:
        return None
    if found[1]:
        return LOOKING
    return SAVING if environ["REQUEST_METHOD"] == "POST" else OPENING
