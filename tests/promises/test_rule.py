"""The rule by which residents settle a promise, as laws."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.responses import promise_queries, promises
from portal.responses.models import CHECKS, GONE, Commitment
from portal.responses.promises import Finding, Reach, Said, settle
from tests.builders import build_commitment

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOMES = frozenset(range(1, 9))
REACHES = (Reach(), Reach("homes", len(HOMES), 60, HOMES), Reach("building", 8))
# How good each state is for them.
RANK = {"kept": 4, "partly_kept": 3, "promised": 2, "disputed": 1, "not_kept": 0}
cheap = settings(max_examples=50)


def words(*verdicts, **given):
    """One word each from as many homes and people."""
    numbers = count(1)
    return [Said(verdict, person=(n := next(numbers)), home=n, at=NOON, **given) for verdict in verdicts]


said = st.lists(
    st.builds(
        Said,
        st.sampled_from(CHECKS),
        person=st.none() | st.integers(1, 5),
        home=st.integers(1, 9),
        at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
        is_confirmed=st.booleans(),
    ).map(lambda one: Said(one.verdict, one.person, one.home, one.at, one.person is not None, one.is_confirmed)),
    max_size=10,
)
reaches = st.sampled_from(REACHES)


class TestOneMatter:
    def test_two_who_say_fixed_make_it_kept(self):
        assert settle(words("fixed", "fixed")).state == "kept" and settle(words("fixed")).state == "promised"

    def test_one_who_says_not_fixed_makes_it_disputed(self):
        assert settle(words("fixed", "fixed", "not_fixed")).state == "disputed"
        assert settle(words("not_fixed")).state == "disputed"

    def test_partly_and_nobody_against_makes_it_partly_kept(self):
        assert settle(words("partly", "fixed", "fixed")).state == "partly_kept"

    def test_two_who_say_not_fixed_and_nobody_else_make_it_not_kept(self):
        assert settle(words("not_fixed", "not_fixed", "cannot_tell")).state == "not_kept"

    def test_once_a_lead_has_talked_to_them_it_counts_as_what_they_say(self):
        talked = Said("not_fixed", 9, 9, NOON, is_confirmed=True)
        assert settle([*words("fixed", "fixed"), talked]).state == "not_kept"

    def test_what_was_said_before_it_broke_again_counts_no_more(self):
        later = Said("not_fixed", 9, 9, NOON + timedelta(days=9))
        finding = settle([*words("fixed", "fixed"), later], Reach(since=later.at))
        assert (finding.state, finding.fixed_count) == ("disputed", 0)

    def test_nobody_looked(self):
        assert settle([]) == Finding("promised")


class TestHomes:
    def test_27_of_40_say_fixed_and_9_do_not(self):
        reach = Reach("homes", 40, 60, frozenset(range(1, 41)))
        found = settle(words(*["fixed"] * 27, *["not_fixed"] * 9, *["cannot_tell"] * 4), reach)
        assert reach.needed == 24 and found == Finding("not_kept", 27, 0, 9, 4)
        assert settle(words(*["fixed"] * 27), reach).state == "kept"

    @pytest.mark.parametrize(
        ("homes", "share", "needed"), [(1, 60, 1), (2, 60, 2), (3, 60, 2), (5, 60, 3), (84, 60, 51)]
    )
    def test_a_share_of_the_homes_has_to_say_so_and_all_of_so_few(self, homes, share, needed):
        assert Reach("homes", homes, share).needed == needed

    def test_the_one_home_it_is_about_speaks_for_itself(self):
        reach = Reach("homes", 1, 60, frozenset({1}))
        assert [settle(words(one), reach).state for one in ("fixed", "not_fixed")] == ["kept", "not_kept"]

    def test_a_home_that_is_not_listed_and_a_word_without_a_home_do_not_count(self):
        reach = Reach("homes", 3, 60, frozenset({1, 2, 3}))
        outside = [Said("fixed", 7, 70, NOON), Said("fixed", 8, None, NOON)]
        assert settle([*words("fixed"), *outside], reach).fixed_count == 1

    def test_their_own_word_counts_before_what_a_neighbour_entered_later(self):
        own = Said("not_fixed", 7, 1, NOON)
        entered = Said("fixed", None, 1, NOON + timedelta(days=1), is_own=False)
        assert settle([own, entered], REACHES[1]).fixed_count == 0

    def test_the_newest_word_of_a_home_counts(self):
        first, then = Said("not_fixed", 7, 1, NOON), Said("fixed", 8, 1, NOON + timedelta(days=1))
        assert settle([then, first], REACHES[1]) == Finding("promised", 1)

    def test_where_enough_of_a_building_say_fixed_the_others_make_it_kept_in_part_once_a_lead_has_talked(self):
        others = [Said("not_fixed", 8, 8, NOON)]
        assert settle([*words(*["fixed"] * 5), *others], REACHES[2]).state == "disputed"
        others = [Said("not_fixed", 8, 8, NOON, is_confirmed=True)]
        assert settle([*words(*["fixed"] * 5), *others], REACHES[2]).state == "partly_kept"


class TestLaws:
    @cheap
    @given(st.data(), said, reaches)
    def test_the_order_of_the_words_does_not_matter(self, data, heard, reach):
        assert settle(data.draw(st.permutations(heard)), reach) == settle(heard, reach)

    @cheap
    @given(said, reaches, st.booleans())
    def test_one_more_not_fixed_never_makes_it_better(self, heard, reach, is_confirmed):
        # Of somebody who spoke of two homes the newest word counts: taking one away would bring back the other.
        moved = {one.person for one in heard if one.home == 8} & {one.person for one in heard if one.home != 8}
        heard = [one for one in heard if one.person is None or one.person not in moved]
        more = [*heard, Said("not_fixed", 99, 8, NOON + timedelta(days=1), is_confirmed=is_confirmed)]
        others = [one for one in heard if one.home != 8]
        assert RANK[settle(more, reach).state] <= RANK[settle(others, reach).state]
        assert settle(more, reach).state != "kept"

    @cheap
    @given(said, reaches)
    def test_saying_it_again_counts_once(self, heard, reach):
        assert settle([*heard, *heard], reach) == settle(heard, reach)

    @cheap
    @given(said, st.sampled_from(CHECKS), reaches)
    def test_nobodys_single_word_makes_it_kept_or_broken(self, heard, verdict, reach):
        lone = [Said(verdict, 1, 1, NOON + timedelta(hours=n)) for n in range(len(heard) + 1)]
        assert settle(lone, reach).state not in {"kept", "not_kept"}

    @cheap
    @given(said, reaches)
    def test_cannot_tell_and_nobody_in_count_for_nothing(self, heard, reach):
        more = [*heard, Said("nobody_in", None, 9, NOON, is_own=False), Said("cannot_tell", 98, 97, NOON)]
        assert settle(more, reach).state == settle(heard, reach).state

    @cheap
    @given(said, reaches)
    def test_kept_means_enough_say_fixed_and_nobody_says_otherwise(self, heard, reach):
        found = settle(heard, reach)
        is_kept = found.fixed_count >= reach.needed and not found.not_fixed_count and not found.partly_count
        assert (found.state == "kept") == is_kept


class TestHowItStandsToday:
    def standing(self, **given):
        return promises.standing(Commitment(made_on=TODAY, what="Fans", **given), TODAY)

    def test_a_day_that_has_passed_is_late_the_day_itself_is_not(self):
        assert self.standing(due_on=TODAY - timedelta(days=1)) == "late"
        assert self.standing(due_on=TODAY) == "not_due"

    def test_without_a_date_it_has_a_place_of_its_own(self):
        assert self.standing() == "undated"

    def test_kept_stays_kept_after_its_day(self):
        assert self.standing(state="kept", due_on=TODAY - timedelta(days=9)) == "kept"

    def test_once_they_say_it_is_done_it_is_looked_at_and_not_late(self):
        assert self.standing(due_on=TODAY - timedelta(days=9), claimed_done_on=TODAY) == "checking"

    def test_before_its_day_nothing_is_broken(self):
        later = TODAY + timedelta(days=5)
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=later) == "not_due"
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=later, claimed_done_on=TODAY) == "broken"
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=TODAY - timedelta(days=1)) == "broken"

    def test_one_home_says_yes_another_no(self):
        assert self.standing(state="disputed", fixed_count=1, not_fixed_count=1) == "unsure"
        assert self.standing(state="disputed", not_fixed_count=1, due_on=TODAY - timedelta(days=1)) == "late"
        assert self.standing(state="disputed", fixed_count=1, not_fixed_count=1, due_on=TODAY) == "not_due"

    def test_a_week_before_its_day_it_is_due_soon(self):
        promise = Commitment(made_on=TODAY, what="Fans", due_on=TODAY + timedelta(days=7))
        assert promises.is_due_soon(promise, TODAY) and not promises.is_due_soon(promise, TODAY - timedelta(days=1))

    def test_the_database_says_the_same_in_every_case(self, letter):
        days = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
        states = [state for state in RANK if state not in GONE]
        for state, due_on, claimed_on, fixed in product(states, days, (None, TODAY), (0, 2)):
            given = {"due_on": due_on, "claimed_done_on": claimed_on, "fixed_count": fixed}
            build_commitment(letter.campaign, state=state, **given)
        number = promise_queries.standing_number(TODAY).alias("number")
        for row in Commitment.select(Commitment, number):
            assert promises.STANDINGS[row.number] == promises.standing(row, TODAY), row.__data__
