"""Saving a part when somebody else saved first; splitting, joining and placing parts."""

from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.letters.blocks import (
    Clash,
    Words,
    add_block,
    join_block,
    place_block,
    put_back_block,
    remove_block,
    save_block,
    settle_clash,
    split_block,
)
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.saving import waiting_texts
from tests.builders import build_campaign, build_letter

BEGAN = "31 homes have mould. The lift failed."


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben]))


@pytest.fixture
def fact(letter, cast):
    """A fact at version 1, written down like every part that somebody adds."""
    return add_block(letter, "fact", Words(BEGAN, source="Our list"), by=cast.amina).block


def now(block):
    return Block.get_by_id(block.id)


def shown(letter):
    rows = Block.select().where(Block.letter == letter.id, Block.removed_at.is_null())
    return [row.text for row in rows.order_by(Block.position, Block.id)]


def kept(block):
    rows = BlockRevision.select().where(BlockRevision.block == block.id).order_by(BlockRevision.id)
    return [(row.change, row.text, row.is_beside, row.settled_at is None) for row in rows]


def last_change(letter):
    return LetterRevision.select().where(LetterRevision.letter == letter.id).order_by(LetterRevision.id.desc()).get()


class TestTwoSaves:
    def test_words_in_different_places_are_put_together_and_both_saves_are_kept(self, fact, cast):
        mine, theirs = BEGAN.replace("31", "34"), BEGAN.replace("failed", "failed twice")
        save_block(fact, Words(theirs, source="Our list"), seen=1, by=cast.ben)
        change = save_block(fact, Words(mine, source="Our list"), seen=1, by=cast.amina)
        both = "34 homes have mould. The lift failed twice."
        assert change.merged and (now(fact).text, now(fact).version) == (both, 3)
        assert kept(fact) == [
            ("added", BEGAN, False, True),
            ("wrote", theirs, False, True),
            ("wrote", mine, True, False),
            ("merged", both, False, True),
        ]
        assert last_change(fact.letter).change == "merged" and now(fact).clash_count == 0

    def test_fields_are_put_together_one_by_one(self, fact, cast):
        save_block(fact, Words(BEGAN, source="Our new list"), seen=1, by=cast.ben)
        save_block(fact, Words(BEGAN.replace("31", "34"), source="Our list"), seen=1, by=cast.amina)
        assert (now(fact).text, now(fact).source) == (BEGAN.replace("31", "34"), "Our new list")

    def test_a_field_that_both_changed_is_a_clash(self, fact, cast):
        save_block(fact, Words(BEGAN, source="Ben's list"), seen=1, by=cast.ben)
        with pytest.raises(Clash):
            save_block(fact, Words(BEGAN, source="Amina's list"), seen=1, by=cast.amina)
        assert now(fact).source == "Ben's list"

    def test_a_clash_waits_on_the_desk_and_tells_everybody_to_look(self, fact, cast):
        letter = fact.letter
        before = Letter.get_by_id(letter.id)
        save_block(fact, Words("One"), seen=1, by=cast.ben)
        with pytest.raises(Clash) as caught:
            save_block(fact, Words("Two"), seen=1, by=cast.amina, why="Because")
        assert now(fact).clash_count == 1
        waits = waiting_texts(fact)
        assert [(row.text, row.based_on, row.saved_by, row.why) for row in waits] == [("Two", 1, cast.amina, "Because")]
        assert caught.value.beside == waits[0]
        after = Letter.get_by_id(letter.id)
        assert (after.version, after.desk_version) == (before.version + 1, before.desk_version + 2)

    def test_why_stands_in_both_histories(self, fact, cast):
        save_block(fact, Words("One"), seen=1, by=cast.ben, why="We counted again")
        assert BlockRevision.get(BlockRevision.text == "One").why == "We counted again"
        assert last_change(fact.letter).why == "We counted again"


class TestSettling:
    @pytest.fixture
    def beside(self, fact, cast):
        save_block(fact, Words("Ben's", source="Our list"), seen=1, by=cast.ben)
        with pytest.raises(Clash) as caught:
            save_block(fact, Words("Amina's", source="Our list"), seen=1, by=cast.amina)
        return caught.value.beside

    @pytest.mark.parametrize(
        ("choice", "text", "version"), [("keep", "Ben's", 2), ("take", "Amina's", 3), ("third", "Ours", 3)]
    )
    def test_one_is_chosen_and_both_stay_in_the_history(self, fact, beside, cast, choice, text, version):
        settle_clash(fact, beside, choice=choice, seen=2, by=cast.ben, words=Words("Ours"))
        assert (now(fact).text, now(fact).version, now(fact).clash_count) == (text, version, 0)
        settled = BlockRevision.get_by_id(beside.id)
        assert settled.settled_by == cast.ben and settled.settled_at is not None
        assert {"Ben's", "Amina's"} <= {words for _change, words, _beside, _waits in kept(fact)}

    def test_twice_is_once(self, fact, beside, cast):
        settle_clash(fact, beside, choice="keep", seen=2, by=cast.ben)
        settle_clash(fact, beside, choice="take", seen=2, by=cast.amina)
        assert (now(fact).text, now(fact).clash_count) == ("Ben's", 0)

    def test_a_third_that_comes_too_late_loses_neither(self, fact, beside, cast):
        save_block(fact, Words("Later still"), seen=2, by=cast.ben)
        with pytest.raises(Clash):
            settle_clash(fact, beside, choice="third", seen=2, by=cast.amina, words=Words("A third"))
        assert now(fact).clash_count == 2
        assert [row.text for row in waiting_texts(fact)] == ["Amina's", "A third"]


class TestSplittingAndJoining:
    def test_a_part_becomes_two_and_one_again(self, letter, fact, cast):
        first, rest = Words("31 homes have mould.", source="Our list"), "The lift failed."
        split_block(fact, first, rest, seen=1, by=cast.ben)
        texts = shown(letter)
        assert texts[texts.index(first.text) + 1] == rest
        new = Block.get(Block.text == rest)
        assert (new.source, now(fact).version, last_change(letter).change) == ("Our list", 2, "split")
        join_block(fact, new, seen=2, other_seen=1, by=cast.amina)
        assert now(fact).text == f"{first.text}\n\n{rest}" and rest not in shown(letter)
        assert last_change(letter).change == "joined"
        put_back_block(new, by=cast.amina)
        assert rest in shown(letter)

    @pytest.mark.parametrize(("first", "rest", "seen"), [(" ", "b", 1), ("a", "\n", 1), ("a", "b", 7)])
    def test_no_half_may_be_empty_or_old(self, letter, fact, cast, first, rest, seen):
        with pytest.raises(RuleBroken):
            split_block(fact, Words(first), rest, seen=seen, by=cast.ben)
        assert now(fact).version == 1

    def test_demands_with_different_days_are_not_joined_by_guessing(self, letter, cast):
        one, other = letter.blocks.where(Block.kind == "demand").order_by(Block.position)
        with pytest.raises(RuleBroken, match="different days"):
            join_block(one, other, seen=1, other_seen=1, by=cast.amina)
        Block.update(by_on=date(2026, 12, 7)).where(Block.id == other.id).execute()
        join_block(one, other, seen=1, other_seen=1, by=cast.amina)
        assert (now(one).test, now(one).by_on) == ("A report for each home; You came", date(2026, 12, 7))

    def test_only_neighbours_of_one_kind_are_joined(self, letter, fact, cast):
        demand = letter.blocks.where(Block.kind == "demand").first()
        with pytest.raises(RuleBroken, match="same kind"):
            join_block(fact, demand, seen=1, other_seen=1, by=cast.amina)


class TestPlacing:
    def test_a_part_goes_below_another_or_first(self, letter, fact, cast):
        closing = letter.blocks.where(Block.kind == "closing").get()
        place_block(closing, after=fact.id, by=cast.amina)
        assert shown(letter).index(closing.text) == shown(letter).index(BEGAN) + 1
        place_block(closing, after=None, by=cast.amina)
        assert shown(letter)[0] == closing.text and last_change(letter).change == "moved"

    def test_where_it_stands_already_nothing_changes(self, letter, fact, cast):
        before = Letter.get_by_id(letter.id).version
        greeting = letter.blocks.where(Block.kind == "greeting").get()
        place_block(greeting, after=None, by=cast.amina)
        place_block(fact, after=fact.id, by=cast.amina)
        assert Letter.get_by_id(letter.id).version == before

    def test_below_a_part_that_was_taken_out_is_nowhere(self, letter, fact, cast):
        closing = letter.blocks.where(Block.kind == "closing").get()
        remove_block(closing, seen=1, by=cast.amina)
        with pytest.raises(RuleBroken, match="not in the letter any more"):
            place_block(fact, after=closing.id, by=cast.amina)

    def test_a_new_part_can_go_between(self, letter, fact, cast):
        add_block(letter, "harm", Words("We cough."), by=cast.amina, after=fact.id)
        assert shown(letter).index("We cough.") == shown(letter).index(BEGAN) + 1
