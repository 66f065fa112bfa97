"""Looking: for oneself, for a home that told it, from paper; talking to who disagrees; and what breaks again."""

import io
import json
from datetime import timedelta

import pytest

from portal import clock, storage
from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.responses.checking.changing import choose_reach
from portal.responses.checking.looking import check_promise, enter_for_home, note_nobody_in, take_out_photo, talk_with
from portal.responses.checking.models import CommitmentChange
from portal.responses.models import Commitment, CommitmentCheck
from tests.builders import build_commitment
from tests.conftest import NOON

YESTERDAY = (NOON - timedelta(days=1)).date()


@pytest.fixture
def promise(letter, homes):
    """Fans in the first five homes, due yesterday."""
    made = build_commitment(letter.campaign, due_on=YESTERDAY)
    choose_reach(made, by=letter.campaign.started_by, reach="homes", homes=[home.id for home in homes[:5]])
    return made


def enter(promise, home, verdict, by, how="beside", **given):
    return enter_for_home(promise, by=by, home=home, verdict=verdict, how=how, **given)


def stored(promise):
    return Commitment.get_by_id(promise.id)


def days_later(days):
    return clock.frozen_at(NOON + timedelta(days=days))


class TestHomes:
    def test_three_of_five_homes_make_it_kept_whoever_entered_them(self, promise, homes, cast):
        check_promise(promise, by=cast.cerys, verdict="fixed", home=homes[0])
        enter(promise, homes[1], "fixed", cast.cerys)
        assert enter(promise, homes[2], "fixed", cast.ben, "phone") == "kept"
        row = stored(promise)
        assert (row.home_count, row.fixed_count) == (5, 3) and row.kept_at

    def test_the_newest_word_of_a_home_replaces_the_one_before(self, promise, homes, cast):
        enter(promise, homes[1], "not_fixed", cast.cerys)
        enter(promise, homes[1], "fixed", cast.ben, "door_list")
        check = CommitmentCheck.get()
        assert (check.verdict, check.how, check.entered_by_id) == ("fixed", "door_list", cast.ben.id)
        assert stored(promise).not_fixed_count == 0

    def test_what_somebody_says_of_their_own_home_is_not_talked_over(self, promise, homes, cast):
        enter(promise, homes[0], "fixed", cast.ben)
        check_promise(promise, by=cast.cerys, verdict="not_fixed", home=homes[0])
        assert (stored(promise).fixed_count, stored(promise).not_fixed_count) == (0, 1)
        with pytest.raises(RuleBroken, match="themselves"):
            enter(promise, homes[0], "fixed", cast.ben)

    def test_a_home_has_to_be_named_and_be_one_of_them(self, promise, homes, cast):
        with pytest.raises(RuleBroken, match="Choose the home"):
            check_promise(promise, by=cast.cerys, verdict="fixed")
        with pytest.raises(RuleBroken, match="not among the homes"):
            enter(promise, homes[7], "fixed", cast.cerys)

    def test_nobody_in_replaces_no_word_and_counts_for_nothing(self, promise, homes, cast):
        enter(promise, homes[0], "fixed", cast.cerys)
        for home in homes[:2]:
            note_nobody_in(promise, by=cast.cerys, home=home)
        assert [check.verdict for check in CommitmentCheck.select().order_by(CommitmentCheck.id)] == [
            "fixed",
            "nobody_in",
        ]
        enter(promise, homes[1], "fixed", cast.cerys)
        assert stored(promise).fixed_count == 2


class TestTalking:
    def test_one_no_holds_it_until_a_lead_has_talked_to_that_home(self, letter, cast):
        promise = build_commitment(letter.campaign, due_on=YESTERDAY)
        for person, verdict in ((cast.amina, "fixed"), (cast.ben, "fixed"), (cast.cerys, "not_fixed")):
            state = check_promise(promise, by=person, verdict=verdict)
        assert state == "disputed"
        check = CommitmentCheck.get(CommitmentCheck.person == cast.cerys.id)
        assert talk_with(check, promise, by=cast.amina, verdict="fixed", note="It was the neighbour's fan") == "kept"
        line = CommitmentChange.get(CommitmentChange.what == "talked")
        assert (line.was, line.now, line.why) == ("not_fixed", "fixed", "It was the neighbour's fan")

    def test_who_still_says_no_after_it_makes_it_not_kept_and_saying_it_again_does_not_undo_the_talk(
        self, letter, cast
    ):
        promise = build_commitment(letter.campaign, due_on=YESTERDAY)
        check_promise(promise, by=cast.ben, verdict="fixed")
        check_promise(promise, by=cast.cerys, verdict="not_fixed")
        check = CommitmentCheck.get(CommitmentCheck.person == cast.cerys.id)
        assert talk_with(check, promise, by=cast.amina, verdict="not_fixed", note="I saw it") == "not_kept"
        assert check_promise(promise, by=cast.cerys, verdict="not_fixed", note="Still") == "not_kept"
        assert check_promise(promise, by=cast.cerys, verdict="fixed") == "kept"
        assert CommitmentCheck.get_by_id(check.id).talked_at is None

    def test_a_lead_does_not_talk_to_themselves(self, letter, cast):
        promise = build_commitment(letter.campaign)
        check_promise(promise, by=cast.amina, verdict="not_fixed")
        with pytest.raises(RuleBroken, match="Another lead"):
            talk_with(CommitmentCheck.get(), promise, by=cast.amina, verdict="fixed", note="x")


class TestItBreaksAgain:
    @pytest.fixture
    def kept(self, letter, cast):
        promise = build_commitment(letter.campaign, what="The lift", due_on=YESTERDAY, claimed_done_on=YESTERDAY)
        for person in (cast.amina, cast.ben):
            check_promise(promise, by=person, verdict="fixed")
        return promise

    def test_the_same_promise_is_open_again_with_a_count(self, kept, cast):
        with days_later(9):
            assert check_promise(kept, by=cast.cerys, verdict="not_fixed", again="broke") == "disputed"
        row = stored(kept)
        assert (row.reopened_count, row.fixed_count, row.claimed_done_on) == (1, 0, None)
        line = Activity.get(Activity.verb == "commitment_reopened")
        assert json.loads(line.facts)["count"] == 1
        with days_later(20):
            for person in (cast.amina, cast.cerys):
                state = check_promise(kept, by=person, verdict="fixed", again="")
        assert state == "kept"

    def test_it_was_never_done_here_only_opens_a_dispute(self, kept, cast):
        assert check_promise(kept, by=cast.cerys, verdict="not_fixed", again="never") == "disputed"
        assert (stored(kept).reopened_count, stored(kept).fixed_count) == (0, 2)

    def test_which_of_the_two_has_to_be_said(self, kept, cast):
        with pytest.raises(RuleBroken, match="broke again or was never done"):
            check_promise(kept, by=cast.cerys, verdict="not_fixed", again="")
        assert not CommitmentCheck.select().where(CommitmentCheck.person == cast.cerys.id).exists()

    def test_after_ninety_days_it_is_a_new_matter(self, kept, cast):
        with days_later(90):
            assert check_promise(kept, by=cast.cerys, verdict="fixed") == "kept"
        with days_later(91), pytest.raises(RuleBroken, match="new matter"):
            check_promise(kept, by=cast.ben, verdict="not_fixed", again="broke")

    def test_from_paper_a_home_that_changed_its_word_says_that_it_broke_again(self, letter, homes, cast):
        promise = build_commitment(letter.campaign)
        choose_reach(promise, by=cast.amina, reach="homes", homes=[home.id for home in homes[:3]])
        for home in homes[:3]:
            enter(promise, home, "fixed", cast.cerys, "door_list")
        with days_later(5):
            assert enter(promise, homes[0], "not_fixed", cast.cerys, "door_list") == "disputed"
        # Each home has a fan of its own: the other two still say fixed.
        assert (stored(promise).reopened_count, stored(promise).fixed_count) == (1, 2)


class TestPhotos:
    def photo(self, data=b"\xff\xd8\xff a picture"):
        return storage.keep(io.BytesIO(data), name="fan.jpg")

    def test_a_photo_stays_when_the_words_change_and_goes_when_it_is_taken_out(self, letter, cast):
        promise = build_commitment(letter.campaign)
        photo = self.photo()
        check_promise(promise, by=cast.cerys, verdict="partly", photo=photo)
        check_promise(promise, by=cast.cerys, verdict="fixed")
        check = CommitmentCheck.get()
        assert check.photo_id == photo.id
        take_out_photo(check, promise, by=cast.cerys)
        assert CommitmentCheck.get().photo_id is None
        assert not storage.StoredFile.select().where(storage.StoredFile.id == photo.id).exists()

    def test_only_a_photo_is_a_photo(self, letter, cast):
        with pytest.raises(RuleBroken, match="JPG"):
            check_promise(build_commitment(letter.campaign), by=cast.cerys, verdict="fixed", photo=self.photo(b"%PDF-"))


def test_every_change_of_state_leaves_a_line_of_history(letter, cast):
    promise = build_commitment(letter.campaign, due_on=YESTERDAY)
    for person, verdict in ((cast.amina, "fixed"), (cast.ben, "fixed"), (cast.cerys, "partly")):
        check_promise(promise, by=person, verdict=verdict)
    lines = [(line.was, line.now, line.by_id) for line in CommitmentChange.select().order_by(CommitmentChange.id)]
    assert lines == [("promised", "kept", cast.ben.id), ("kept", "partly_kept", cast.cerys.id)]
