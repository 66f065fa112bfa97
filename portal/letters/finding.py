"""How the views of letters find a letter and its blocks."""

from typing import Any

import peewee
from flask import abort

from portal.campaigns.models import Agreement, Campaign
from portal.evidence.models import EvidenceItem
from portal.letters.canonical import numbered
from portal.letters.known import known_columns
from portal.letters.models import Block, BlockEvidence, Letter, LetterVersion
from portal.people.models import Person
from portal.targets.models import Organization, Target


def find_letter(campaign: Campaign, letter_id: int) -> Letter:
    """The letter with this id in the campaign, or 404. One statement.

    It comes with its target, its lead author, what `known_of` says of it and, as `asking`, the open question to freeze
    it (with who asked), or None.
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
        Letter.select(Letter, Target, Organization, Agreement, Person, author, *known_columns())
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
    """Every block of the letter in its order with who edited it and what it rests on, removed ones too. One statement.

    `number` says which fact, demand or question it is among those in the letter; None for the other kinds.
    """
    rows: Any = (
        Block.select(Block, Person, BlockEvidence.id, EvidenceItem)
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER)
        .join_from(Block, BlockEvidence, peewee.JOIN.LEFT_OUTER, attr="link")
        .join_from(BlockEvidence, EvidenceItem, peewee.JOIN.LEFT_OUTER)
        .where(Block.letter == letter.id)
        .order_by(Block.position, Block.id, BlockEvidence.id)
    )
    placed: list[Block] = []
    for row in rows:
        # A part that rests on several things comes once for each of them.
        if not placed or placed[-1].id != row.id:
            placed.append(_placed(row, letter))
            row.items = []
        item = row.link.item if getattr(row, "link", None) is not None else None
        if item is not None and item.withdrawn_at is None:
            placed[-1].items = [*(placed[-1].items or ()), item]
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


def _placed(block: Block, letter: Letter) -> Block:
    block.letter = letter
    return block
