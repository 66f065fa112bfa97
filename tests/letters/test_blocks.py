"""Writing the parts of a letter: nothing that somebody saved is ever lost."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.errors import RuleBroken
from portal.letters.blocks import Clash, Words, add_block, move_block, put_back_block, remove_block, save_block
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.operations import address_anew, change_heading
from portal.letters.votes.models import SignOff
from portal.letters.votes.opening import open_vote
from tests.builders import build_campaign, build_letter, build_target


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben], floors=2, homes_per_floor=2))


def part(letter, kind):
    return Block.select().where(Block.letter == letter.id, Block.kind == kind).order_by(Block.position).first()


def shown(letter):
    rows = Block.select().where(Block.letter == letter.id, Block.removed_at.is_null())
    return [row.text for row in rows.order_by(Block.position, Block.id)]


def version_of(letter):
    return Letter.get_by_id(letter.id).version


class TestSaving:
    def test_a_save_raises_both_versions_and_keeps_the_words(self, letter, cast):
        block = part(letter, "fact")
        save_block(block, Words("34 homes have mould.", source="Our list"), seen=1, by=cast.ben)
        now = Block.get_by_id(block.id)
        assert (now.text, now.version, now.edited_by) == ("34 homes have mould.", 2, cast.ben)
        assert version_of(letter) == 2
        kept = BlockRevision.get(BlockRevision.block == block.id)
        assert (kept.text, kept.version, kept.saved_by, kept.is_beside) == ("34 homes have mould.", 2, cast.ben, False)

    def test_the_same_words_again_change_nothing(self, letter, cast):
        block = part(letter, "fact")
        save_block(block, Words(block.text, source=block.source), seen=1, by=cast.ben)
        assert version_of(letter) == 1 and Block.get_by_id(block.id).version == 1

    def test_the_second_of_two_saves_overwrites_nothing_and_is_kept_beside(self, letter, cast):
        block = part(letter, "harm") or part(letter, "closing")
        save_block(block, Words("Amina's words"), seen=1, by=cast.amina)
        with pytest.raises(Clash) as caught:
            save_block(block, Words("Ben's words"), seen=1, by=cast.ben)
        assert Block.get_by_id(block.id).text == "Amina's words"
        assert caught.value.block.text == "Amina's words" and caught.value.mine.text == "Ben's words"
        beside = BlockRevision.get(BlockRevision.is_beside == True)  # noqa: E712
        assert (beside.text, beside.saved_by) == ("Ben's words", cast.ben)
        assert version_of(letter) == 2

    def test_two_who_write_the_same_words_do_not_clash(self, letter, cast):
        block = part(letter, "closing")
        save_block(block, Words("Write to us."), seen=1, by=cast.amina)
        save_block(block, Words("Write to us."), seen=1, by=cast.ben)
        assert Block.get_by_id(block.id).edited_by == cast.amina

    def test_two_in_different_parts_never_clash(self, letter, cast):
        save_block(part(letter, "closing"), Words("Write to us."), seen=1, by=cast.amina)
        save_block(part(letter, "greeting"), Words("Dear you,"), seen=1, by=cast.ben)
        assert version_of(letter) == 3

    def test_a_clash_shows_where_both_began(self, letter, cast):
        block = part(letter, "closing")
        save_block(block, Words("One"), seen=1, by=cast.amina)
        save_block(block, Words("Two"), seen=2, by=cast.amina)
        with pytest.raises(Clash) as caught:
            save_block(block, Words("Three"), seen=2, by=cast.ben)
        assert caught.value.base == Words("One")

    def test_words_for_a_part_that_was_removed_are_kept(self, letter, cast):
        block = part(letter, "closing")
        remove_block(block, seen=1, by=cast.amina)
        with pytest.raises(Clash) as caught:
            save_block(block, Words("A better end"), seen=1, by=cast.ben)
        assert caught.value.block.removed_at is not None
        kept = BlockRevision.get(BlockRevision.block == block.id, BlockRevision.is_beside == True)  # noqa: E712
        assert (kept.text, kept.saved_by, kept.based_on) == ("A better end", cast.ben, 1)

    def test_fields_that_a_kind_does_not_have_are_dropped(self, letter, cast):
        block = part(letter, "question")
        save_block(block, Words("When?", test="x", by_on=date(2026, 12, 1), source="y"), seen=1, by=cast.amina)
        now = Block.get_by_id(block.id)
        assert (now.test, now.by_on, now.source) == ("", None, "")


class TestOrder:
    def test_a_new_part_goes_after_the_last_of_its_kind(self, letter, cast):
        add_block(letter, "demand", Words("Mend the lift", by_on=date(2026, 12, 1)), by=cast.amina)
        texts = shown(letter)
        assert texts[texts.index("Mend the lift") - 1] == "Meet us in the community room"
        assert texts[-1] == "We expect your answer in writing."

    def test_the_first_of_its_kind_goes_where_such_a_part_usually_stands(self, letter, cast):
        add_block(letter, "harm", Words("We cough."), by=cast.amina)
        texts = shown(letter)
        assert texts[2] == "We cough."

    def test_up_and_down(self, letter, cast):
        before = shown(letter)
        block = part(letter, "fact")
        move_block(block, -1, by=cast.amina)
        assert shown(letter)[:2] == [before[1], before[0]]
        move_block(block, 1, by=cast.amina)
        assert shown(letter) == before
        assert version_of(letter) == 3

    def test_the_first_part_stays_first_when_moved_up(self, letter, cast):
        move_block(part(letter, "greeting"), -1, by=cast.amina)
        assert version_of(letter) == 1

    def test_moving_works_even_when_positions_are_equal(self, letter, cast):
        Block.update(position=0).execute()
        before = shown(letter)
        move_block(Block.get(Block.text == before[3]), -1, by=cast.amina)
        assert shown(letter) == [*before[:2], before[3], before[2], *before[4:]]

    def test_a_hundred_parts_are_enough(self, letter, cast):
        for position in range(94):
            Block.create(letter=letter, kind="fact", position=10 + position, text="x")
        with pytest.raises(RuleBroken, match="100 parts"):
            add_block(letter, "fact", Words("one more"), by=cast.amina)


class TestRemoving:
    def test_a_removed_part_comes_back_where_it_stood(self, letter, cast):
        before = shown(letter)
        block = part(letter, "demand")
        remove_block(block, seen=1, by=cast.amina)
        assert block.text not in shown(letter)
        put_back_block(block, by=cast.ben)
        assert shown(letter) == before and version_of(letter) == 3

    def test_putting_back_twice_is_once(self, letter, cast):
        block = part(letter, "demand")
        remove_block(block, seen=1, by=cast.amina)
        put_back_block(block, by=cast.ben)
        put_back_block(block, by=cast.ben)
        assert version_of(letter) == 3

    def test_a_part_that_changed_meanwhile_is_not_removed_blindly(self, letter, cast):
        block = part(letter, "demand")
        save_block(block, Words("Something better"), seen=1, by=cast.ben)
        with pytest.raises(RuleBroken, match="changed this part"):
            remove_block(block, seen=1, by=cast.amina)
        assert "Something better" in shown(letter)


CHANGES = {
    "save": lambda letter, by: save_block(part(letter, "fact"), Words("Other words"), seen=1, by=by),
    "add": lambda letter, by: add_block(letter, "fact", Words("More"), by=by),
    "move": lambda letter, by: move_block(part(letter, "fact"), 1, by=by),
    "remove": lambda letter, by: remove_block(part(letter, "fact"), seen=1, by=by),
    "put back": lambda letter, by: put_back_block(part(letter, "fact"), by=by),
    "headline": lambda letter, by: change_heading(
        letter, title="Another", language="en", is_formal_complaint=True, seen_title=letter.title, by=by
    ),
    "addressee": lambda letter, by: address_anew(letter, by=by),
}


class TestFrozenAndWaiting:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
    def test_a_frozen_letter_takes_no_change_of_any_kind(self, cast, change):
        letter = build_letter(build_campaign(leads=[cast.amina]), frozen=True)
        before = list(Block.select().where(Block.letter == letter.id).order_by(Block.id).dicts())
        with pytest.raises(RuleBroken, match="frozen"):
            change(letter, cast.amina)
        assert list(Block.select().where(Block.letter == letter.id).order_by(Block.id).dicts()) == before
        assert version_of(letter) == 1

    def test_a_letter_that_was_frozen_after_it_was_read_takes_no_change(self, letter, cast):
        block = part(letter, "fact")
        Letter.update(frozen_at=letter.created_at).where(Letter.id == letter.id).execute()
        with pytest.raises(RuleBroken, match="frozen"):
            save_block(block, Words("Other words"), seen=1, by=cast.amina)

    @pytest.mark.parametrize("name", [name for name in CHANGES if name != "put back"])
    def test_any_change_ends_the_vote_on_the_old_words(self, letter, cast, name):
        sign_off = open_vote(letter, seen=1, closes_at=clock.now() + timedelta(hours=72), by=cast.amina)
        change = CHANGES[name](letter, cast.ben)
        ended = SignOff.get_by_id(sign_off.id)
        assert change.stopped_vote and (ended.outcome, ended.closed_by) == ("cancelled", cast.ben)

    def test_a_save_without_a_change_does_not(self, letter, cast):
        open_vote(letter, seen=1, closes_at=clock.now() + timedelta(hours=72), by=cast.amina)
        block = part(letter, "closing")
        assert not save_block(block, Words(block.text), seen=1, by=cast.ben).stopped_vote
        assert SignOff.get().is_open


class TestHeadlineAndAddressee:
    def test_a_headline_that_changed_meanwhile_is_not_overwritten(self, letter, cast):
        same = {"language": "en", "is_formal_complaint": False, "seen_title": "We ask for dry walls"}
        change_heading(letter, title="Dry walls now", **same, by=cast.ben)
        with pytest.raises(RuleBroken, match="Dry walls now"):
            change_heading(letter, title="Mine", **same, by=cast.amina)
        assert Letter.get_by_id(letter.id).title == "Dry walls now"

    def test_it_can_be_addressed_to_whomever_the_campaign_writes_to_now(self, letter, cast):
        letter.campaign.target = build_target("Kestrel Water")
        address_anew(letter, by=cast.amina)
        assert Letter.get_by_id(letter.id).target.organization.name == "Kestrel Water"
