"""Going back to an earlier state of the letter, and naming the state it is in."""

from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.blocks import Words
from portal.letters.editions.models import LetterRevision
from portal.letters.editions.states import states_of
from portal.letters.models import Block, Letter
from portal.letters.operations import Change, desk_changed, hold_open, keep_letter, keep_revision, text_changed
from portal.people.models import Person

# A state is named "frozen" by freezing it, and by nothing else.
NAMES_TO_GIVE = ("outline", "proposed")


class MovedOn(RuleBroken):
    """The text changed after the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("The text changed while you were reading. Look at what is new, then decide"))


def restore_letter(letter: Letter, number: int, *, seen: int, by: Person, why: str = "") -> Change:
    """Make the letter say what it said at `number`: words, parts, order and headline.

    Each part that differs gets a new version; what stands there now stays in the history, so that one can go back
    again. A letter that says the same already is left as it is. Raises MovedOn when the text changed after version
    `seen`, RuleBroken when it is frozen or there is no such state.
    """
    with transaction():
        now = hold_open(letter)
        if now.version != seen:
            raise MovedOn()
        state = states_of(letter, [number]).get(number)
        if state is None:
            raise RuleBroken(_("There is no such state of this letter"))
        rows = list(Block.select().where(Block.letter == letter.id).order_by(Block.position, Block.id))
        wanted = {part.id: part.words for part in state.parts}
        changed = [row for row in rows if _rewrite(row, wanted.get(row.id), by=by)]
        order = [row.id for row in rows]
        reordered = _write_order(rows, [part.id for part in state.parts])
        if now.title != state.title:
            Letter.update(title=state.title).where(Letter.id == letter.id).execute()
        elif not changed and reordered == order:
            return Change()
        return Change(stopped_vote=text_changed(letter, by=by, change="restored", why=why))


def name_state(letter: Letter, name: str, *, seen: int, by: Person) -> LetterRevision:
    """Name the letter as it stands: "outline" or "proposed". A second name replaces the first.

    Other states keep theirs. Raises MovedOn when the text changed after version `seen`, RuleBroken when it is frozen,
    ValueError for other names.
    """
    if name not in NAMES_TO_GIVE:
        raise ValueError(name)
    with transaction():
        now = hold_open(letter)
        if now.version != seen:
            raise MovedOn()
        here = (LetterRevision.letter == letter.id) & (LetterRevision.number == now.version)
        if not LetterRevision.select().where(here).exists():
            keep_letter(now, by=by, change="wrote")
        LetterRevision.update(name=name, named_by=by.id, named_at=clock.now()).where(here).execute()
        desk_changed(letter)
    return LetterRevision.get(here)


def _rewrite(row: Block, words: Words | None, *, by: Person) -> bool:
    """Give one part the words it had, put it back, or (None) take it out; returns whether anything was to do."""
    if words is None:
        if row.removed_at is not None:
            return False
        values: dict[str, Any] = {"removed_at": clock.now()}
    elif row.removed_at is None and Words.of(row) == words:
        return False
    else:
        values = {"removed_at": None, **vars(words)}
    values |= {"version": Block.version + 1, "edited_by": by.id, "edited_at": clock.now()}
    Block.update(values).where(Block.id == row.id).execute()
    keep_revision(Block.get_by_id(row.id), by=by, change="restored")
    return True


def _write_order(rows: list[Block], wanted: list[int]) -> list[int]:
    """Put the parts into the order wanted; those that are out of the letter keep the part before them."""
    order = list(wanted)
    standing = set(wanted)
    before: int | None = None
    for row in rows:
        if row.id not in standing:
            order.insert(order.index(before) + 1 if before is not None else 0, row.id)
        before = row.id
    for position, block_id in enumerate(order):
        Block.update(position=position).where(Block.id == block_id, Block.position != position).execute()
    return order
