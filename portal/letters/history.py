"""What a part of a letter said before, and what each save changed."""

from dataclasses import dataclass
from datetime import date

import peewee

from portal.letters.blocks import Words
from portal.letters.differences import word_changes
from portal.letters.models import Block, BlockRevision
from portal.people.models import Person

A_PAGE = 20


@dataclass(frozen=True)
class Compared:
    """How one text came from another: word changes of the text, the test and the source, and the two days."""

    text: list[tuple[str, str]]
    test: list[tuple[str, str]]
    source: list[tuple[str, str]]
    by_on: date | None
    was_by_on: date | None


@dataclass(frozen=True)
class Entry:
    """One line of the history. `compared` is against the save before it."""

    revision: BlockRevision
    compared: Compared
    is_now: bool


def compare(old: Words, new: Words) -> Compared:
    """What `new` changed in `old`."""
    return Compared(
        text=word_changes(old.text, new.text),
        test=word_changes(old.test, new.test),
        source=word_changes(old.source, new.source),
        by_on=new.by_on,
        was_by_on=old.by_on,
    )


def pages(block: Block, *, before: int | None = None) -> tuple[list[Entry], int | None]:
    """One page of the block's history, newest first, and the id to ask for older ones with (or None).

    One statement. A text that lost a race is compared with the text that won.
    """
    query = (
        BlockRevision.select(BlockRevision, Person)
        .join_from(BlockRevision, Person, peewee.JOIN.LEFT_OUTER, on=(BlockRevision.saved_by == Person.id))
        .where(BlockRevision.block == block.id)
        .order_by(BlockRevision.id.desc())
        .limit(A_PAGE + 1)
    )
    if before:
        query = query.where(BlockRevision.id < before)
    rows = list(query)
    entries = []
    for at, row in enumerate(rows[:A_PAGE]):
        earlier = next((older for older in rows[at + 1 :] if not older.is_beside), row)
        is_now = not row.is_beside and Words.of(row) == Words.of(block) and row.version == _newest(rows)
        entries.append(Entry(row, compare(Words.of(earlier), Words.of(row)), is_now and before is None))
    return entries, rows[A_PAGE - 1].id if len(rows) > A_PAGE else None


def _newest(rows: list[BlockRevision]) -> int:
    return max((row.version for row in rows if not row.is_beside), default=0)
