"""The counters of open talk equal the rows, whatever is done in whatever order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.database import db
from portal.errors import RuleBroken
from portal.letters.blocks import Words, put_back_block, remove_block, save_block
from portal.letters.models import Block, Letter
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.talk.queries import suggestion_of
from tests.builders import freeze_by_vote
from tests.examples import examples, shared

pytestmark = pytest.mark.usefixtures("in_a_request")

ON_SUGGESTIONS = ["words", "part", "first", "removal", "accept", "merge", "refuse", "withdraw", "rebase", "grow"]
ON_REMARKS = ["say", "say_letter", "answer", "settle", "reopen", "back"]
ON_PARTS = ["save", "remove", "put_back"]
EACH = st.tuples(st.sampled_from([*ON_SUGGESTIONS, *ON_REMARKS, *ON_PARTS]), st.integers(0, 3))
ACTS = st.lists(EACH, max_size=14)


def pick(rows, at):
    rows = list(rows)
    return rows[at % len(rows)] if rows else None


def act(letter, cast, what, at):
    block = pick(Block.select().where(Block.letter == letter.id).order_by(Block.id), at)
    block.letter = letter
    one = pick(Suggestion.select().order_by(Suggestion.id.desc()), at)
    one = suggestion_of(letter, one.id) if one else None
    said = pick(Comment.select().order_by(Comment.id.desc()), at)
    first = Comment.get_by_id(said.thread_id or said.id) if said else None
    for row in filter(None, (said, first)):
        row.letter = letter
    words = Words(f"Words {Letter.get_by_id(letter.id).desk_version}")
    told = {"seen": block.version, "why": "x", "by": cast.cerys}
    simple = {
        "words": lambda: suggestions.suggest_words(block, words, **told),
        "grow": lambda: first and suggestions.suggest_words(block, words, remark=first, **told),
        "part": lambda: suggestions.suggest_part(letter, "fact", words, after=block, why="x", by=cast.cerys),
        "first": lambda: suggestions.suggest_part(letter, "fact", words, after=None, why="x", by=cast.cerys),
        "removal": lambda: suggestions.suggest_removal(block, **told),
        "accept": lambda: one and suggestions.accept(one, by=cast.amina),
        "merge": lambda: (
            one and suggestions.merge(one, words, seen=one.block.version if one.block else 0, answer="", by=cast.amina)
        ),
        "refuse": lambda: one and suggestions.refuse(one, "No", by=cast.amina),
        "withdraw": lambda: one and suggestions.withdraw(one, by=cast.cerys),
        "rebase": lambda: (
            one and one.kind == "replace" and suggestions.rebase(one, words, seen=one.block.version, by=cast.cerys)
        ),
        "save": lambda: save_block(block, words, seen=block.version, by=cast.ben),
        "remove": lambda: remove_block(block, seen=block.version, by=cast.ben),
        "put_back": lambda: put_back_block(block, by=cast.ben),
        "say": lambda: comments.say(letter, block, "x", by=cast.cerys),
        "say_letter": lambda: comments.say(letter, None, "x", by=cast.cerys),
        "answer": lambda: first and comments.answer(first, "x", by=cast.cerys),
        "settle": lambda: first and comments.settle(first, by=cast.ben),
        "reopen": lambda: first and comments.reopen(first, by=cast.ben),
        "back": lambda: said and comments.take_back(said, by=cast.cerys),
    }
    try:
        simple[what]()
    except Exception as stopped:
        if not isinstance(stopped, RuleBroken) and type(stopped).__name__ != "Clash":
            raise


def check(letter):
    def open_ones(model, where):
        is_open = Suggestion.state == "open" if model is Suggestion else Comment.thread.is_null()
        if model is Comment:
            is_open &= Comment.settled_at.is_null()
        return model.select().where(model.letter == letter.id, is_open, where).count()

    for block in Block.select().where(Block.letter == letter.id):
        assert block.suggestion_count == open_ones(Suggestion, Suggestion.block == block.id)
        assert block.comment_count == open_ones(Comment, Comment.block == block.id)
    now = Letter.get_by_id(letter.id)
    assert now.comment_count == open_ones(Comment, Comment.block.is_null())
    assert now.talk_count == open_ones(Comment, True) + open_ones(Suggestion, True)


@given(acts=ACTS, freeze=st.booleans())
@settings(shared, max_examples=examples(25, at_once=8))
def test_counters_equal_the_rows(letter, cast, acts, freeze):
    with db.atomic() as here:
        for what, at in acts:
            desk = Letter.get_by_id(letter.id).desk_version
            rows = (Suggestion.select().count(), Comment.select().count())
            act(letter, cast, what, at)
            if rows != (Suggestion.select().count(), Comment.select().count()):
                assert Letter.get_by_id(letter.id).desk_version > desk
        check(letter)
        if freeze:
            try:
                letter.version = Letter.get_by_id(letter.id).version
                freeze_by_vote(letter, cast.amina, cast.ben, cast.cerys)
            except RuleBroken:
                pass
            else:
                assert not Suggestion.select().where(Suggestion.state == "open").exists()
            check(letter)
        here.rollback()
        letter.frozen_at = None
        letter.version = 1
