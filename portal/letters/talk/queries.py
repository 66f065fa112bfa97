"""Reading what is said about a letter: a page of suggestions, of remarks, and all about one part."""

from dataclasses import dataclass, field
from typing import Any

import peewee
from flask_babel import gettext as _

from portal.letters.blocks import Words
from portal.letters.canonical import NUMBERED
from portal.letters.history import Compared, compare
from portal.letters.models import Block, Letter
from portal.letters.talk.models import Comment, Mention, Suggestion
from portal.letters.talk.people import Neighbour, circle_column, read_circle
from portal.people.models import Person

A_PAGE = 20
# On the page of one part; the page of all suggestions has the rest.
MOST_OF_A_PART = 40


@dataclass(frozen=True)
class Shown:
    """A suggestion as a page shows it. `compared` is what it changes in the words it was written for."""

    suggestion: Suggestion
    compared: Compared


@dataclass
class Thread:
    """A remark and the answers under it."""

    first: Comment
    answers: list[Comment] = field(default_factory=list)


def shown(suggestion: Suggestion) -> Shown:
    """A suggestion with its word changes."""
    return Shown(suggestion, compare(old_words(suggestion), Words.of(suggestion)))


def old_words(suggestion: Suggestion) -> Words:
    """What the part said when the suggestion was written."""
    return Words(suggestion.old_text, suggestion.old_test, suggestion.old_by_on, suggestion.old_source)


def suggestion_of(letter: Letter, suggestion_id: int) -> Suggestion | None:
    """The suggestion with this id in the letter, with its part and people. One statement."""
    row = _suggestions(letter).where(Suggestion.id == suggestion_id).first()
    return _placed(row, letter) if row is not None else None


def suggestions_of(letter: Letter, *, after: str = "", by: Person | None = None) -> tuple[list[Shown], str | None]:
    """A page of suggestions, open ones first and then the decided ones, newest first; and where the next begins.

    `by` keeps only one author's. One statement.
    """
    rank = peewee.Case(None, [(Suggestion.state == "open", 0)], 1)
    query = _suggestions(letter).order_by(rank, Suggestion.id.desc()).limit(A_PAGE + 1)
    if by is not None:
        query = query.where(Suggestion.by == by.id)
    group, _dash, last = after.partition("-")
    if group in ("0", "1") and last.isascii() and last.isdigit() and len(last) < 10:
        query = query.where((rank > int(group)) | ((rank == int(group)) & (Suggestion.id < int(last))))
    rows = [_placed(row, letter) for row in query]
    page = rows[:A_PAGE]
    more = f"{0 if page[-1].is_open else 1}-{page[-1].id}" if len(rows) > A_PAGE else None
    return [shown(row) for row in page], more


def part_of(letter: Letter, block_id: int) -> tuple[Block, list[Shown], list[Neighbour]] | None:
    """One part with its suggestions, open ones first, and everybody in the circle; None where there is no such part.
    One statement."""
    by, decider, editor = Person.alias(), Person.alias(), Person.alias()
    rank = peewee.Case(None, [(Suggestion.state == "open", 0)], 1)
    rows = list(
        Block.select(Block, editor, Suggestion, by, decider, _number(), circle_column(letter.campaign))
        .join_from(Block, editor, peewee.JOIN.LEFT_OUTER, on=(Block.edited_by == editor.id), attr="edited_by")
        .join_from(Block, Suggestion, peewee.JOIN.LEFT_OUTER, on=(Suggestion.block == Block.id), attr="about")
        .join_from(Suggestion, by, peewee.JOIN.LEFT_OUTER, on=(Suggestion.by == by.id), attr="by")
        .join_from(
            Suggestion, decider, peewee.JOIN.LEFT_OUTER, on=(Suggestion.decided_by == decider.id), attr="decided_by"
        )
        .where(Block.letter == letter.id, Block.id == block_id)
        .order_by(rank, Suggestion.id.desc())
        .limit(MOST_OF_A_PART)
    )
    if not rows:
        return None
    block = _with_number(rows[0], letter)
    found = []
    for row in rows:
        if row.about is not None and row.about.id is not None:
            row.about.block, row.about.letter = block, letter
            found.append(shown(row.about))
    return block, found, read_circle(rows[0].circle_words)


def name_of(block: Block) -> str:
    """What a part is called in a list: its kind, its number and its first words."""
    words = block.text.strip().split("\n")[0]
    name = kind_words(block.kind)
    if block.number:
        name = f"{name} {block.number}"
    return f"{name}: {words[:60]}…" if len(words) > 60 else f"{name}: {words}"


def threads_of(
    letter: Letter, *, block: Block | None = None, before: int | None = None
) -> tuple[list[Thread], int | None]:
    """A page of threads, newest first, with every answer; of one part or of everything. One statement.

    Also the id to ask for older ones with, or None. Each remark knows whom it told, as `told_names`.
    """
    firsts = Comment.alias()
    chosen = firsts.select(firsts.id).where(firsts.letter == letter.id, firsts.thread.is_null())
    if block is not None:
        chosen = chosen.where(firsts.block == block.id)
    if before:
        chosen = chosen.where(firsts.id < before)
    chosen = chosen.order_by(firsts.id.desc()).limit(A_PAGE + 1)
    told = Person.alias()
    names = (
        Mention.select(peewee.fn.string_agg(told.name, "\n"))
        .join(told, on=(Mention.person == told.id))
        .where(Mention.comment == Comment.id)
    )
    settler = Person.alias()
    rows = (
        Comment.select(Comment, Person, settler, Block, _number(), names.alias("told_words"))
        .join_from(Comment, Person, peewee.JOIN.LEFT_OUTER, on=(Comment.by == Person.id))
        .join_from(Comment, settler, peewee.JOIN.LEFT_OUTER, on=(Comment.settled_by == settler.id), attr="settled_by")
        .join_from(Comment, Block, peewee.JOIN.LEFT_OUTER, on=(Comment.block == Block.id))
        .where(peewee.fn.COALESCE(Comment.thread, Comment.id).in_(chosen))
        .order_by(Comment.id)
    )
    threads: dict[int, Thread] = {}
    for row in rows:
        row.letter = letter
        row.told_names = [name for name in (row.told_words or "").split("\n") if name]
        if row.block is not None:
            row.block.nth = row.nth
            row.block = _with_number(row.block, letter)
        if row.thread_id is None:
            threads[row.id] = Thread(row)
        else:
            threads[row.thread_id].answers.append(row)
    page = sorted(threads.values(), key=lambda thread: -thread.first.id)
    older = page[A_PAGE - 1].first.id if len(page) > A_PAGE else None
    return page[:A_PAGE], older


def kind_words(kind: str) -> str:
    """What a kind of part is called."""
    return {
        "greeting": _("Greeting"),
        "fact": _("Fact"),
        "harm": _("What it does to us"),
        "demand": _("Demand"),
        "question": _("Question"),
        "meeting": _("The meeting we ask for"),
        "closing": _("Closing"),
    }[kind]


def _suggestions(letter: Letter) -> Any:
    by, decider = Person.alias(), Person.alias()
    return (
        Suggestion.select(Suggestion, by, decider, Block, _number())
        .join_from(Suggestion, by, peewee.JOIN.LEFT_OUTER, on=(Suggestion.by == by.id), attr="by")
        .join_from(
            Suggestion, decider, peewee.JOIN.LEFT_OUTER, on=(Suggestion.decided_by == decider.id), attr="decided_by"
        )
        .join_from(Suggestion, Block, peewee.JOIN.LEFT_OUTER, on=(Suggestion.block == Block.id))
        .where(Suggestion.letter == letter.id)
    )


def _number() -> Any:
    """Which of its kind a block is among those that stand in the letter, counted from 1."""
    other = Block.alias()
    earlier = (other.position < Block.position) | ((other.position == Block.position) & (other.id <= Block.id))
    return (
        other.select(peewee.fn.COUNT(other.id))
        .where(other.letter == Block.letter, other.kind == Block.kind, other.removed_at.is_null(), earlier)
        .alias("nth")
    )


def _with_number(block: Block, letter: Letter) -> Block:
    block.letter = letter
    block.number = block.nth if block.kind in NUMBERED and block.removed_at is None else None
    return block


def _placed(suggestion: Suggestion, letter: Letter) -> Suggestion:
    suggestion.letter = letter
    if suggestion.block is not None:
        suggestion.block.nth = suggestion.nth
        suggestion.block = _with_number(suggestion.block, letter)
    return suggestion
