"""The time of day, and the only caller of `datetime.now` in the portal.

Moments are aware UTC inside; days are asked for with the time zone people live by.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_zone = ZoneInfo("Europe/London")


def use_zone(name: str) -> None:
    """Set the zone in which days are counted and moments shown. Called once, by create_app."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """The zone that people here live by."""
    return _zone


def now() -> datetime:
    """This moment, aware, in UTC, to the whole second."""
    moment = _frozen.get()
    return moment if moment is not None else _moment(int(time.time()))


@lru_cache(maxsize=2)
def _moment(seconds: int) -> datetime:
    """The same object for all of a second: it is asked for many times in each request."""
    return datetime.fromtimestamp(seconds, UTC)


def today() -> date:
    """The date on the wall calendar in the portal's time zone."""
    return to_local(now()).date()


def to_local(moment: datetime) -> datetime:
    """An aware moment, as people here would read it off a clock."""
    return moment.astimezone(_zone)


def from_local(naive: datetime) -> datetime:
    """A wall-clock time typed by a person, as aware UTC.

    When clocks go back the earlier of the two moments is meant; a time that the clocks skip moves forward.
    """
    return naive.replace(tzinfo=_zone, fold=0).astimezone(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock still, for tests and for demo data. `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a frozen clock needs an aware moment")
    token = _frozen.set(moment.astimezone(UTC).replace(microsecond=0))
    try:
        yield
    finally:
        _frozen.reset(token)
