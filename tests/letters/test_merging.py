"""The laws of merging two texts that began as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.letters.merging import Conflict, merge

few = settings(max_examples=60, deadline=None, database=None)
word = st.sampled_from(["mould", "lift", "roof", "31", "homes", "we", "ask", "Zoë", "لا", ".", ","])
texts = st.lists(word, max_size=14).map(" ".join)


@st.composite
def changes_apart(draw):
    """An old text, and two people who each put new words for one word, with at least two words between."""
    old = [f"w{number}" for number in range(draw(st.integers(8, 20)))]
    here = draw(st.integers(0, len(old) - 5))
    there = draw(st.integers(here + 3, len(old) - 1))
    one, other = list(old), list(old)
    one[here] = draw(st.sampled_from(["", "mineA", "mineA mineB"]))
    other[there] = draw(st.sampled_from(["", "theirsA", "theirsA theirsB"]))
    both = [*one[:there], other[there], *one[there + 1 :]]
    return tuple(" ".join(words) for words in (old, one, other, both))


class TestLaws:
    @few
    @given(texts, texts)
    def test_who_changed_alone_wins(self, base, changed):
        assert merge(base, changed, base) == changed == merge(base, base, changed)

    @few
    @given(texts, texts)
    def test_equal_changes_agree(self, base, changed):
        assert merge(base, changed, changed) == changed

    @few
    @given(texts, texts, texts)
    def test_it_does_not_matter_who_came_first(self, base, mine, theirs):
        one, other = merge(base, mine, theirs), merge(base, theirs, mine)
        if isinstance(one, Conflict):
            assert isinstance(other, Conflict) and (one.mine, one.theirs) == (other.theirs, other.mine)
        else:
            assert one == other

    @few
    @given(texts, texts, texts)
    def test_no_word_of_either_is_lost(self, base, mine, theirs):
        merged = merge(base, mine, theirs)
        if isinstance(merged, Conflict):
            assert (merged.base, merged.mine, merged.theirs) == (base, mine, theirs)
        else:
            # A word that one of them brought in and the old text never had stands in the merged text.
            for brought in {*mine.split(), *theirs.split()} - {*base.split()}:
                assert brought in merged.split()

    @few
    @given(changes_apart())
    def test_changes_that_lie_apart_are_all_made(self, given_texts):
        base, mine, theirs, both = given_texts
        assert merge(base, mine, theirs) == both

    @few
    @given(texts, texts, texts)
    def test_the_same_texts_always_merge_alike(self, base, mine, theirs):
        assert merge(base, mine, theirs) == merge(base, mine, theirs)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (
            "31 homes have mould. The lift failed.",
            "34 homes have mould. The lift failed.",
            "31 homes have mould. The lift failed twice.",
            "34 homes have mould. The lift failed twice.",
        ),
        ("One.\n\nTwo.\n\nThree.", "Uno.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nTres.", "Uno.\n\nTwo.\n\nTres."),
        ("a b c d e f g", "a c d e f g", "a b c d e g", "a c d e g"),
    ],
)
def test_two_who_write_in_different_places_both_find_their_words(base, mine, theirs, merged):
    assert merge(base, mine, theirs) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("Answer by Friday.", "Answer by Monday.", "Answer by Sunday."),
        ("Dear all.", "Dear all. From us.", "Dear all. From them."),
        ("", "Mine.", "Theirs."),
        ("one two three", "one three", "one 2 three"),
        # Neighbours at the same seam: one changed the last word, the other wrote on right behind it.
        ("It leaks", "It drips", "It leaks badly"),
    ],
)
def test_two_at_the_same_place_are_asked(base, mine, theirs):
    assert isinstance(merge(base, mine, theirs), Conflict)
