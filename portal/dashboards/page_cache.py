"""Ready pieces of pages, kept in each worker. Bounded in bytes; what was not asked for longest goes first.

Only what is the same for every visitor belongs in here. A key names a version, so nothing has to be taken out by hand.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from markupsafe import Markup

MOST_BYTES = 8 * 1024 * 1024


class PageCache:
    """At most `most_bytes` of text. Safe to share between the threads of a worker."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.used_bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Markup, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Markup]) -> Markup:
        """What is kept under `key`, or else what `make()` gives, kept from now on."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        # Made outside the lock: two threads may both make it, which costs less than one waiting for the other.
        made = make()
        self._put(key, made)
        return made

    def _put(self, key: Hashable, made: Markup) -> None:
        size = len(made.encode("utf-8", "replace"))
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
