"""What residents found of a promise, put together by one rule. Nothing here reads or writes the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal import clock
from portal.responses.models import GONE

# Nobody's single word makes a promise kept, or broken.
WITNESSES = 2
# Of so few homes, every one has to say it.
FEW_HOMES = 3
# States in which residents have spoken clearly enough for the timeline.
SETTLED = frozenset({"kept", "partly_kept", "not_kept"})
SOON_DAYS = 7
# A fix that fails within so many days was none: the same promise is open again.
HOLDS_DAYS = 90
# From here on, "it failed again" is a fact for the next letter.
REPEATED = 3
# How a promise can stand, what presses most in front. Lists and the picture go by it.
STANDINGS = ("broken", "late", "unsure", "checking", "partly", "not_due", "undated", "kept")
# Of two words about one home at one moment, the graver one counts, so that their order does not matter.
_GRAVITY = {"cannot_tell": 0, "fixed": 1, "partly": 2, "not_fixed": 3}
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One word about a promise: what, of which home, by whom, and when."""

    verdict: str
    person: int | None = None
    home: int | None = None
    at: datetime = _BEGINNING
    # A neighbour entered it for a home, when not.
    is_own: bool = True
    # A lead has talked to them, and it is what they say now.
    is_confirmed: bool = False


@dataclass(frozen=True)
class Reach:
    """Whom a promise touches, and how many of them have to say that it is kept."""

    kind: str = "matter"
    home_count: int = 0
    share: int = 60
    homes: frozenset[int] = frozenset()
    # Set when it broke again: what was said before counts no more, unless each home has a thing of its own.
    since: datetime | None = None

    @property
    def needed(self) -> int:
        """How many have to say fixed: two residents, or every home of fewer than three, or a share of the homes."""
        if self.kind == "matter" or not self.home_count:
            return WITNESSES
        if self.home_count < FEW_HOMES:
            return self.home_count
        return max(WITNESSES, -(-self.share * self.home_count // 100))

    @property
    def witnesses(self) -> int:
        """How many have to say not fixed before it can be not kept: two, or the one home that it is about."""
        return 1 if self.kind == "homes" and self.home_count == 1 else WITNESSES


@dataclass(frozen=True)
class Finding:
    """What the checks of one promise come to."""

    state: str
    fixed_count: int = 0
    partly_count: int = 0
    not_fixed_count: int = 0
    cannot_tell_count: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether residents have spoken clearly."""
        return self.state in SETTLED


def voices(said: Iterable[Said], reach: Reach) -> list[Said]:
    """The words that count: one for each home, or for each person who named none, in no certain order.

    Of a home the newest counts, and what somebody says of their own home before what was entered for it. A promise
    about homes hears homes only: without a home, nobody knows whether two words come from one door.
    """
    by_person: dict[tuple[str, int | None], list[Said]] = {}
    for one in said:
        before = reach.since is not None and reach.kind != "homes" and one.at < reach.since
        if one.verdict in _GRAVITY and not before:
            key = ("home", one.home) if one.person is None else ("person", one.person)
            by_person.setdefault(key, []).append(one)
    by_voice: dict[tuple[str, int | None], list[Said]] = {}
    for found in by_person.values():
        one = _newest(found)
        is_elsewhere = reach.kind == "homes" and one.home not in reach.homes
        if is_elsewhere or (reach.kind == "building" and one.home is None):
            continue
        key = ("person", one.person) if one.home is None else ("home", one.home)
        by_voice.setdefault(key, []).append(one)
    return [_newest(found) for found in by_voice.values()]


def _newest(found: list[Said]) -> Said:
    return max(found, key=lambda one: (one.is_own, one.at, _GRAVITY[one.verdict], not one.is_confirmed, one.home or 0))


def settle(said: Iterable[Said], reach: Reach | None = None) -> Finding:
    """The state of a promise from what residents found, in any order.

    kept: as many as needed say fixed, and nobody says partly or not fixed. partly_kept: as many say fixed or partly,
    and nobody says not fixed. One "not fixed" always prevents kept, and holds a promise at disputed until a lead has
    talked to that home; then it counts as what they say. not_kept: a lead has talked to one who still says not fixed;
    or two say it and nobody found any of it done (of homes that each have a thing of their own: two say it). Where a
    whole building is asked and enough say fixed, homes that still say not make it kept in part. "Cannot tell" counts
    for nothing. Otherwise it stays promised.
    """
    reach = reach or Reach()
    heard = voices(said, reach)
    count = Counter(one.verdict for one in heard)
    fixed, partly, not_fixed = count["fixed"], count["partly"], count["not_fixed"]
    confirmed = sum(one.verdict == "not_fixed" and one.is_confirmed for one in heard)
    if not_fixed:
        state = _with_a_no(reach, fixed, partly, not_fixed, confirmed)
    elif partly:
        state = "partly_kept" if reach.kind == "matter" or fixed + partly >= reach.needed else "promised"
    else:
        state = "kept" if fixed >= reach.needed else "promised"
    return Finding(state, fixed, partly, not_fixed, count["cannot_tell"])


def _with_a_no(reach: Reach, fixed: int, partly: int, not_fixed: int, confirmed: int) -> str:
    if reach.kind == "building" and fixed >= reach.needed:
        return "partly_kept" if confirmed == not_fixed else "disputed"
    against = {"matter": fixed + partly == 0, "homes": True, "building": not_fixed >= fixed + partly}[reach.kind]
    is_clear = confirmed > 0 or (not_fixed >= reach.witnesses and against)
    return "not_kept" if is_clear else "disputed"


def reach_of(commitment: Any, homes: Iterable[int] = ()) -> Reach:
    """Whom a promise touches, as its row says it. `homes` are the listed ones."""
    return Reach(
        commitment.reach, commitment.home_count, commitment.needed_share, frozenset(homes), commitment.reopened_at
    )


def is_ripe(commitment: Any, on: date) -> bool:
    """Whether it may be called broken on that day: its day has passed, or they say that it is done."""
    return commitment.claimed_done_on is not None or commitment.is_late(on)


def standing(commitment: Any, on: date) -> str:
    """How a promise stands on a day: one of STANDINGS, or cancelled, or replaced. `queries` says the same in SQL.

    Lateness is worked out here and never stored. Fair to them too: before its day, and before they say it is done,
    nothing residents find makes a promise broken or disputed; and once they say it is done, it is not late but to be
    looked at.
    """
    state, is_claimed = commitment.state, commitment.claimed_done_on is not None
    is_waited_for = not is_claimed and commitment.due_on is not None and commitment.due_on >= on
    if state in GONE:
        return "replaced" if state == "renegotiated" else state
    if state == "kept":
        return "kept"
    if state == "not_kept" and is_ripe(commitment, on):
        return "broken"
    if state == "disputed" and not is_waited_for and (commitment.fixed_count or is_claimed):
        return "unsure"
    if state == "partly_kept" and is_ripe(commitment, on):
        return "partly"
    if is_claimed:
        return "checking"
    if commitment.due_on is None:
        return "undated"
    return "late" if commitment.is_late(on) else "not_due"


def is_due_soon(commitment: Any, on: date) -> bool:
    """Whether its day comes within a week, today among them."""
    due = commitment.due_on
    return due is not None and on <= due <= on + timedelta(days=SOON_DAYS) and standing(commitment, on) == "not_due"


def holds_until(commitment: Any) -> date | None:
    """The last day on which a failure opens the promise again; None when it was never found kept."""
    if commitment.kept_at is None:
        return None
    return clock.to_local(commitment.kept_at).date() + timedelta(days=HOLDS_DAYS)
