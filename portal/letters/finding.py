"""How the views of letters find a letter and its blocks."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import peewee
from flask import abort

from portal import clock
from portal.campaigns.models import Agreement, Campaign
from portal.database import db, is_sqlite
from portal.evidence.models import EvidenceItem
from portal.letters.canonical import numbered
from portal.letters.editions.models import RefusedChange
from portal.letters.known import known_columns
from portal.letters.models import Block, BlockEvidence, BlockRevision, Letter, LetterVersion
from portal.letters.talk.authors import author_columns, read_authors
from portal.letters.votes.models import SignOff
from portal.people.models import Person
from portal.quick_rows import Execute
from portal.quick_statements import Written, blank, row_of
from portal.targets.models import Organization, Target
from portal.web import current_person, require


def find_letter(campaign: Campaign, letter_id: int) -> Letter:
    """The letter with this id in the campaign, or 404. One statement.

    It comes with its target, its lead author, as `asking` the open question about its text to a second lead (with who
    asked), and as `vote` its last sign-off vote (with who opened and who ended it); each may be None. Also what
    `talk.lead` reads about who wrote it, and what `known_of` says of it.
    """
    letter = _WHOLE_LETTER.first(campaign=campaign.id, letter=letter_id, today=clock.today())
    if letter is None:
        abort(404)
    letter.campaign = campaign
    letter.author_names = read_authors(letter)
    if letter.asking is not None:
        letter.asking.campaign = campaign
        # "typo" or "withdraw".
        letter.asking.about = json.loads(letter.asking.terms).get("about", "")
    if letter.vote is not None:
        letter.vote.letter = letter
    return letter


def _letter_query() -> Any:
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
    return (
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
            *author_columns(),
            *known_columns(on=blank("today")),
        )
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .join_from(Letter, Agreement, peewee.JOIN.LEFT_OUTER, on=open_question, attr="asking")
        .join_from(Agreement, Person, peewee.JOIN.LEFT_OUTER, on=(Agreement.asked_by == Person.id))
        .join_from(Letter, author, peewee.JOIN.LEFT_OUTER, on=(Letter.lead_author == author.id), attr="lead_author")
        .join_from(Letter, SignOff, peewee.JOIN.LEFT_OUTER, on=last_vote, attr="vote")
        .join_from(SignOff, opener, peewee.JOIN.LEFT_OUTER, on=(SignOff.opened_by == opener.id), attr="opened_by")
        .join_from(SignOff, closer, peewee.JOIN.LEFT_OUTER, on=(SignOff.closed_by == closer.id), attr="closed_by")
        .where(Letter.campaign == blank("campaign"), Letter.id == blank("letter"))
    )


# Every page about a letter asks this.
_WHOLE_LETTER = Written(_letter_query)


def blocks_of(letter: Letter) -> list[Block]:
    """Every block of the letter in its order with who edited it and what it rests on, removed ones too. One statement.

    `number` says which fact, demand or question it is among those in the letter; None for the other kinds. `clash_by`
    is the name of whoever wrote the newest text that waits beside it for a choice.
    """
    placed: list[Block] = []
    for values in _BLOCKS.run(letter=letter.id).fetchall():
        # A part that rests on several things comes once for each of them.
        if not placed or placed[-1].id != values[0]:
            block = _placed(row_of(Block, values[:_OF_BLOCK]), letter)
            block.edited_by = row_of(Person, values[_OF_BLOCK : _OF_BLOCK + _OF_PERSON])
            block.clash_by, block.items = values[-1], []
            placed.append(block)
        item = row_of(EvidenceItem, values[_OF_BLOCK + _OF_PERSON : -1])
        if item is not None and item.withdrawn_at is None:
            placed[-1].items = [*(placed[-1].items or ()), item]
    standing = [block for block in placed if block.removed_at is None]
    for block, number in zip(standing, numbered(block.kind for block in standing), strict=True):
        block.number = number
    return placed


def standing_blocks(letter: Letter) -> list[Block]:
    """The blocks that are in the letter now, in its order, as `blocks_of` gives them. One statement."""
    return [block for block in blocks_of(letter) if block.removed_at is None]


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


# What signing needs to know of a letter, and the question for it.
_TO_SIGN = (
    LetterVersion.id,
    Letter.id,
    Letter.key,
    Letter.title,
    Letter.frozen_at,
    Letter.withdrawn_at,
    Campaign.id,
    Campaign.state,
    Campaign.visibility,
)


def to_sign(letter_key: str) -> Any:
    """A query for the newest version of the letter with this key, with its letter and campaign as far as signing needs.

    One row or none: a draft and a withdrawn letter are not there.
    """
    return (
        LetterVersion.select(*_TO_SIGN)
        .join_from(LetterVersion, Letter)
        .join_from(Letter, Campaign)
        .where(Letter.key == letter_key, Letter.withdrawn_at.is_null())
        .order_by(LetterVersion.number.desc())
        .limit(1)
    )


class SeenToSign(NamedTuple):
    """What `to_sign` found at some time, and how to see whether it still finds just that."""

    version: LetterVersion
    question: tuple[str, tuple[Any, ...]]
    row: tuple[Any, ...]

    def is_still_so(self, execute: Execute) -> bool:
        """Whether everything that signing needs to know of the letter is as it was."""
        return _row_of(execute, self.question) == self.row


def see_to_sign(letter_key: str) -> SeenToSign | None:
    """What `to_sign` finds. Many requests share the objects: only look at them, as a visitor."""
    sql, rest = _question_to_sign(is_sqlite())
    question = (sql, (letter_key, *rest))
    row = _row_of(db.execute_sql, question)
    return None if row is None else SeenToSign(_as_models(row), question, row)


def _row_of(execute: Execute, question: tuple[str, tuple[Any, ...]]) -> tuple[Any, ...] | None:
    rows = execute(*question).fetchall()
    return tuple(rows[0]) if rows else None


@lru_cache(maxsize=2)
def _question_to_sign(_engine: bool) -> tuple[str, tuple[Any, ...]]:
    sql, given = to_sign("").sql()
    return sql, tuple(given[1:])


def _as_models(row: tuple[Any, ...]) -> LetterVersion:
    version, letter, campaign = LetterVersion(), Letter(), Campaign()
    by_model = {LetterVersion: version, Letter: letter, Campaign: campaign}
    for field, value in zip(_TO_SIGN, row, strict=True):
        setattr(by_model[field.model], field.name, field.python_value(value))
    letter.campaign, version.letter = campaign, letter
    return version


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


_OF_BLOCK, _OF_PERSON = len(Block._meta.sorted_fields), len(Person._meta.sorted_fields)
_BLOCKS = Written(
    lambda: (
        Block.select(Block, Person, EvidenceItem, _who_waits())
        .join_from(Block, Person, peewee.JOIN.LEFT_OUTER)
        .join_from(Block, BlockEvidence, peewee.JOIN.LEFT_OUTER)
        .join_from(BlockEvidence, EvidenceItem, peewee.JOIN.LEFT_OUTER)
        .where(Block.letter == blank("letter"))
        .order_by(Block.position, Block.id, BlockEvidence.id)
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
