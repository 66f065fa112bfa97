"""The parts of a letter while it is written: add, place, split, join, remove, put back. `saving` saves their words."""

from collections.abc import Sequence
from dataclasses import replace

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.models import BLOCK_KINDS, Block, Letter
from portal.letters.operations import Change, hold_open, keep_revision, text_changed
from portal.letters.saving import Clash, Words, save_block, settle_clash
from portal.letters.templates import order_of
from portal.people.models import Person

__all__ = [
    "MOST_BLOCKS",
    "Clash",
    "Words",
    "add_block",
    "join_block",
    "move_block",
    "place_block",
    "put_back_block",
    "remove_block",
    "save_block",
    "settle_clash",
    "split_block",
]

MOST_BLOCKS = 100
LONGEST_TEXT = 4000
LONGEST_LINE = 300


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
    """Add a part below the part with the id `after` (0: first of all); otherwise after the last of its kind, or where
    such a part usually stands. `change` and `why` are for the history.

    `after` is the id of the part that it follows, removed or not; 0 puts it first. `change` and `why`
    are for the history.

    Raises RuleBroken when the text is frozen or the letter has 100 parts already, ValueError for an unknown kind.
    """
    if kind not in BLOCK_KINDS:
        raise ValueError(kind)
    with transaction():
        hold_open(letter)
        rows = _rows(letter)
        _need_room(rows)
        before = -1 if after == 0 else next((at for at, row in enumerate(rows) if row.id == after), None)
        if before is None:
            before = max((at for at, row in enumerate(rows) if order_of(row.kind) <= order_of(kind)), default=-1)
        block = _insert(letter, rows, before + 1, kind, words, by=by)
        keep_revision(block, by=by, change=change, why=why)
        return Change(block, text_changed(letter, by=by, change=change, block=block, why=why))


def move_block(block: Block, step: int, *, by: Person) -> Change:
    """Move a part up (-1) or down (1) by one; the first and the last stay. Raises RuleBroken when frozen."""
    with transaction():
        hold_open(block.letter)
        rows = _rows(block.letter)
        shown = {row.id for row in rows if row.removed_at is None}
        return _arrange(block, rows, moved([row.id for row in rows], shown, block.id, step), by=by)


def place_block(block: Block, *, after: int | None, by: Person) -> Change:
    """Put a part right below the one with the id `after`, or first (None). Where it stands already nothing changes.

    Raises RuleBroken when the text is frozen, or one of the two is not in the letter any more.
    """
    with transaction():
        hold_open(block.letter)
        rows = _rows(block.letter)
        shown = {row.id for row in rows if row.removed_at is None}
        if block.id not in shown or (after is not None and after not in shown):
            raise RuleBroken(_("That part is not in the letter any more. Look at the letter again"))
        order = [row.id for row in rows]
        if after == block.id or after == _above(order, shown, block.id):
            return Change(block)
        rest = [row_id for row_id in order if row_id != block.id]
        at = rest.index(after) + 1 if after is not None else 0
        return _arrange(block, rows, [*rest[:at], block.id, *rest[at:]], by=by)


def split_block(block: Block, first: Words, rest: str, *, seen: int, by: Person) -> Change:
    """Make two parts of one: it says `first` from now on, a new one of its kind right below says `rest`.

    A day and a test stay with the first; the source of a fact goes with both. Raises RuleBroken when the text is
    frozen, either half is empty, the letter is full, or somebody changed the part since version `seen`.
    """
    first, rest = replace(first, text=first.text.strip()), rest.strip()
    if not first.text or not rest:
        raise RuleBroken(_("Choose a place with words before and after it"))
    if max(len(first.text), len(rest)) > LONGEST_TEXT:
        raise RuleBroken(_("A part must be 4,000 characters or less"))
    letter = block.letter
    with transaction():
        hold_open(letter)
        now = _unchanged(block, seen, _("Somebody changed this part a moment ago. Read it again before you split it"))
        rows = _rows(letter)
        _need_room(rows)
        _rewrite(now, first, by=by, change="split")
        at = [row.id for row in rows].index(block.id)
        new = _insert(letter, rows, at + 1, block.kind, Words(rest, source=now.source), by=by)
        keep_revision(new, by=by, change="split")
        return Change(now, text_changed(letter, by=by, change="split", block=now))


def join_block(block: Block, other: Block, *, seen: int, other_seen: int, by: Person) -> Change:
    """Make one part of `block` and `other`, the next one of its kind. The other is taken out and can be put back.

    Tests and sources are set one after the other. Raises RuleBroken when the text is frozen, they do not follow each
    other, name different days, are too long together, or somebody changed one of them since.
    """
    letter = block.letter
    changed = _("Somebody changed one of these parts a moment ago. Read them again before you join them")
    with transaction():
        hold_open(letter)
        now, then = _unchanged(block, seen, changed), _unchanged(other, other_seen, changed)
        shown = [row.id for row in _rows(letter) if row.removed_at is None]
        if now.kind != then.kind or shown[shown.index(now.id) + 1 :][:1] != [then.id]:
            raise RuleBroken(_("Only two parts of the same kind, one right below the other, can be joined"))
        _rewrite(now, _joined(now, then), by=by, change="joined")
        _take_out(then, by=by, change="joined")
        return Change(now, text_changed(letter, by=by, change="joined", block=now))


def remove_block(block: Block, *, seen: int, by: Person, change: str = "removed", why: str = "") -> Change:
    """Take a part out of the letter. It is kept and can be put back. `change` and `why` are for the history.

    Raises RuleBroken when the text is frozen, or when somebody changed the part since version `seen`.
    """
    letter = block.letter
    with transaction():
        hold_open(letter)
        now = _unchanged(block, seen, _("Somebody changed this part a moment ago. Read it again before you remove it"))
        _take_out(now, by=by, change=change, why=why)
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


def _above(order: Sequence[int], shown: set[int], block_id: int) -> int | None:
    visible = [row_id for row_id in order if row_id in shown]
    at = visible.index(block_id)
    return visible[at - 1] if at else None


def _rows(letter: Letter) -> list[Block]:
    return list(Block.select().where(Block.letter == letter.id).order_by(Block.position, Block.id))


def _need_room(rows: Sequence[Block]) -> None:
    if sum(row.removed_at is None for row in rows) >= MOST_BLOCKS:
        raise RuleBroken(_("A letter can have 100 parts. Remove one before you add another"))


def _insert(letter: Letter, rows: Sequence[Block], place: int, kind: str, words: Words, *, by: Person) -> Block:
    block = Block.create(
        letter=letter, kind=kind, position=len(rows), edited_by=by, edited_at=clock.now(), **vars(words.fit(kind))
    )
    _write_order([*rows[:place], block, *rows[place:]])
    return block


def _arrange(block: Block, rows: Sequence[Block], wanted: Sequence[int], *, by: Person) -> Change:
    if list(wanted) == [row.id for row in rows]:
        return Change(block)
    by_id = {row.id: row for row in rows}
    _write_order([by_id[row_id] for row_id in wanted])
    return Change(block, text_changed(block.letter, by=by, change="moved", block=block))


def _write_order(rows: Sequence[Block]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:
            Block.update(position=position).where(Block.id == row.id).execute()


def _unchanged(block: Block, seen: int, otherwise: str) -> Block:
    now = _block_now(block)
    if now.version != seen or now.removed_at is not None:
        raise RuleBroken(otherwise)
    return now


def _rewrite(now: Block, words: Words, *, by: Person, change: str) -> None:
    values = {**vars(words.fit(now.kind)), "version": now.version + 1, "edited_by": by, "edited_at": clock.now()}
    for name, value in values.items():
        setattr(now, name, value)
    Block.update(values).where(Block.id == now.id).execute()
    keep_revision(now, by=by, change=change)


def _take_out(now: Block, *, by: Person, change: str, why: str = "") -> None:
    now.removed_at = now.edited_at = clock.now()
    now.version, now.edited_by = now.version + 1, by
    values = {name: getattr(now, name) for name in ("removed_at", "edited_at", "version", "edited_by")}
    Block.update(values).where(Block.id == now.id).execute()
    keep_revision(now, by=by, change=change, why=why)


def _joined(one: Block, other: Block) -> Words:
    if one.by_on and other.by_on and one.by_on != other.by_on:
        raise RuleBroken(_("These two name different days. Give both the same day, then join them"))
    text = f"{one.text}\n\n{other.text}"
    lines = {name: _in_one_line(getattr(one, name), getattr(other, name)) for name in ("test", "source")}
    if len(text) > LONGEST_TEXT or max(map(len, lines.values())) > LONGEST_LINE:
        raise RuleBroken(_("Together they are too long for one part. Shorten one of them, then join them"))
    return Words(text, by_on=one.by_on or other.by_on, **lines)


def _in_one_line(one: str, other: str) -> str:
    return one if one == other or not other else f"{one}; {other}" if one else other


def _block_now(block: Block) -> Block:
    now = Block.select(Block, Person).join_from(Block, Person, peewee.JOIN.LEFT_OUTER).where(Block.id == block.id).get()
    now.letter = block.letter
    return now
