"""Ready pieces of pages, kept in each worker. Bounded in bytes; what was not asked for longest goes first.

Only what is the same for every visitor belongs in here. A key names a version, so nothing has to be taken out by hand.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from markupsafe import Markup

MOST_BYTES = 8 * 1024 * 1024


class PageCache:
    """At most `most_bytes` of pages. Safe to share between the threads of a worker."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.used_bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Markup]) -> Markup:
        """What is kept under `key`, or else what `make()` gives, kept from now on."""
        kept: Markup | None = self.find(key)
        if kept is not None:
            return kept
        # Made outside the lock: two threads may both make it, which costs less than one waiting for the other.
        made = make()
        self.keep(key, made, len(made.encode("utf-8", "replace")))
        return made

    def find(self, key: Hashable) -> Any:
        """What is kept under `key`, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, made: Any, size: int) -> None:
        """Keep `made`, which takes `size` bytes, under `key`."""
        if size > self.most_bytes:
            return
        with self._lock:
            if key in self._kept:
                self.used_bytes -= self._kept.pop(key)[1]
            self._kept[key] = (made, size)
            self.used_bytes += size
            while self.used_bytes > self.most_bytes:
                _oldest, (_text, freed) = self._kept.popitem(last=False)
                self.used_bytes -= freed


public_pages = PageCache()
