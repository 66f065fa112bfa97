"""How the views of letters find a letter and its blocks."""

import json
from typing import Any

import peewee
from flask import abort

from portal.campaigns.models import Agreement, Campaign
from portal.letters.canonical import numbered
from portal.letters.editions.models import RefusedChange
from portal.letters.models import Block, Letter, LetterVersion
from portal.letters.votes.models import SignOff
from portal.people.models import Person
from portal.targets.models import Organization, Target


def find_letter(campaign: Campaign, letter_id: int) -> Letter:
    """The letter with this id in the campaign, or 404. One statement.

    It comes with its target, its lead author, as `asking` the open question about its text to a second lead (with who
    asked), and as `vote` its last sign-off vote (with who opened and who ended it); each may be None.
    """
    open_question = (
        (Agreement.campaign == Letter.campaign)
        & (Agreement.kind == "freeze_letter")
        & (Agreement.subject_id == Letter.id)
        & Agreement.agreed_at.is_null()
        & Agreement.withdrawn_at.is_null()
    )
    author, opener, closer = Person.alias(), Person.alias(), Person.alias()
    other = SignOff.alias()
    last_vote = SignOff.id == other.select(peewee.fn.MAX(other.id)).where(other.letter == Letter.id)
    refused = RefusedChange.select(peewee.fn.COUNT(RefusedChange.id)).where(RefusedChange.letter == Letter.id)
    letter = (
        Letter.select(
            Letter,
            refused.alias("refused_count"),
            Target,
            Organization,
            Agreement,
            Person,
            author,
            SignOff,
            opener,
            closer,
        )
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Agreement, peewee.JOIN.LEFT_OUTER, on=open_question, attr="asking")
        .join_from(Agreement, Person, peewee.JOIN.LEFT_OUTER, on=(Agreement.asked_by == Person.id))
        .join_from(Letter, author, peewee.JOIN.LEFT_OUTER, on=(Letter.lead_author == author.id), attr="lead_author")
        .join_from(Letter, SignOff, peewee.JOIN.LEFT_OUTER, on=last_vote, attr="vote")
        .join_from(SignOff, opener, peewee.JOIN.LEFT_OUTER, on=(SignOff.opened_by == opener.id), attr="opened_by")
        .join_from(SignOff, closer, peewee.JOIN.LEFT_OUTER, on=(SignOff.closed_by == closer.id), attr="closed_by")
        .where(Letter.campaign == campaign.id, Letter.id == letter_id)
        .first()
    )
    if letter is None:
        abort(404)
    letter.campaign = campaign
    if letter.asking is not None:
        letter.asking.campaign = campaign
        # "typo" or "withdraw".
        letter.asking.about = json.loads(letter.asking.terms).get("about", "")
    if letter.vote is not None:
        letter.vote.letter = letter
    return letter


def blocks_of(letter: Letter) -> list[Block]:
    """Every block of the letter in its order with who edited it, removed ones too. One statement.

    `number` says which fact, demand or question it is among those in the letter; None for the other kinds.
    """
    rows = (
        Block.select(Block, Person)
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER)
        .where(Block.letter == letter.id)
        .order_by(Block.position, Block.id)
    )
    placed = [_placed(block, letter) for block in rows]
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
