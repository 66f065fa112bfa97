"""The parts of a letter while it is written. Nothing that somebody saved is ever lost.

A save names the version of the block it began from. If another save came first, the words are kept beside the block's
history and `Clash` tells what happened; nobody's words are overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import BLOCK_KINDS, Block, BlockRevision, Letter
from portal.letters.operations import Change, hold_open, keep_revision, text_changed
from portal.letters.templates import order_of
from portal.people.models import Person

MOST_BLOCKS = 100


@dataclass(frozen=True)
class Words:
    """What a block says. A demand has a test and a day; a fact has a source."""

    text: str
    test: str = ""
    by_on: date | None = None
    source: str = ""

    @classmethod
    def of(cls, row: Any) -> "Words":
        """Of a block, a revision, or anything with the same four fields."""
        return cls(row.text, row.test, row.by_on, row.source)

    def fit(self, kind: str) -> "Words":
        """Without the fields that a block of this kind does not have."""
        words = self if kind == "demand" else replace(self, test="", by_on=None)
        return words if kind == "fact" else replace(words, source="")


class Clash(Exception):
    """Another save came first. `block` is how it stands now, `mine` what was kept, `base` where both began."""

    def __init__(self, block: Block, mine: Words, base: Words | None) -> None:
        super().__init__(f"block {block.id} is at version {block.version}")
        self.block = block
        self.mine = mine
        self.base = base


def add_block(
    letter: Letter,
    kind: str,
    words: Words,
    *,
    by: Person,
    after: int | None = None,
    change: str = "added",
    why: str = "",
) -> Change:
    """Add a part after the last of its kind, or where such a part usually stands.

    `after` is the id of the part that it follows, removed or not; 0 puts it first. `change` and `why`
    are for the history.

    Raises RuleBroken when the text is frozen or the letter has 100 parts already, ValueError for an unknown kind.
    """
    if kind not in BLOCK_KINDS:
        raise ValueError(kind)
    with transaction():
        hold_open(letter)
        rows = _rows(letter)
        if sum(row.removed_at is None for row in rows) >= MOST_BLOCKS:
            raise RuleBroken(_("A letter can have 100 parts. Remove one before you add another"))
        earlier = [at for at, row in enumerate(rows) if order_of(row.kind) <= order_of(kind)]
        place = earlier[-1] + 1 if earlier else 0
        if after is not None:
            place = next((at + 1 for at, row in enumerate(rows) if row.id == after), 0)
        block = Block.create(
            letter=letter, kind=kind, position=len(rows), edited_by=by, edited_at=clock.now(), **vars(words.fit(kind))
        )
        keep_revision(block, by=by, change=change, why=why)
        _write_order([*rows[:place], block, *rows[place:]])
        return Change(block, text_changed(letter, by=by, change=change, block=block, why=why))


def save_block(block: Block, words: Words, *, seen: int, by: Person, change: str = "wrote", why: str = "") -> Change:
    """Save new words over version `seen` of the block. The same words again change nothing.

    `change` and `why` are for the history.

    Raises Clash, with the words kept, when another save came first; RuleBroken when the text is frozen.
    """
    words = words.fit(block.kind)
    letter = block.letter
    with transaction():
        hold_open(letter)
        now = _block_now(block)
        if now.removed_at is None and Words.of(now) == words:
            return Change(now)
        taken = (
            Block.update(version=Block.version + 1, edited_by=by.id, edited_at=clock.now(), **vars(words))
            .where(Block.id == block.id, Block.version == seen, Block.removed_at.is_null())
            .execute()
        )
        if taken:
            now = _block_now(block)
            keep_revision(now, by=by, change=change, why=why)
            return Change(now, text_changed(letter, by=by, change=change, block=now, why=why))
        BlockRevision.create(
            block=block, version=now.version, saved_by=by, saved_at=clock.now(), is_beside=True, **vars(words)
        )
    # After the commit: what was typed is kept whatever happens next.
    raise Clash(now, words, _words_at(block, seen))


def move_block(block: Block, step: int, *, by: Person) -> Change:
    """Move a part up (-1) or down (1) by one; the first and the last stay. Raises RuleBroken when frozen."""
    letter = block.letter
    with transaction():
        hold_open(letter)
        rows = _rows(letter)
        shown = {row.id for row in rows if row.removed_at is None}
        order = [row.id for row in rows]
        wanted = moved(order, shown, block.id, step)
        if wanted == order:
            return Change(block)
        by_id = {row.id: row for row in rows}
        _write_order([by_id[row_id] for row_id in wanted])
        return Change(block, text_changed(letter, by=by, change="moved", block=block))


def remove_block(block: Block, *, seen: int, by: Person, change: str = "removed", why: str = "") -> Change:
    """Take a part out of the letter. It is kept and can be put back. `change` and `why` are for the history.

    Raises RuleBroken when the text is frozen, or when somebody changed the part since version `seen`.
    """
    letter = block.letter
    with transaction():
        hold_open(letter)
        taken = (
            Block.update(removed_at=clock.now(), version=Block.version + 1, edited_by=by.id, edited_at=clock.now())
            .where(Block.id == block.id, Block.version == seen, Block.removed_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("Somebody changed this part a moment ago. Read it again before you remove it"))
        now = _block_now(block)
        keep_revision(now, by=by, change=change, why=why)
        return Change(now, text_changed(letter, by=by, change=change, block=now, why=why))


def put_back_block(block: Block, *, by: Person) -> Change:
    """Put a removed part back where it stood. Twice is once. Raises RuleBroken when the text is frozen."""
    letter = block.letter
    with transaction():
        hold_open(letter)
        taken = (
            Block.update(removed_at=None, version=Block.version + 1, edited_by=by.id, edited_at=clock.now())
            .where(Block.id == block.id, Block.removed_at.is_null(False))
            .execute()
        )
        now = _block_now(block)
        if not taken:
            return Change(now)
        keep_revision(now, by=by, change="put_back")
        return Change(now, text_changed(letter, by=by, change="put_back", block=now))


def moved(order: Sequence[int], shown: set[int], block_id: int, step: int) -> list[int]:
    """The order after moving one block by `step` among those shown; removed ones keep their neighbours before them."""
    visible = [row_id for row_id in order if row_id in shown]
    if block_id not in visible:
        return list(order)
    place = visible.index(block_id) + (1 if step > 0 else -1)
    if not 0 <= place < len(visible):
        return list(order)
    rest = [row_id for row_id in order if row_id != block_id]
    at = rest.index(visible[place]) + (1 if step > 0 else 0)
    return [*rest[:at], block_id, *rest[at:]]


def _rows(letter: Letter) -> list[Block]:
    return list(Block.select().where(Block.letter == letter.id).order_by(Block.position, Block.id))


def _write_order(rows: Sequence[Block]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:
            Block.update(position=position).where(Block.id == row.id).execute()


def _block_now(block: Block) -> Block:
    now = Block.select(Block, Person).join_from(Block, Person, peewee.JOIN.LEFT_OUTER).where(Block.id == block.id).get()
    now.letter = block.letter
    return now


def _words_at(block: Block, version: int) -> Words | None:
    row = BlockRevision.get_or_none(
        BlockRevision.block == block.id,
        BlockRevision.version == version,
        BlockRevision.is_beside == False,  # noqa: E712
    )
    return Words.of(row) if row is not None else None
