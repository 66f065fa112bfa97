"""Whoever looks at the desk, or only says that they are there, gives way to whoever saves there.

In a crowd a process looks all the time, and its threads share one processor: a save that runs beside three looks takes
four times as long, and holds the letter as long. A look comes again every few seconds by itself; nobody notices that it
waited for some hundredths of one.
"""

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
COURTESY = re.compile(r"/campaigns/[A-Za-z0-9_-]{1,64}/letters/[0-9]{1,9}/(?:live|presence)")
LOOK = re.compile(r"/campaigns/([A-Za-z0-9_-]{1,64})/letters/([0-9]{1,9})/live")
SAVE = re.compile(r"/campaigns/[A-Za-z0-9_-]{1,64}/letters/[0-9]{1,9}/blocks/[0-9]{1,9}")
MOST_SECONDS = 0.05
# Half of a process's threads: whoever waits holds one, and the next save needs one too.
MOST_WAITING = 2


class GivingWay:
    """WSGI middleware around `application`: a look waits while a save is under way in this process, not for long."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._saves = self._waiting = 0
        self._changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and SAVE.fullmatch(environ["PATH_INFO"]):
            return self._save(environ, start_response)
        if self._saves and COURTESY.fullmatch(environ["PATH_INFO"]):
            self._wait()
        return self.application(environ, start_response)

    def _wait(self) -> None:
        with self._changed:
            if self._waiting >= MOST_WAITING:
                return
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not self._saves, MOST_SECONDS)
            finally:
                self._waiting -= 1

    def _save(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._changed:
            self._saves += 1
        try:
            return self.application(environ, start_response)
        finally:
            with self._changed:
                self._saves -= 1
                self._changed.notify_all()
