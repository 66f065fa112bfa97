"""Which days are working days: one file for each calendar, made by bin/calendars, with one-off days on top."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "calendars"
NAMES = ("gb-eng-wls", "gb-sct", "gb-nir", "gb-union", "none")
# The union excludes a day that is free in any nation, so a nation's one-off day counts there too.
PARTS_OF_UNION = ("gb-eng-wls", "gb-sct", "gb-nir")
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Monday to Friday are working days unless a day is named here. `last` is the last day the names are known for."""

    name: str
    free_days: Mapping[date, str] = field(default_factory=dict)
    last: date | None = None

    def is_weekend(self, day: date) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return day.weekday() >= SATURDAY

    def is_working(self, day: date) -> bool:
        """Whether people are at work: neither a weekend nor a named day."""
        return not self.is_weekend(day) and day not in self.free_days

    def with_days(self, days: Mapping[date, str]) -> "Calendar":
        """This calendar with more free days, such as those a steward added."""
        return replace(self, free_days={**self.free_days, **days}) if days else self


@cache
def shipped(name: str) -> Calendar:
    """The calendar as its file has it. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(f"there is no calendar {name}")
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    days = {date.fromisoformat(day): words for day, words in kept["days"].items()}
    last = kept["years"]["last"]
    return Calendar(name, days, date(last, 12, 31) if last else None)
