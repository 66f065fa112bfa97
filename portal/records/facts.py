"""What the page of an organization adds up: plain facts and pure functions."""

from dataclasses import dataclass, field
from datetime import date
from statistics import median

# From so many on, a number that stands for all of them says more than the list.
ENOUGH_FOR_MEDIAN = 3


@dataclass(frozen=True)
class SentLetter:
    """A letter that a public campaign sent them. `answered_on` is the day of the first answer that is on show."""

    title: str
    key: str
    campaign: str
    campaign_key: str
    sent_on: date
    answered_on: date | None = None
    # Nothing is told of a letter whose answer is not published, not even that it waits.
    is_waiting: bool = False

    @property
    def days(self) -> int | None:
        """How many days until the answer; None while there is none on show."""
        return (self.answered_on - self.sent_on).days if self.answered_on else None

    def days_so_far(self, today: date) -> int:
        """How many days it waits."""
        return (today - self.sent_on).days


@dataclass(frozen=True)
class Times:
    """How long answers took."""

    letter_count: int
    days: tuple[int, ...]
    waiting_count: int

    @property
    def median(self) -> float | None:
        """The middle of the days; None where there are too few for it to mean something."""
        return median(self.days) if len(self.days) >= ENOUGH_FOR_MEDIAN else None


def times_of(letters: list[SentLetter]) -> Times:
    """Add the letters up."""
    days = sorted(letter.days for letter in letters if letter.days is not None)
    return Times(len(letters), tuple(days), sum(letter.is_waiting for letter in letters))


@dataclass(frozen=True)
class Promises:
    """How many public promises stand where."""

    kept: int = 0
    broken: int = 0
    late: int = 0
    not_due: int = 0
    undated: int = 0
    renegotiated: int = 0

    @property
    def total(self) -> int:
        """All of them: the denominator."""
        return self.kept + self.broken + self.late + self.not_due + self.undated + self.renegotiated


@dataclass(frozen=True)
class Address:
    """Where they take something."""

    id: int
    value: str
    purpose: str
    way: str
    verified_on: date | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class Holder:
    """Somebody in a post. `id` is 0 for one whom a public campaign writes to and who is not in the record."""

    id: int
    name: str
    post: str
    since_on: date | None = None


@dataclass(frozen=True)
class Other:
    """Another organization that belongs to it."""

    id: int
    name: str
    is_listed: bool


@dataclass
class Known:
    """What the record holds today, and the promises."""

    names: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    domains: list[tuple[int, str]] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    parent: Other | None = None
    parts: list[Other] = field(default_factory=list)
    campaign_count: int = 0
    open_proposals: int = 0
    promises: Promises = field(default_factory=Promises)
