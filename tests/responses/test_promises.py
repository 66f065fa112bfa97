"""The rule by which residents settle a promise, as laws."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.responses import promises
from portal.responses.models import CHECKS, Commitment
from portal.responses.promises import settle

said = st.lists(st.sampled_from(CHECKS), max_size=12)
TODAY = date(2026, 11, 23)


class TestTheRule:
    def test_two_who_say_fixed_make_it_kept(self):
        assert settle(["fixed", "fixed"]).state == "kept"

    def test_one_who_says_not_fixed_makes_it_disputed(self):
        assert settle(["fixed", "fixed", "not_fixed"]).state == "disputed"
        assert settle(["not_fixed"]).state == "disputed"

    def test_partly_and_nobody_against_makes_it_partly_kept(self):
        assert settle(["partly", "fixed", "fixed"]).state == "partly_kept"

    def test_two_who_say_not_fixed_and_nobody_else_make_it_not_kept(self):
        assert settle(["not_fixed", "not_fixed", "cannot_tell"]).state == "not_kept"

    def test_nobody_looked(self):
        assert settle([]) == promises.Finding("promised", 0, 0)


class TestLaws:
    @given(st.data(), said)
    def test_the_order_of_the_checks_does_not_matter(self, data, verdicts):
        assert settle(data.draw(st.permutations(verdicts))) == settle(verdicts)

    @given(said, st.sampled_from(CHECKS))
    def test_nobodys_single_word_makes_it_kept(self, verdicts, word):
        lone = ["cannot_tell" for _other in verdicts] + [word]
        assert settle(lone).state not in {"kept", "not_kept"}

    @given(said)
    def test_one_not_fixed_always_prevents_kept(self, verdicts):
        assert settle([*verdicts, "not_fixed"]).state in {"disputed", "not_kept"}

    @given(said)
    def test_cannot_tell_counts_for_nothing(self, verdicts):
        assert settle([*verdicts, "cannot_tell"]) == settle(verdicts)

    @given(said)
    def test_kept_means_two_say_fixed_and_nobody_says_otherwise(self, verdicts):
        finding = settle(verdicts)
        otherwise = "not_fixed" in verdicts or "partly" in verdicts
        assert (finding.state == "kept") == (verdicts.count("fixed") >= 2 and not otherwise)
        assert (finding.fixed_count, finding.not_fixed_count) == (verdicts.count("fixed"), verdicts.count("not_fixed"))


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

    def test_before_its_day_nothing_is_broken(self):
        later = TODAY + timedelta(days=5)
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=later) == "not_due"
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=later, claimed_done_on=TODAY) == "broken"
        assert self.standing(state="not_kept", not_fixed_count=2, due_on=TODAY - timedelta(days=1)) == "broken"

    def test_one_home_says_yes_another_no(self):
        assert self.standing(state="disputed", fixed_count=1, not_fixed_count=1) == "unsure"
        assert self.standing(state="disputed", not_fixed_count=1, due_on=TODAY - timedelta(days=1)) == "late"
