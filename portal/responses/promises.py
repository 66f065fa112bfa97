"""What residents found of a promise, put together by one rule. Nothing here reads or writes the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

# Nobody's single word makes a promise kept, or broken.
WITNESSES = 2
# States in which residents have spoken clearly enough for the timeline.
SETTLED = frozenset({"kept", "partly_kept", "not_kept"})


@dataclass(frozen=True)
class Finding:
    """What the checks of one promise come to."""

    state: str
    fixed_count: int
    not_fixed_count: int

    @property
    def is_settled(self) -> bool:
        """Whether residents have spoken clearly."""
        return self.state in SETTLED


def settle(verdicts: Iterable[str]) -> Finding:
    """The state of a promise from what residents found, one verdict of CHECKS for each of them, in any order.

    kept: at least two say fixed, and nobody says partly or not fixed. One "not fixed" always prevents it: then it is
    not_kept when at least two say so and nobody found any of it done, otherwise disputed. partly_kept: somebody says
    partly, nobody says not fixed. "Cannot tell" counts for nothing. Otherwise it stays promised.
    """
    said = Counter(verdicts)
    fixed, partly, not_fixed = said["fixed"], said["partly"], said["not_fixed"]
    if not_fixed:
        state = "not_kept" if not_fixed >= WITNESSES and not fixed and not partly else "disputed"
    elif partly:
        state = "partly_kept"
    else:
        state = "kept" if fixed >= WITNESSES else "promised"
    return Finding(state, fixed, not_fixed)


def is_ripe(commitment: Any, on: date) -> bool:
    """Whether it may be called broken on that day: its day has passed, or they say that it is done."""
    return commitment.claimed_done_on is not None or commitment.is_late(on)


def standing(commitment: Any, on: date) -> str:
    """How a promise stands on a day: kept, broken, unsure, late, not_due, undated or cancelled.

    Lateness is worked out here and never stored. Fair to them too: before its day, and before they say it is done,
    nothing residents find makes a promise broken.
    """
    if commitment.state in {"kept", "cancelled"}:
        return commitment.state
    if commitment.state == "not_kept" and is_ripe(commitment, on):
        return "broken"
    if commitment.state == "disputed" and (commitment.fixed_count or commitment.claimed_done_on):
        return "unsure"
    if commitment.due_on is None:
        return "undated"
    return "late" if commitment.is_late(on) else "not_due"
