"""Saving the words of a part. Nothing that somebody saved is ever lost.

A save names the version of the part it began from. If another save came first, the changes of both are put together
word by word where they lie apart. Where they do not, the text that came second is kept beside the one that stands, and
the desk shows both until somebody keeps one or writes a third.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.database import as_stored, transaction
from portal.letters.merging import Conflict, merge
from portal.letters.models import Block, BlockRevision
from portal.letters.operations import Change, desk_changed, hold_open, keep_revision, revision_row, text_changed
from portal.people.models import Person
from portal.quick_rows import Row
from portal.quick_statements import Written, blank, row_of


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
    """Another save came first and the two do not go together.

    `block` is how it stands now, `mine` what was kept beside it (the row `beside`), `base` where both began.
    """

    def __init__(self, block: Block, mine: Words, base: Words | None, beside: BlockRevision) -> None:
        super().__init__(f"block {block.id} is at version {block.version}")
        self.block = block
        self.mine = mine
        self.base = base
        self.beside = beside


def merged_words(base: Words, mine: Words, theirs: Words) -> Words | None:
    """The words with the changes of both: the text word by word, the other fields each as a whole. None: a conflict."""
    text = merge(base.text, mine.text, theirs.text)
    if isinstance(text, Conflict):
        return None
    taken: dict[str, Any] = {}
    for name in ("test", "by_on", "source"):
        was, one, other = (getattr(words, name) for words in (base, mine, theirs))
        if one not in (was, other) and other != was:
            return None
        taken[name] = other if one == was else one
    return Words(text, **taken)


def save_block(block: Block, words: Words, *, seen: int, by: Person, why: str = "", change: str = "wrote") -> Change:
    """Save new words over version `seen` of the block. The same words again change nothing.

    Where another save came first and the two go together, both are in the block afterwards and `merged` says so.
    Raises Clash, with the words kept, when they do not; RuleBroken when the text is frozen.
    """
    # What was once saved never changes, so it can be read before others have to wait.
    base = words_at(block, seen) if block.version != seen else None
    with transaction():
        outcome = save_inside(block, words, seen=seen, by=by, why=why, change=change, base=base)
    # After the commit: what was typed is kept whatever happens next.
    if isinstance(outcome, Clash):
        raise outcome
    return outcome


def settle_clash(
    block: Block, beside: BlockRevision, *, choice: str, seen: int, by: Person, words: Words | None = None
) -> Change:
    """End the waiting of a text that lost a race: "keep" what stands, "take" the other, or write a "third" (`words`).

    Settled twice is once. Raises Clash when yet another save came first, RuleBroken when the text is frozen.
    """
    with transaction():
        hold_open(block.letter)
        fresh = BlockRevision.get_by_id(beside.id)
        if fresh.settled_at is not None:
            return Change(_block_now(block))
        chosen = {"keep": None, "take": Words.of(fresh), "third": words}[choice]
        outcome: Change | Clash = Change(_block_now(block))
        if chosen is not None:
            outcome = save_inside(block, chosen, seen=seen, by=by, change="restored" if choice == "take" else "wrote")
        # A third text that itself came too late waits beside the first; the other's words wait again by themselves.
        if not isinstance(outcome, Clash) or choice == "take":
            _settle(block, fresh, by)
            desk_changed(block.letter)
            if not isinstance(outcome, Clash):
                outcome = replace(outcome, block=_block_now(block))
    if isinstance(outcome, Clash):
        raise outcome
    return outcome


def save_inside(
    block: Block,
    words: Words,
    *,
    seen: int,
    by: Person,
    why: str = "",
    change: str = "wrote",
    base: Words | None = None,
) -> Change | Clash:
    """`save_block` inside a transaction of its caller, who raises the Clash once that has committed.

    `base` is what the block said at version `seen`, where that was read before.
    """
    words, letter = words.fit(block.kind), block.letter
    hold_open(letter)
    now = _block_now(block)
    if now.removed_at is None and Words.of(now) == words:
        return Change(now)
    if now.version == seen and now.removed_at is None:
        return _write(now, words, by=by, change=change, why=why)
    base = base or words_at(block, seen)
    merged = merged_words(base, words, Words.of(now)) if base is not None and now.removed_at is None else None
    if merged is None:
        kept = _beside(now, words, seen=seen, by=by, why=why)
        waiting = BlockRevision(id=revision_row(**kept).add(), **kept)
        _wait_for_choice(now)
        desk_changed(letter)
        return Clash(now, words, base, waiting)
    if merged == Words.of(now):
        # All that was changed stands there already.
        return Change(now)
    settled = {"settled_at": clock.now(), "settled_by": by.id}
    beside = revision_row(**_beside(now, words, seen=seen, by=by, why=why), **settled)
    return replace(_write(now, merged, by=by, change="merged", why=why, beside=beside), merged=True)


def words_at(block: Block, version: int) -> Words | None:
    """What the block said at this version, or None where that was not written down."""
    row = _REVISION.run(block=block.id, version=version).fetchone()
    return Words.of(row_of(BlockRevision, row)) if row is not None else None


def waiting_texts(block: Block) -> list[BlockRevision]:
    """The texts that wait beside this block for somebody to choose, oldest first, with who wrote them."""
    return list(
        BlockRevision.select(BlockRevision, Person)
        .join_from(BlockRevision, Person, peewee.JOIN.LEFT_OUTER, on=(BlockRevision.saved_by == Person.id))
        .where(
            BlockRevision.block == block.id,
            BlockRevision.is_beside == True,  # noqa: E712
            BlockRevision.settled_at.is_null(),
        )
        .order_by(BlockRevision.id)
    )


def _write(now: Block, words: Words, *, by: Person, change: str, why: str, beside: Row | None = None) -> Change:
    at = clock.now()
    _REWRITE.run(
        block=now.id,
        text=words.text,
        test=words.test,
        by_on=words.by_on,
        source=words.source,
        version=now.version + 1,
        person=by.id,
        now=as_stored(at),
    )
    for name, value in {**vars(words), "version": now.version + 1, "edited_at": at}.items():
        setattr(now, name, value)
    now.edited_by = by
    keep_revision(now, by=by, change=change, why=why, beside=beside)
    return Change(now, text_changed(now.letter, by=by, change=change, block=now, why=why))


def _beside(now: Block, words: Words, *, seen: int, by: Person, why: str) -> dict[str, Any]:
    """What is written down of words that came after others had been saved: beside the version that stands now."""
    where = {"block": now.id, "version": now.version, "is_beside": True, "based_on": seen or None}
    return {**where, "saved_by": by.id, "saved_at": clock.now(), "why": why, **vars(words)}


def _wait_for_choice(now: Block) -> None:
    Block.update(clash_count=Block.clash_count + 1).where(Block.id == now.id).execute()
    now.clash_count += 1


def _settle(block: Block, beside: BlockRevision, by: Person) -> None:
    BlockRevision.update(settled_at=clock.now(), settled_by=by.id).where(BlockRevision.id == beside.id).execute()
    Block.update(clash_count=Block.clash_count - 1).where(Block.id == block.id, Block.clash_count > 0).execute()


def _block_now(block: Block) -> Block:
    values = _BLOCK.run(block=block.id).fetchone()
    now: Block = row_of(Block, values[:_OF_BLOCK])
    now.edited_by = row_of(Person, values[_OF_BLOCK:])
    now.letter = block.letter
    return now


_OF_BLOCK = len(Block._meta.sorted_fields)
_BLOCK = Written(
    lambda: (
        Block.select(Block, Person).join_from(Block, Person, peewee.JOIN.LEFT_OUTER).where(Block.id == blank("block"))
    )
)
_REVISION = Written(
    lambda: BlockRevision.select().where(
        BlockRevision.block == blank("block"),
        BlockRevision.version == blank("version"),
        BlockRevision.is_beside == False,  # noqa: E712
    )
)
_REWRITE = Written(
    lambda: Block.update(
        {
            **{name: blank(name) for name in ("text", "test", "by_on", "source", "version")},
            "edited_by": blank("person"),
            "edited_at": blank("now"),
        }
    ).where(Block.id == blank("block"))
)
