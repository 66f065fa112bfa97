"""What votes come to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.decisions.rule import Verdict, verdict

COUNTS = st.lists(st.integers(0, 9), min_size=2, max_size=6)


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ([4, 3], Verdict("passed", 0)),
        ([3, 4], Verdict("failed", 1)),
        ([3, 3], Verdict("tied")),
        ([2, 0], Verdict("failed")),
    ],
)
def test_a_yes_needs_more_than_half_and_enough_of_us(counts, ends):
    assert verdict("yes_no", counts, 3) == ends


@given(COUNTS, st.integers(2, 5))
@settings(max_examples=50)
def test_an_option_wins_only_alone_at_the_top(counts, least):
    found = verdict("choice", counts, least)
    if found.outcome == "passed":
        assert sum(counts) >= least
        assert all(counts[found.winner] > count for place, count in enumerate(counts) if place != found.winner)
    else:
        assert found.winner is None


@given(COUNTS.filter(lambda counts: len(counts) == 2))
@settings(max_examples=50)
def test_a_tie_is_never_a_yes(counts):
    assert (verdict("yes_no", counts, 2).outcome == "passed") == (counts[0] > counts[1] and sum(counts) >= 2)
