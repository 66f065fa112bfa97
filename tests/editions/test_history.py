"""Every state of the letter can be read again, compared, and gone back to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.database import db
from portal.errors import RuleBroken
from portal.letters.blocks import Clash, Words, add_block, move_block, put_back_block, remove_block, save_block
from portal.letters.editions import restoring
from portal.letters.editions.models import LetterRevision
from portal.letters.editions.states import between, changes_of, states_of
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.operations import change_heading
from tests.counting import count_sql
from tests.examples import examples, shared
from tests.talk.conftest import part


def content(letter, number):
    state = states_of(letter, [number])[number]
    return state.title, [(one.id, one.kind, one.words) for one in state.parts]


def version(letter):
    return Letter.get_by_id(letter.id).version


def edit(letter, cast, what, at):
    rows = list(Block.select().where(Block.letter == letter.id).order_by(Block.id))
    block = rows[at % len(rows)]
    block.letter = letter
    number = version(letter)
    try:
        if what == "save":
            save_block(block, Words(f"Words {number}", source="s"), seen=block.version, by=cast.amina)
        elif what == "add":
            add_block(letter, "fact", Words(f"New {number}"), by=cast.amina)
        elif what == "remove":
            remove_block(block, seen=block.version, by=cast.amina)
        elif what == "put_back":
            put_back_block(block, by=cast.amina)
        elif what == "title":
            now = Letter.get_by_id(letter.id).title
            change_heading(
                letter, title=f"T{number}", language="en", is_formal_complaint=False, seen_title=now, by=cast.amina
            )
        else:
            move_block(block, -1 if what == "up" else 1, by=cast.amina)
    except (RuleBroken, Clash):
        pass


EDITS = st.lists(
    st.tuples(st.sampled_from(["save", "add", "remove", "put_back", "title", "up", "down"]), st.integers(0, 7)),
    min_size=1,
    max_size=12,
)


@given(edits=EDITS, data=st.data())
@settings(shared, max_examples=examples(15, at_once=6))
def test_going_back_gives_the_text_of_then_and_coming_forward_the_text_of_now(letter, cast, edits, data):
    with db.atomic() as here:
        for what, at in edits:
            edit(letter, cast, what, at)
        last = version(letter)
        number = data.draw(st.integers(1, last))
        then, now = content(letter, number), content(letter, last)
        saves = BlockRevision.select().count()
        restoring.restore_letter(letter, number, seen=last, by=cast.ben)
        assert content(letter, version(letter)) == then
        assert BlockRevision.select().count() >= saves
        restoring.restore_letter(letter, last, seen=version(letter), by=cast.ben)
        assert content(letter, version(letter)) == now
        agrees_with_rows(letter)
        differences_agree(letter, number, last)
        here.rollback()
        letter.version = 1


def agrees_with_rows(letter):
    rows = Block.select().where(Block.letter == letter.id, Block.removed_at.is_null())
    standing = [(row.id, row.kind, Words.of(row)) for row in rows.order_by(Block.position, Block.id)]
    assert content(letter, version(letter))[1] == standing


def differences_agree(letter, old, new):
    """What is equal or put in is the new text, what is equal or taken out the old one; parts likewise."""
    found = states_of(letter, {old, new})
    a, b = found[old], found[new]
    rows = between(a, b)
    assert [one.part.id for one in rows.parts if one.what != "removed"] == [one.id for one in b.parts]
    was = {one.id: one.words for one in a.parts}
    assert {one.part.id for one in rows.parts if one.what != "added"} == set(was)
    for one in rows.parts:
        text = one.compared.text
        after = "".join(words for kind, words in text if kind != "delete")
        before = "".join(words for kind, words in text if kind != "insert")
        assert after == ("" if one.what == "removed" else one.part.text)
        assert before == ("" if one.what == "added" else was[one.part.id].text)
        assert (one.what == "same") == (was.get(one.part.id) == one.part.words and one.what != "removed")
    stayed = [one.part.id for one in rows.parts if one.what in ("same", "changed") and not one.moved]
    assert stayed == [one.id for one in a.parts if one.id in set(stayed)]


def test_one_moved_part_is_the_only_one_said_to_have_moved(letter, cast):
    for _step in range(3):
        move_block(part(letter, "closing"), -1, by=cast.amina)
    found = states_of(letter, {1, version(letter)})
    rows = between(found[1], found[version(letter)])
    assert [one.part.kind for one in rows.parts if one.moved] == ["closing"]


def test_a_state_takes_two_statements_however_long_the_letter(letter, cast):
    for number in range(12):
        add_block(letter, "fact", Words(f"{number}"), by=cast.amina)
    newest = version(letter)
    with count_sql() as seen:
        states_of(letter, {1, 5, newest})
    assert len(seen) == 2


def test_a_removal_of_long_ago_that_left_no_revision_can_still_be_read(letter, cast):
    block = part(letter, "question")
    remove_block(block, seen=1, by=cast.amina)
    put_back_block(block, by=cast.amina)
    BlockRevision.delete().where(BlockRevision.block == block.id, BlockRevision.version > 1).execute()
    save_block(block, Words("Why?"), seen=3, by=cast.amina)
    texts = [words.text for _id, kind, words in content(letter, 3)[1] if kind == "question"]
    assert texts == ["When was the roof last inspected?"]


def test_going_back_says_so_and_why_and_keeps_what_stood(letter, cast):
    save_block(part(letter, "closing"), Words("Longer words"), seen=1, by=cast.amina)
    restoring.restore_letter(letter, 1, seen=2, by=cast.ben, why="Shorter is better")
    [now, *_older], _more = changes_of(letter)
    assert (now.number, now.change, now.why, now.by) == (3, "restored", "Shorter is better", cast.ben)
    assert BlockRevision.select().where(BlockRevision.text == "Longer words").exists()


def test_going_back_to_the_same_changes_nothing(letter, cast):
    restoring.restore_letter(letter, 1, seen=1, by=cast.ben)
    assert version(letter) == 1


def test_going_back_after_somebody_saved_is_refused(letter, cast):
    save_block(part(letter, "closing"), Words("New"), seen=1, by=cast.amina)
    with pytest.raises(restoring.MovedOn):
        restoring.restore_letter(letter, 1, seen=1, by=cast.ben)
    assert part(letter, "closing").text == "New"


def test_a_frozen_letter_does_not_go_back(letter, cast):
    from portal import clock

    Letter.update(frozen_at=clock.now()).where(Letter.id == letter.id).execute()
    with pytest.raises(RuleBroken):
        restoring.restore_letter(letter, 1, seen=1, by=cast.ben)
    with pytest.raises(RuleBroken):
        restoring.name_state(letter, "outline", seen=1, by=cast.ben)


def test_states_get_names_and_several_may_have_the_same(letter, cast):
    restoring.name_state(letter, "outline", seen=1, by=cast.amina)
    save_block(part(letter, "closing"), Words("New"), seen=1, by=cast.amina)
    restoring.name_state(letter, "outline", seen=2, by=cast.ben)
    save_block(part(letter, "closing"), Words("Newer"), seen=2, by=cast.amina)
    named, _more = changes_of(letter, only_named=True)
    assert [(row.number, row.name, row.named_by) for row in named] == [
        (2, "outline", cast.ben),
        (1, "outline", cast.amina),
    ]
    with pytest.raises(restoring.MovedOn):
        restoring.name_state(letter, "proposed", seen=2, by=cast.amina)
    with pytest.raises(ValueError):
        restoring.name_state(letter, "frozen", seen=3, by=cast.amina)


def test_the_desk_hears_of_a_name(letter, cast):
    before = Letter.get_by_id(letter.id).desk_version
    restoring.name_state(letter, "proposed", seen=1, by=cast.amina)
    assert Letter.get_by_id(letter.id).desk_version == before + 1
    assert LetterRevision.get(LetterRevision.number == 1).name == "proposed"
