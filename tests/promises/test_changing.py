"""Correcting a promise, saying whom it touches, another in its place, and its day that passes."""

import json
from datetime import date, timedelta

import pytest

from portal.campaigns.models import Activity, Campaign
from portal.errors import RuleBroken
from portal.responses import promise_queries
from portal.responses.chasing import chase_promise, how_it_is
from portal.responses.checking.changing import ChangedMeanwhile, choose_reach, correct_promise, renegotiate
from portal.responses.checking.looking import check_promise
from portal.responses.checking.models import CommitmentChange, CommitmentHome
from portal.responses.checking.passing import note_passed_days
from portal.responses.models import Commitment
from portal.responses.promise_operations import cancel_promise, restore_promise
from tests.builders import build_commitment

TODAY, YESTERDAY, LATER = date(2026, 11, 23), date(2026, 11, 22), date(2026, 12, 4)


@pytest.fixture
def promise(letter):
    return build_commitment(letter.campaign, made_on=date(2026, 11, 3), due_on=YESTERDAY, is_public=True)


def stored(promise):
    return Commitment.get_by_id(promise.id)


class TestCorrecting:
    def test_what_stood_there_is_kept_and_other_words_are_private_again(self, promise, cast):
        correct_promise(promise, by=cast.ben, what="Fit 40 fans", due_on=LATER, why="A slip", seen=1)
        row = stored(promise)
        assert (row.what, row.due_on, row.is_public, row.version) == ("Fit 40 fans", LATER, False, 2)
        lines = {line.what: (line.was, line.now, line.why) for line in CommitmentChange.select()}
        assert lines["words"] == ("Fit the fans", "Fit 40 fans", "A slip")
        assert lines["day"] == ("2026-11-22", "2026-12-04", "A slip")

    def test_another_day_alone_stays_public_and_the_same_again_changes_nothing(self, promise, cast):
        for _press in range(2):
            correct_promise(promise, by=cast.ben, what="Fit the fans", due_on=LATER, why="A slip", seen=1)
        assert stored(promise).is_public and CommitmentChange.select().count() == 1

    def test_whoever_comes_second_sees_what_the_first_wrote(self, promise, cast):
        correct_promise(promise, by=cast.ben, what="Fit 40 fans", due_on=None, why="A slip", seen=1)
        with pytest.raises(ChangedMeanwhile) as changed:
            correct_promise(promise, by=cast.amina, what="Fit 4 fans", due_on=None, why="Mine", seen=1)
        assert changed.value.promise.what == "Fit 40 fans" and stored(promise).what == "Fit 40 fans"


class TestReach:
    def test_what_was_said_is_counted_anew(self, promise, homes, cast):
        for person, home in ((cast.amina, homes[0]), (cast.ben, homes[1])):
            check_promise(promise, by=person, verdict="fixed", home=home)
        assert stored(promise).state == "kept"
        choose_reach(promise, by=cast.ben, reach="building", share=50)
        assert (stored(promise).state, stored(promise).home_count) == ("promised", 8)
        choose_reach(promise, by=cast.ben, reach="homes", homes=[homes[0].id, homes[1].id])
        assert (stored(promise).state, stored(promise).home_count) == ("kept", 2)
        choose_reach(promise, by=cast.ben, reach="matter")
        assert not CommitmentHome.select().exists()
        assert CommitmentChange.select().where(CommitmentChange.what == "reach").count() == 3

    def test_homes_have_to_be_ticked_and_be_ours(self, promise, homes, cast):
        for given, words in (({"homes": []}, "Tick the homes"), ({"homes": [99999]}, "our own list")):
            with pytest.raises(RuleBroken, match=words):
                choose_reach(promise, by=cast.ben, reach="homes", **given)
        with pytest.raises(RuleBroken, match="1 to 100"):
            choose_reach(promise, by=cast.ben, reach="building", share=101)


class TestAnew:
    def test_each_leads_to_the_other_and_only_the_new_one_counts(self, promise, homes, cast):
        choose_reach(promise, by=cast.ben, reach="homes", homes=[homes[0].id])
        new = renegotiate(promise, by=cast.amina, what="Fit half", made_on=TODAY, due_on=LATER, why="Parts")
        row = stored(promise)
        assert (row.state, row.replaced_by_id, row.is_public) == ("renegotiated", new.id, False)
        assert (new.reach, CommitmentHome.get(CommitmentHome.commitment == new.id).home_id) == ("homes", homes[0].id)
        assert [found.id for found in promise_queries.promises_of(promise.campaign)] == [new.id]
        assert promise_queries.counts_of(promise.campaign).total == 1
        assert Activity.get(Activity.verb == "commitment_replaced").side == "theirs"

    def test_nothing_more_happens_to_the_old_one(self, promise, cast):
        renegotiate(promise, by=cast.amina, what="Fit half", made_on=TODAY, why="Parts")
        for act in (
            lambda: check_promise(promise, by=cast.ben, verdict="fixed"),
            lambda: renegotiate(promise, by=cast.ben, what="Again", made_on=TODAY, why="x"),
            lambda: chase_promise(stored(promise), by=cast.ben),
        ):
            with pytest.raises(RuleBroken, match=r"in the place|replaced"):
                act()
        assert Commitment.select().count() == 2

    def test_the_old_one_comes_back_once_the_new_one_is_called_off(self, promise, cast):
        new = renegotiate(promise, by=cast.amina, what="Fit half", made_on=TODAY, why="Parts")
        with pytest.raises(RuleBroken, match="not called off"):
            restore_promise(stored(promise), by=cast.amina)
        cancel_promise(new, by=cast.amina)
        old = stored(promise)
        old.campaign = promise.campaign
        restore_promise(old, by=cast.amina)
        assert (stored(promise).state, stored(promise).replaced_by_id) == ("promised", None)


class TestItsDayPasses:
    def test_the_timeline_says_so_once_for_each_day(self, promise, cast):
        assert (note_passed_days(), note_passed_days()) == (1, 0)
        line = Activity.get(Activity.verb == "commitment_day_passed")
        assert (line.happened_on, line.by_id, line.is_public) == (TODAY, None, True)
        assert json.loads(line.facts)["due_on"] == "2026-11-22"
        correct_promise(
            promise, by=cast.ben, what="Fit the fans", due_on=YESTERDAY - timedelta(days=1), why="A slip", seen=1
        )
        assert note_passed_days() == 1

    def test_not_of_what_is_settled_claimed_not_due_or_in_a_campaign_that_is_over(self, promise, letter):
        Commitment.update(state="kept").execute()
        build_commitment(letter.campaign, due_on=TODAY)
        build_commitment(letter.campaign, due_on=YESTERDAY, claimed_done_on=TODAY)
        assert note_passed_days() == 0
        Commitment.update(state="promised").execute()
        Campaign.update(state="lost").execute()
        assert note_passed_days() == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fixed_count": 0}, ""),
        (
            {"reach": "homes", "home_count": 40, "fixed_count": 27, "not_fixed_count": 9},
            "27 of 40 homes say that it is done, 9 that it is not.",
        ),
        (
            {"not_fixed_count": 2, "partly_count": 1, "reopened_count": 2},
            "0 of us say that it is done, 1 that it is done in part, 2 that it is not. "
            "It was mended and broke again 2 times.",
        ),
    ],
)
def test_the_letter_says_how_it_is_in_numbers(promise, cast, given, words):
    Commitment.update(**given).execute()
    row = stored(promise)
    assert how_it_is(row) == words
    letter = chase_promise(row, by=cast.amina)
    text = " ".join(block.text for block in letter.blocks)
    assert (words or "[how it is today]") in text
