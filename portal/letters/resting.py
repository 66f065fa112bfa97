"""What a fact rests on: links from a part of a letter to the register of evidence."""

from collections.abc import Collection
from contextlib import suppress

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.evidence.models import EvidenceItem
from portal.evidence.operations import Particulars, when_changed
from portal.letters import counts
from portal.letters.models import Block, BlockEvidence, Letter
from portal.letters.operations import Change, desk_changed, hold_open, keep_revision, text_changed
from portal.people.models import Person


def rest_on(
    block: Block, chosen: Collection[int], *, had: Collection[int], put_count: bool, seen: int, by: Person
) -> Change:
    """Let the part rest on the items with the ids `chosen`; the page showed `had`, and what others did stays.

    `put_count` writes `{count}` into its text, over version `seen`. Raises RuleBroken when the text is frozen or
    somebody changed the part meanwhile.
    """
    letter = block.letter
    with transaction():
        hold_open(letter)
        now = Block.get_by_id(block.id)
        now.letter = letter
        before, version = now.said, now.version
        for item in _own(letter, set(chosen) - set(had)):
            BlockEvidence.insert(
                block=block.id, item=item, added_by=by.id, added_at=clock.now()
            ).on_conflict_ignore().execute()
        gone = set(had) - set(chosen)
        BlockEvidence.delete().where(BlockEvidence.block == block.id, BlockEvidence.item.in_(gone)).execute()
        if put_count and counts.COUNT not in now.text:
            now = _put_count(now, letter, seen=seen, by=by)
        now.items = None
        # Also where the number that was typed is the one that fills itself: what is written down changed.
        if now.said != before or now.version != version:
            return Change(now, text_changed(letter, by=by, change="filled", block=now))
        desk_changed(letter)
    return Change(now)


def items_to_choose(block: Block) -> tuple[list[EvidenceItem], list[int]]:
    """What a part can rest on, newest first: everything that stands, and what is linked already; and the ids of the
    linked ones in the order in which they were linked, withdrawn ones too. One statement."""
    link = (BlockEvidence.item == EvidenceItem.id) & (BlockEvidence.block == block.id)
    rows = list(
        EvidenceItem.select(EvidenceItem, BlockEvidence.id.alias("link_id"))
        .join_from(EvidenceItem, BlockEvidence, peewee.JOIN.LEFT_OUTER, on=link)
        .where(
            EvidenceItem.campaign == block.letter.campaign_id,
            EvidenceItem.withdrawn_at.is_null() | BlockEvidence.id.is_null(False),
        )
        .order_by(EvidenceItem.id.desc())
        .limit(200)
        .objects()
    )
    linked = sorted((row for row in rows if row.link_id is not None), key=lambda row: row.link_id)
    return rows, [row.id for row in linked]


@when_changed
def evidence_changed(item: EvidenceItem, was: Particulars | None, by: Person) -> None:
    """Letters still being written show the new number: their words changed, so what was agreed to the old ones ends.

    Only the versions are raised here; the number itself is read from the register wherever the letter is shown.
    """
    blocks = (
        Block.select(Block, Letter)
        .join_from(Block, Letter)
        .join_from(Block, BlockEvidence)
        .where(
            BlockEvidence.item == item.id,
            Block.removed_at.is_null(),
            Letter.frozen_at.is_null() | Letter.reopened_at.is_null(False),
            Letter.withdrawn_at.is_null(),
        )
        .order_by(Letter.id, Block.position)
    )
    says_the_same = was is not None and _numbers(was) == _numbers(item)
    told = set()
    for block in list(blocks):
        letter = block.letter
        if letter.id in told:
            continue
        letter.campaign = item.campaign
        if says_the_same or counts.COUNT not in block.text:
            desk_changed(letter)
            continue
        told.add(letter.id)
        # Frozen a moment ago: then it keeps the words it was frozen with.
        with suppress(RuleBroken):
            hold_open(letter)
            text_changed(letter, by=by, change="filled", block=block, why=item.title)


def _numbers(of: EvidenceItem | Particulars) -> tuple[object, ...]:
    return of.home_count, of.from_on, of.to_on


def _own(letter: Letter, ids: Collection[int]) -> list[int]:
    """Those of `ids` that are items of the letter's campaign and stand."""
    rows = EvidenceItem.select(EvidenceItem.id).where(
        EvidenceItem.id.in_(list(ids)), EvidenceItem.campaign == letter.campaign_id, EvidenceItem.withdrawn_at.is_null()
    )
    return [row for (row,) in rows.tuples()]


def _put_count(block: Block, letter: Letter, *, seen: int, by: Person) -> Block:
    taken = (
        Block.update(
            text=counts.with_count(block.text), version=Block.version + 1, edited_by=by.id, edited_at=clock.now()
        )
        .where(Block.id == block.id, Block.version == seen, Block.removed_at.is_null())
        .execute()
    )
    if not taken:
        raise RuleBroken(_("Somebody changed this part a moment ago. Read it again, then save"))
    now = Block.get_by_id(block.id)
    now.letter = letter
    keep_revision(now, by=by, change="filled")
    return now
