"""What the whole letter said after each change: lists of changes, a past state, and what lies between two states.

A state is the arrangement that `LetterRevision` keeps, filled with the words that each part had at its version then.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import peewee

from portal.evidence.models import EvidenceItem
from portal.letters import counts
from portal.letters.blocks import Words
from portal.letters.canonical import numbered
from portal.letters.differences import word_changes
from portal.letters.editions.models import LetterRevision
from portal.letters.history import Compared, compare
from portal.letters.models import Block, BlockEvidence, BlockRevision, Letter
from portal.people.models import Person

A_PAGE = 25


@dataclass(frozen=True)
class Part:
    """One part of a past state. Has what a sheet asks of a block."""

    id: int
    kind: str
    version: int
    words: Words
    number: int | None = None
    # What it rests on now, without what is withdrawn.
    items: tuple[EvidenceItem, ...] = ()

    @property
    def text(self) -> str:
        """Its text then."""
        return self.words.text

    @property
    def said(self) -> str:
        """Its text as a sheet shows it."""
        return self.words.text

    @property
    def test(self) -> str:
        """Its test then."""
        return self.words.test

    @property
    def by_on(self) -> Any:
        """Its day then."""
        return self.words.by_on

    @property
    def source(self) -> str:
        """Its source then."""
        return self.words.source


@dataclass(frozen=True)
class State:
    """The letter after one change."""

    revision: LetterRevision
    title: str
    parts: tuple[Part, ...]

    @property
    def number(self) -> int:
        """The letter's version then."""
        return self.revision.number


@dataclass(frozen=True)
class Difference:
    """What happened to one part between two states: "same", "changed", "added" or "removed"; and whether it moved."""

    what: str
    part: Part
    compared: Compared
    moved: bool = False


@dataclass(frozen=True)
class Between:
    """What lies between two states: the headline's word changes and every part, removed ones where they stood."""

    title: list[tuple[str, str]]
    parts: tuple[Difference, ...]

    @property
    def title_changed(self) -> bool:
        """Whether the headline is another one."""
        return any(kind != "equal" for kind, _words in self.title)

    @property
    def changed(self) -> tuple[Difference, ...]:
        """Only the parts to which something happened."""
        return tuple(one for one in self.parts if one.what != "same" or one.moved)


def changes_of(
    letter: Letter, *, before: int | None = None, only_named: bool = False
) -> tuple[list[LetterRevision], int | None]:
    """A page of everything that changed, newest first, with who did it and in which part; and the number to ask for
    older ones with, or None. One statement."""
    namer = Person.alias()
    query = (
        LetterRevision.select(LetterRevision, Person, namer, Block)
        .join_from(LetterRevision, Person, peewee.JOIN.LEFT_OUTER, on=(LetterRevision.by == Person.id))
        .join_from(
            LetterRevision, namer, peewee.JOIN.LEFT_OUTER, on=(LetterRevision.named_by == namer.id), attr="named_by"
        )
        .join_from(LetterRevision, Block, peewee.JOIN.LEFT_OUTER, on=(LetterRevision.block == Block.id))
        .where(LetterRevision.letter == letter.id)
        .order_by(LetterRevision.number.desc())
        .limit(A_PAGE + 1)
    )
    if only_named:
        query = query.where(LetterRevision.name != "")
    if before:
        query = query.where(LetterRevision.number < before)
    rows = list(query)
    return rows[:A_PAGE], rows[A_PAGE - 1].number if len(rows) > A_PAGE else None


def states_of(letter: Letter, numbers: Collection[int]) -> dict[int, State]:
    """The states with these numbers, as far as there are any. Two statements, however long the letter is."""
    revisions = list(
        LetterRevision.select(LetterRevision, Person, Block)
        .join_from(LetterRevision, Person, peewee.JOIN.LEFT_OUTER, on=(LetterRevision.by == Person.id))
        .join_from(LetterRevision, Block, peewee.JOIN.LEFT_OUTER, on=(LetterRevision.block == Block.id))
        .where(LetterRevision.letter == letter.id, LetterRevision.number.in_(list(numbers)))
    )
    arrangements = {row.number: [tuple(pair) for pair in json.loads(row.arrangement)] for row in revisions}
    known = _words_of({pair for pairs in arrangements.values() for pair in pairs})
    return {
        row.number: State(row, row.title, _numbered(known[pair] for pair in arrangements[row.number] if pair in known))
        for row in revisions
    }


def as_read(letter: Letter, state: State) -> list[Part]:
    """The parts of a past state as they are read: a number that fills itself is the one that the register has now."""
    homes, shown = letter.campaign.place.home_count, []
    for part in state.parts:
        text = part.text
        if counts.COUNT in text:
            text = counts.filled(text, part.items, homes=homes, language=letter.language)
        shown.append(replace(part, words=replace(part.words, text=text)))
    return shown


def between(old: State, new: State) -> Between:
    """What made `new` out of `old`. Parts are told apart by what they are, not by what they say."""
    before = {part.id: part for part in old.parts}
    after = {part.id: part for part in new.parts}
    place_before = {part.id: at for at, part in enumerate(old.parts)}
    kept = [part.id for part in new.parts if part.id in before]
    stayed = _longest_rise(kept, [place_before[part_id] for part_id in kept])
    rows: list[Difference] = []
    for part in new.parts:
        was = before.get(part.id)
        if was is None:
            rows.append(Difference("added", part, compare(Words(""), part.words)))
            continue
        what = "same" if was.words == part.words else "changed"
        rows.append(Difference(what, part, compare(was.words, part.words), moved=part.id not in stayed))
    for at, part in enumerate(old.parts):
        if part.id not in after:
            gone = Difference("removed", part, compare(part.words, Words("")))
            rows.insert(_place_of_removed(rows, old.parts, at), gone)
    return Between(word_changes(old.title, new.title), tuple(rows))


def _place_of_removed(rows: Sequence[Difference], parts: Sequence[Part], at: int) -> int:
    """Behind the nearest part before it that is on the list already; first when there is none."""
    places = {row.part.id: place for place, row in enumerate(rows)}
    earlier = (places[part.id] for part in reversed(parts[:at]) if part.id in places)
    return next(earlier, -1) + 1


def _longest_rise(ids: Sequence[int], places: Sequence[int]) -> set[int]:
    """The most parts that still stand in the order they had: whoever is not among them was moved."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for at, place in enumerate(places):
        slot = bisect_left(tails, place)
        tails[slot : slot + 1] = [place]
        ends[slot : slot + 1] = [at]
        previous.append(ends[slot - 1] if slot else None)
    found: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        found.add(ids[step])
        step = previous[step]
    return found


def _numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    listed = list(parts)
    numbers = numbered(part.kind for part in listed)
    return tuple(replace(part, number=number) for part, number in zip(listed, numbers, strict=True))


def _words_of(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Part]:
    """Each (block, version) with its words then. One statement; a second one only where an old save left no row."""
    if not wanted:
        return {}
    rows = (
        Block.select(Block, BlockRevision, BlockEvidence, EvidenceItem)
        .join_from(
            Block,
            BlockRevision,
            peewee.JOIN.LEFT_OUTER,
            on=(
                (BlockRevision.block == Block.id)
                & BlockRevision.version.in_(sorted({version for _block, version in wanted}))
                & (BlockRevision.is_beside == False)  # noqa: E712
            ),
            attr="then",
        )
        .join_from(Block, BlockEvidence, peewee.JOIN.LEFT_OUTER, on=(BlockEvidence.block == Block.id), attr="rests")
        .join_from(BlockEvidence, EvidenceItem, peewee.JOIN.LEFT_OUTER)
        .where(Block.id.in_(sorted({block_id for block_id, _version in wanted})))
        .order_by(BlockRevision.id, BlockEvidence.id)
    )
    blocks: dict[int, Block] = {}
    found: dict[tuple[int, int], Part] = {}
    items: dict[int, dict[int, EvidenceItem]] = {}
    for row in rows:
        blocks[row.id] = row
        then, rests = getattr(row, "then", None), getattr(row, "rests", None)
        if rests is not None and rests.item_id is not None and rests.item.withdrawn_at is None:
            items.setdefault(row.id, {})[rests.item.id] = rests.item
        if then is not None and then.id is not None:
            found[row.id, then.version] = Part(row.id, row.kind, then.version, Words.of(then))
    missing = {pair for pair in wanted - set(found) if pair[0] in blocks}
    if missing:
        found.update(_nearest_before(missing, blocks))
    return {pair: replace(part, items=tuple(items.get(pair[0], {}).values())) for pair, part in found.items()}


def _nearest_before(missing: set[tuple[int, int]], blocks: dict[int, Block]) -> dict[tuple[int, int], Part]:
    """Taking a part out once wrote no revision: its words are those of the save before, or those it has now."""
    saves: dict[int, list[BlockRevision]] = {}
    query = BlockRevision.select().where(
        BlockRevision.block.in_(sorted({block_id for block_id, _version in missing})),
        BlockRevision.is_beside == False,  # noqa: E712
    )
    for row in query.order_by(BlockRevision.version):
        saves.setdefault(row.block_id, []).append(row)
    found = {}
    for block_id, version in missing:
        earlier = [row for row in saves.get(block_id, ()) if row.version <= version]
        source = earlier[-1] if earlier else blocks[block_id]
        found[block_id, version] = Part(block_id, blocks[block_id].kind, version, Words.of(source))
    return found
