"""How votes add up. Nothing here reads or writes the database."""

from collections.abc import Sequence
from dataclasses import dataclass

YES, NO = 0, 1


@dataclass(frozen=True)
class Verdict:
    """How a question ended, and which option has most votes.

    "passed": yes, or this option. "failed" with a winner: most said no; without one: too few voted. "tied": two or more
    options share the top, and nothing is decided.
    """

    outcome: str
    winner: int | None = None


def verdict(kind: str, counts: Sequence[int], least_voters: int, *, core_missing: int = 0) -> Verdict:
    """What so many votes for each option, in their order, come to.

    A yes needs more than half of the votes; an option needs more votes than each of the others. `core_missing` is how
    many more of those with a job in the campaign would have had to vote.
    """
    if sum(counts) < least_voters or core_missing > 0:
        return Verdict("failed")
    most = max(counts)
    if counts.count(most) > 1:
        return Verdict("tied")
    winner = counts.index(most)
    if kind == "yes_no" and winner != YES:
        return Verdict("failed", winner)
    return Verdict("passed", winner)
