"""Promises: made from a row, added by hand, checked, called off."""

import json
from datetime import UTC, date, datetime

import pytest

from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.responses import promise_queries
from portal.responses.models import Answer, Commitment, CommitmentCheck
from portal.responses.promise_operations import (
    add_promise,
    cancel_promise,
    check_promise,
    keep_promise_from,
    note_claim,
    restore_promise,
)
from tests.builders import build_commitment, build_response
from tests.responses.stage import read

TODAY = date(2026, 11, 23)
LATER, BEFORE = date(2026, 12, 4), date(2026, 11, 3)


def settled_lines():
    return [json.loads(line.facts) for line in Activity.select().where(Activity.verb == "commitment_settled")]


class TestFromTheSheet:
    def row(self, letter, cast, **given):
        response = build_response(letter, received_on=BEFORE)
        read(response, cast.amina, "yes", "no", "no", **given)
        return Answer.select().order_by(Answer.id).get()

    def test_a_row_with_a_date_becomes_a_promise_in_their_words(self, letter, cast):
        answer = self.row(letter, cast, excerpt="a survey of all homes, page 1", promised_on=LATER)
        made = keep_promise_from(answer, by=cast.amina, ask="Survey every home")
        assert (made.what, made.due_on, made.made_on) == ("a survey of all homes", LATER, BEFORE)
        assert (made.block_id, made.state, made.is_public) == (answer.block_id, "promised", False)
        line = Activity.get(Activity.verb == "commitment_made")
        assert (line.side, line.happened_on, line.is_public) == ("theirs", BEFORE, False)

    def test_without_their_words_it_is_called_by_what_we_asked(self, letter, cast):
        made = keep_promise_from(self.row(letter, cast, promised_on=LATER), by=cast.amina, ask="Survey every home")
        assert made.what == "Survey every home"

    def test_a_second_press_by_somebody_else_makes_no_second_promise(self, letter, cast):
        answer = self.row(letter, cast, promised_on=LATER)
        keep_promise_from(answer, by=cast.amina, ask="Survey")
        with pytest.raises(RuleBroken, match="already"):
            keep_promise_from(answer, by=cast.ben, ask="Survey")
        assert Commitment.select().count() == 1

    def test_a_row_without_a_date_is_added_by_hand(self, letter, cast):
        with pytest.raises(RuleBroken, match="by hand"):
            keep_promise_from(self.row(letter, cast), by=cast.amina, ask="Survey")

    def test_a_day_that_lies_behind_their_letter_is_a_claim_that_it_is_done(self, letter, cast):
        made = keep_promise_from(self.row(letter, cast, promised_on=date(2026, 10, 13)), by=cast.amina, ask="Survey")
        assert made.claimed_done_on == date(2026, 10, 13)


class TestByHand:
    def test_a_promise_may_have_no_date(self, letter, cast):
        assert add_promise(letter.campaign, by=cast.amina, what="Fans", made_on=TODAY).due_on is None

    def test_it_is_not_due_before_it_was_made_nor_made_tomorrow(self, letter, cast):
        with pytest.raises(RuleBroken, match="before they promised"):
            add_promise(letter.campaign, by=cast.amina, what="Fans", made_on=TODAY, due_on=BEFORE)
        with pytest.raises(RuleBroken, match="today or earlier"):
            add_promise(letter.campaign, by=cast.amina, what="Fans", made_on=LATER)


class TestChecking:
    def test_two_residents_make_it_kept_and_the_timeline_is_told_once(self, letter, cast):
        promise = build_commitment(letter.campaign, due_on=BEFORE, is_public=True)
        assert check_promise(promise, by=cast.amina, verdict="fixed") == "promised"
        assert check_promise(promise, by=cast.ben, verdict="fixed") == "kept"
        assert check_promise(promise, by=cast.cerys, verdict="fixed") == "kept"
        stored = Commitment.get_by_id(promise.id)
        assert (stored.fixed_count, stored.not_fixed_count, stored.state) == (3, 0, "kept") and stored.settled_at
        assert [(facts["state"], facts["fixed"]) for facts in settled_lines()] == [("kept", 2)]
        assert Activity.get(Activity.verb == "commitment_settled").is_public

    def test_the_same_person_twice_is_one_resident_with_one_row(self, letter, cast):
        promise = build_commitment(letter.campaign)
        check_promise(promise, by=cast.amina, verdict="fixed")
        assert check_promise(promise, by=cast.amina, verdict="fixed", note="Runs well") == "promised"
        assert [check.note for check in CommitmentCheck.select()] == ["Runs well"]

    def test_one_not_fixed_reopens_a_kept_promise_and_says_so(self, letter, cast):
        promise = build_commitment(letter.campaign, due_on=BEFORE)
        for person in (cast.amina, cast.ben):
            check_promise(promise, by=person, verdict="fixed")
        assert check_promise(promise, by=cast.cerys, verdict="not_fixed") == "disputed"
        assert Commitment.get_by_id(promise.id).settled_at is None
        assert [facts["state"] for facts in settled_lines()] == ["kept", "disputed"]
        assert not Activity.select().where(Activity.is_public == True).exists()  # noqa: E712

    def test_before_its_day_the_timeline_never_says_not_kept(self, letter, cast):
        promise = build_commitment(letter.campaign, due_on=LATER)
        for person in (cast.amina, cast.ben):
            check_promise(promise, by=person, verdict="not_fixed")
        assert Commitment.get_by_id(promise.id).state == "not_kept" and settled_lines() == []

    def test_what_they_claim_settles_nothing(self, letter, cast):
        promise = build_commitment(letter.campaign, made_on=BEFORE)
        note_claim(promise, by=cast.amina, claimed_done_on=TODAY)
        stored = Commitment.get_by_id(promise.id)
        assert (stored.state, stored.claimed_done_on) == ("promised", TODAY)
        note_claim(promise, by=cast.amina, claimed_done_on=None)
        assert Commitment.get_by_id(promise.id).claimed_done_on is None

    def test_a_claim_is_neither_tomorrow_nor_before_the_promise(self, letter, cast):
        promise = build_commitment(letter.campaign)
        for day in (LATER, BEFORE):
            with pytest.raises(RuleBroken):
                note_claim(promise, by=cast.amina, claimed_done_on=day)


class TestCallingOff:
    def test_it_leaves_lists_counts_and_the_public_and_takes_no_checks(self, letter, cast):
        promise = build_commitment(letter.campaign, is_public=True)
        cancel_promise(promise, by=cast.amina)
        assert (
            promise_queries.promises_of(letter.campaign) == [] and promise_queries.counts_of(letter.campaign).total == 0
        )
        assert not Commitment.get_by_id(promise.id).is_public
        for act in (
            lambda: check_promise(promise, by=cast.ben, verdict="fixed"),
            lambda: cancel_promise(promise, by=cast.ben),
            lambda: note_claim(promise, by=cast.ben, claimed_done_on=TODAY),
        ):
            with pytest.raises(RuleBroken, match="called off"):
                act()
        assert CommitmentCheck.select().count() == 0

    def test_brought_back_it_is_as_residents_last_found_it(self, letter, cast):
        promise = build_commitment(letter.campaign)
        check_promise(promise, by=cast.amina, verdict="partly")
        cancel_promise(promise, by=cast.amina)
        restore_promise(promise, by=cast.ben)
        assert Commitment.get_by_id(promise.id).state == "partly_kept"
        with pytest.raises(RuleBroken, match="not called off"):
            restore_promise(promise, by=cast.ben)


class TestCounting:
    def test_each_promise_is_counted_once_where_it_stands_today(self, letter, cast):
        for given in (
            {"state": "kept", "due_on": BEFORE},
            {"due_on": TODAY},
            {"due_on": BEFORE},
            {},
            {},
            {"state": "cancelled"},
        ):
            build_commitment(letter.campaign, **given)
        counts = promise_queries.counts_of(letter.campaign)
        assert (counts.kept, counts.not_due, counts.late, counts.undated, counts.total) == (1, 1, 1, 2, 5)
        assert promise_queries.counts_of(letter.campaign, on=date(2026, 11, 24)).late == 2
        assert promise_queries.counts_of(letter.campaign, public_only=True).total == 0

    def test_the_middle_delay_of_what_was_kept_counts_from_when_they_said_it_was_done(self, letter):
        kept_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
        for due_on, claimed_on in ((date(2026, 11, 1), None), (BEFORE, date(2026, 11, 5)), (LATER, None), (None, None)):
            build_commitment(letter.campaign, state="kept", kept_at=kept_at, due_on=due_on, claimed_done_on=claimed_on)
        counts = promise_queries.counts_of(letter.campaign)
        assert (sorted(counts.delays), counts.median_delay) == ([0, 2, 19], 2)

    def test_pages_go_by_standing_and_then_by_day(self, letter, monkeypatch):
        monkeypatch.setattr(promise_queries, "PAGE", 2)
        for day in (LATER, None, BEFORE, None, TODAY):
            build_commitment(letter.campaign, due_on=day)
        build_commitment(letter.campaign, state="kept", due_on=BEFORE)
        seen, after = [], None
        while page := promise_queries.promises_of(letter.campaign, after=after)[:2]:
            seen += page
            after = (page[-1].number, page[-1].due_on, page[-1].id)
        assert [promise.due_on for promise in seen] == [BEFORE, TODAY, LATER, None, None, BEFORE]
        assert len({promise.id for promise in seen}) == 6
        only = promise_queries.promises_of(letter.campaign, only="undated")
        assert len(only) == 2 and only[0].due_on is None
