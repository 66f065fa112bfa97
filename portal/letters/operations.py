"""Starting a letter, and what is said on its first lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from portal import clock, tokens
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign, Demand
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.complaint import add_line, take_line_out
from portal.letters.copies.own_templates import asked_of, find_own
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.talk.models import CoAuthor
from portal.letters.templates import filled, find_template
from portal.people.models import Person


@dataclass(frozen=True)
class Change:
    """What a change did. `stopped_freeze`: the asking to freeze was taken back, because it was about other words."""

    block: Block | None = None
    stopped_freeze: bool = False


def start_letter(
    campaign: Campaign,
    *,
    template_name: str,
    by: Person,
    chases: Letter | None = None,
    known: Mapping[str, str] | None = None,
) -> Letter:
    """Start a letter from a template, filled from the campaign; its demands become demand blocks.

    `chases` is the sent letter that this one reminds of; its clock goes on as it was. `known` are fields of the
    template that are known already, in words.

    Raises RuleBroken when there is no such template or the campaign has ended.
    """
    template = find_template(template_name) or find_own(campaign, template_name)
    if template is None:
        raise RuleBroken(_("Choose how to begin"), field="template_name")
    if campaign.is_closed:
        raise RuleBroken(_("This campaign has ended. Open it again before you start a letter"))
    with transaction():
        demands = list(
            Demand.select()
            .where(Demand.campaign == campaign.id, Demand.withdrawn_at.is_null())
            .order_by(Demand.position, Demand.id)
        )
        title, drafts = filled(template, campaign, demands, {**asked_of(chases), **(known or {})})
        letter = Letter.create(
            campaign=campaign,
            key=tokens.new_key(),
            title=title,
            target=campaign.target,
            template_name=template.key,
            language=template.language,
            is_formal_complaint=template.is_formal_complaint,
            needs_second_reader=template.needs_second_reader,
            lead_author=by,
            chases=chases,
        )
        for position, draft in enumerate(drafts):
            block = Block.create(
                letter=letter,
                kind=draft.kind,
                position=position,
                text=draft.text,
                test=draft.test,
                by_on=draft.by_on,
                source=draft.source,
                edited_by=by,
            )
            keep_revision(block, by=by, change="began")
        keep_letter(letter, by=by, change="began")
        CoAuthor.create(letter=letter, person=by, how="started")
        record(campaign, "letter_started", by=by, about=letter, title=title)
    return letter


def change_heading(
    letter: Letter, *, title: str, language: str, is_formal_complaint: bool, seen_title: str, by: Person
) -> Change:
    """Change the headline, the language, and whether it is a formal complaint.

    Raises RuleBroken when the text is frozen, or when somebody changed the headline after `seen_title` was shown.
    """
    with transaction():
        now = hold_open(letter)
        if now.title not in (seen_title, title):
            raise RuleBroken(
                _(
                    "Somebody changed the headline while you were writing. It is now “%(title)s”. "
                    "Save again to put yours in its place",
                    title=now.title,
                ),
                field="title",
            )
        if (now.title, now.language, now.is_formal_complaint) == (title, language, is_formal_complaint):
            return Change()
        Letter.update(title=title, language=language, is_formal_complaint=is_formal_complaint).where(
            Letter.id == letter.id
        ).execute()
        letter.title, letter.language = title, language
        if is_formal_complaint != now.is_formal_complaint:
            (add_line if is_formal_complaint else take_line_out)(letter, by=by)
        stopped = text_changed(letter, by=by, change="heading")
    letter.title, letter.language, letter.is_formal_complaint = title, language, is_formal_complaint
    return Change(stopped_freeze=stopped)


def address_anew(letter: Letter, *, by: Person) -> Change:
    """Address the letter to whomever the campaign writes to now. Raises RuleBroken when the text is frozen."""
    with transaction():
        hold_open(letter)
        Letter.update(target=letter.campaign.target_id).where(Letter.id == letter.id).execute()
        stopped = text_changed(letter, by=by, change="address")
    letter.target = letter.campaign.target
    return Change(stopped_freeze=stopped)


# ---- what every change to the text begins and ends with ----


def hold_open(letter: Letter) -> Letter:
    """Take the letter's row until the transaction ends, and return it as it is now.

    Whoever changes or freezes the text comes through here, one after the other. Raises RuleBroken when it is frozen or
    withdrawn, whatever page the change came from.
    """
    held = (
        Letter.update(version=Letter.version)
        .where(
            Letter.id == letter.id,
            Letter.frozen_at.is_null() | Letter.reopened_at.is_null(False),
            Letter.withdrawn_at.is_null(),
        )
        .execute()
    )
    if not held:
        raise RuleBroken(_("The text of this letter is frozen. It can no longer be changed"))
    now = Letter.get_by_id(letter.id)
    now.campaign = letter.campaign
    return now


def text_changed(letter: Letter, *, by: Person, change: str, block: Block | None = None, why: str = "") -> bool:
    """End a change of the text, inside its transaction: raise the letter's version and write down the whole as it
    stands now. `change` is one of `LetterRevision`'s.

    Takes back an open asking to freeze the old words; returns whether there was one.
    """
    Letter.update(version=Letter.version + 1, desk_version=Letter.desk_version + 1).where(
        Letter.id == letter.id
    ).execute()
    letter.version, letter.title = (
        Letter.select(Letter.version, Letter.title).where(Letter.id == letter.id).tuples().get()
    )
    keep_letter(letter, by=by, change=change, block=block, why=why)
    CoAuthor.insert(letter=letter.id, person=by.id, how="wrote").on_conflict_ignore().execute()
    asking = agreements.open_one(letter.campaign, "freeze_letter", letter.id)
    if asking is None:
        return False
    agreements.withdraw(asking, by=by)
    return True


def desk_changed(letter: Letter, *, talk: int = 0) -> None:
    """Tell everybody at the desk to look again, inside the transaction of a change beside the text.

    `talk` is by how many the open suggestions and remarks became more.
    """
    Letter.update(desk_version=Letter.desk_version + 1, talk_count=Letter.talk_count + talk).where(
        Letter.id == letter.id
    ).execute()


def keep_letter(letter: Letter, *, by: Person, change: str, block: Block | None = None, why: str = "") -> None:
    """Write down which parts stand in which order, each at which version. Call inside the change's transaction."""
    rows = (
        Block.select(Block.id, Block.version)
        .where(Block.letter == letter.id, Block.removed_at.is_null())
        .order_by(Block.position, Block.id)
        .tuples()
    )
    LetterRevision.create(
        letter=letter,
        number=letter.version,
        arrangement=json.dumps([list(row) for row in rows]),
        title=letter.title,
        change=change,
        block=block,
        by=by,
        at=clock.now(),
        why=why,
    )


def keep_revision(block: Block, *, by: Person, change: str = "wrote", why: str = "") -> BlockRevision:
    """Write down the block's words as they were saved, for its history."""
    return BlockRevision.create(
        block=block,
        version=block.version,
        text=block.text,
        test=block.test,
        by_on=block.by_on,
        source=block.source,
        saved_by=by,
        saved_at=clock.now(),
        change=change,
        why=why,
    )
