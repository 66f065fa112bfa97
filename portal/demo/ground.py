"""What the demo stands on: days counted from its today, dice that always fall alike, and machinery that keeps quiet."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import current_app
from playhouse.cysqlite_ext import CySqliteDatabase

from portal import clock, limits

SEED = "four warm dry rooms"
TEXTS = Path(__file__).with_name("texts")
# {D-28} in words, {N-28} in figures that every language reads.
_DAY = re.compile(r"\{([DN])([+-]\d+)\}")


class Stage:
    """Today, the dice, and somebody to tell. Days are offsets: -42 is six weeks before today."""

    def __init__(self, today: date, tell: Callable[[str], None]) -> None:
        self.today = today
        self.tell = tell
        self.dice = Random(SEED)

    def day(self, offset: int) -> date:
        """The day so many days after today."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: str) -> datetime:
        """A time of that day, such as "19:30", as people there would read it off a clock."""
        return clock.from_local(datetime.combine(self.day(offset), time.fromisoformat(hour)))

    @contextmanager
    def at(self, offset: int, hour: str) -> Iterator[None]:
        """Let it be that moment inside."""
        with self.at_moment(self.moment(offset, hour)):
            yield

    @contextmanager
    def at_moment(self, moment: datetime) -> Iterator[None]:
        """Let it be that moment inside."""
        with clock.frozen_at(moment):
            yield

    def key(self) -> str:
        """A key for an address, from the dice: every load gives the same, and made-up campaigns hide nothing."""
        return base64.urlsafe_b64encode(self.dice.randbytes(16)).decode().rstrip("=")

    def words(self, text: str) -> str:
        """A text with its days filled in: {D-28} becomes "Monday 26 October", {N-28} "26/10/2026"."""
        forms = {"D": in_words, "N": lambda day: f"{day:%d/%m/%Y}"}
        return _DAY.sub(lambda found: forms[found[1]](self.day(int(found[2]))), text)

    def text(self, name: str) -> str:
        """The words of a file in texts/, with their days."""
        return self.words((TEXTS / name).read_text(encoding="utf-8").strip())

    def data(self, name: str) -> Any:
        """A JSON file in texts/, with the days in its texts."""
        return json.loads(self.words((TEXTS / name).read_text(encoding="utf-8")))


def in_words(day: date) -> str:
    """ "Monday 26 October", as people write it in a letter."""
    return f"{day:%A} {day.day} {day:%B}"


@contextmanager
def quiet() -> Iterator[None]:
    """No job is queued, and rate limits count in buckets of their own: the demo does months of acts in seconds."""
    held, buckets = current_app.config.get("JOBS_HELD"), limits._own
    own = CySqliteDatabase(":memory:")
    own.connect()
    own.execute_sql(limits.CREATE)
    limits._own = own
    current_app.config["JOBS_HELD"] = True
    try:
        yield
    finally:
        limits._own = buckets
        current_app.config["JOBS_HELD"] = held
        own.close()
