"""What there is to be reminded of: each source is one SELECT and the sentences for what it finds.

A feature that comes later in the order adds its own source with `add_source`. A source sees these names, of campaigns
that are neither paused nor over: `here` (one row: today, soon, own_soon, past, now and more: see queries), `keeper`
(who leads, writes or keeps the papers) and `here_now` (everybody in the circle). It gives, in this order: person_id,
kind, subject_id, step, campaign_id, words, more, ref, since, day. Dates and moments are text. `step` is the date or the
repetition that is told: with another step the same thing is another event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

# A date is spoken of at most so many days before it, and not for the first time so many days after it: what is older
# stands on the page of what waits, and a newcomer does not get all of it by mail.
SOON_DAYS, PAST_DAYS = 7, 14
# Days after which an answer that nobody has read is spoken of, and spoken of again.
UNREAD_DAYS = (3, 10, 24)
# Of a thing that one of us took on we speak so shortly before: it is theirs, and they know it.
OWN_DAYS = 2


class Line(NamedTuple):
    """One event as its sentence needs it."""

    kind: str
    words: str
    more: str
    ref: int
    day: date | None


class Place(NamedTuple):
    """Under which heading a line stands, and where the one link below it leads."""

    heading: str
    endpoint: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of event: its sentence, why somebody is told, and its place when that is not the campaign's page."""

    say: Callable[[Line], str]
    # "keeper", "member", "own" or "pair".
    why: str
    place: Callable[[Line], Place] | None = None


SOURCES: list[str] = []
KINDS: dict[str, Kind] = {}


def add_source(sql: str, kinds: dict[str, Kind]) -> None:
    """Have what `sql` finds told. Call once, at import. Raises ValueError for a kind that is there already."""
    if KINDS.keys() & kinds.keys():
        raise ValueError(f"told already: {sorted(KINDS.keys() & kinds.keys())}")
    SOURCES.append(sql)
    KINDS.update(kinds)


def days_before(run: int) -> int:
    """How many days before its date a clock is spoken of, by how many days it runs from its beginning to that date.

    A week's clock is spoken of the day before, a fortnight's three days before, and one of months a week before.
    """
    if run <= 1:
        return 0
    return 1 if run < 10 else 3 if run < 40 else SOON_DAYS
