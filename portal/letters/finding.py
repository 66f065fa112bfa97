"""How the views of letters find a letter and its blocks."""

from dataclasses import dataclass
from typing import Any

import peewee
from flask import abort

from portal import clock
from portal.campaigns.models import Agreement, Campaign
from portal.database import Written, blank, row_of
from portal.letters.canonical import numbered
from portal.letters.models import Block, BlockRevision, Letter, LetterVersion
from portal.people.models import Person
from portal.targets.models import Organization, Target
from portal.web import current_person, require


def find_letter(campaign: Campaign, letter_id: int) -> Letter:
    """The letter with this id in the campaign, or 404. One statement.

    It comes with its target, its lead author and, as `asking`, the open question to freeze it (with who asked),
    or None.
    """
    open_question = (
        (Agreement.campaign == Letter.campaign)
        & (Agreement.kind == "freeze_letter")
        & (Agreement.subject_id == Letter.id)
        & Agreement.agreed_at.is_null()
        & Agreement.withdrawn_at.is_null()
    )
    author = Person.alias()
    letter = (
        Letter.select(Letter, Target, Organization, Agreement, Person, author)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Agreement, peewee.JOIN.LEFT_OUTER, on=open_question, attr="asking")
        .join_from(Agreement, Person, peewee.JOIN.LEFT_OUTER, on=(Agreement.asked_by == Person.id))
        .join_from(Letter, author, peewee.JOIN.LEFT_OUTER, on=(Letter.lead_author == author.id), attr="lead_author")
        .where(Letter.campaign == campaign.id, Letter.id == letter_id)
        .first()
    )
    if letter is None:
        abort(404)
    letter.campaign = campaign
    if letter.asking is not None:
        letter.asking.campaign = campaign
    return letter


def blocks_of(letter: Letter) -> list[Block]:
    """Every block of the letter in its order with who edited it, removed ones too. One statement.

    `number` says which fact, demand or question it is among those in the letter; None for the other kinds. `clash_by`
    is the name of whoever wrote the newest text that waits beside it for a choice.
    """
    placed = []
    for values in _BLOCKS.run(letter=letter.id).fetchall():
        block = _placed(row_of(Block, values[:_OF_BLOCK]), letter)
        block.edited_by = row_of(Person, values[_OF_BLOCK:-1])
        block.clash_by = values[-1]
        placed.append(block)
    standing = [block for block in placed if block.removed_at is None]
    for block, number in zip(standing, numbered(block.kind for block in standing), strict=True):
        block.number = number
    return placed


def find_block(letter: Letter, block_id: int) -> Block:
    """The block with this id in the letter, removed or not, with who edited it; or 404."""
    block: Any = (
        Block.select(Block, Person)
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER)
        .where(Block.letter == letter.id, Block.id == block_id)
        .first()
    )
    if block is None:
        abort(404)
    return _placed(block, letter)


def newest_version(letter: Letter) -> LetterVersion | None:
    """The text as it was frozen last, or None."""
    return LetterVersion.select().where(LetterVersion.letter == letter.id).order_by(LetterVersion.number.desc()).first()


def _who_waits() -> Any:
    loser = Person.alias()
    name = (
        BlockRevision.select(loser.name)
        .join(loser, on=(BlockRevision.saved_by == loser.id))
        .where(
            BlockRevision.block == Block.id,
            BlockRevision.is_beside == True,  # noqa: E712
            BlockRevision.settled_at.is_null(),
        )
        .order_by(BlockRevision.id.desc())
        .limit(1)
    )
    return peewee.Case(None, [(Block.clash_count > 0, name)]).alias("clash_by")


def _placed(block: Block, letter: Letter) -> Block:
    block.letter = letter
    return block


_OF_BLOCK = len(Block._meta.sorted_fields)
_BLOCKS = Written(
    lambda: (
        Block.select(Block, Person, _who_waits())
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER)
        .where(Block.letter == blank("letter"))
        .order_by(Block.position, Block.id)
    )
)


@dataclass(frozen=True)
class Part:
    """One part of a letter as somebody may change it: with its letter, which knows its campaign and who asks."""

    campaign: Campaign
    letter: Letter
    block: Block


def find_part(key: str, letter_id: int, block_id: int, action: str) -> Part:
    """A part of a letter, if the person of this request may do `action` there: 404 and 403 as by `find_campaign`.

    One statement, written once, for what is asked often. The campaign has no place and no target, the letter no
    `asking` and no author.
    """
    person = current_person()
    row = _PART.run(
        key=key, letter=letter_id, block=block_id, person=person.id if person else 0, today=clock.today()
    ).fetchone()
    if row is None:
        abort(404)
    campaign = row_of(Campaign, row[:_OF_CAMPAIGN])
    if person is not None:
        campaign.remember_parts(person, Campaign(role_words=row[-2], organizer_words=row[-1]))
    require(action, campaign)
    letter = row_of(Letter, row[_OF_CAMPAIGN : _OF_CAMPAIGN + _OF_LETTER])
    letter.campaign = campaign
    block = _placed(row_of(Block, row[_OF_CAMPAIGN + _OF_LETTER : _OF_CAMPAIGN + _OF_LETTER + _OF_BLOCK]), letter)
    block.edited_by = row_of(Person, row[_OF_CAMPAIGN + _OF_LETTER + _OF_BLOCK : -2])
    return Part(campaign, letter, block)


_OF_CAMPAIGN, _OF_LETTER = len(Campaign._meta.sorted_fields), len(Letter._meta.sorted_fields)
_PART = Written(
    lambda: (
        Campaign.select(Campaign, Letter, Block, Person, *Campaign.parts_columns(blank("person"), on=blank("today")))
        .join_from(Campaign, Letter, on=(Letter.campaign == Campaign.id))
        .join_from(Letter, Block, on=(Block.letter == Letter.id))
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER, on=(Block.edited_by == Person.id))
        .where(Campaign.key == blank("key"), Letter.id == blank("letter"), Block.id == blank("block"))
    )
)
