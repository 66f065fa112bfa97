"""Starting a letter, and what is said on its first lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, tokens
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement, Campaign, Demand
from portal.database import is_sqlite, transaction
from portal.errors import RuleBroken
from portal.letters.complaint import add_line, take_line_out
from portal.letters.copies.own_templates import asked_of, find_own
from portal.letters.editions import refusing
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.talk.models import CoAuthor
from portal.letters.templates import filled, find_template
from portal.letters.votes.closing import end_for_change
from portal.letters.votes.models import SignOff
from portal.people.models import Person
from portal.quick_rows import Row, add_all, add_row, prepare_row
from portal.quick_statements import Written, blank, row_of


@dataclass(frozen=True)
class Change:
    """What a change did. `stopped_vote`: the vote on the old words, or the asking to call it a typo, has ended.

    `merged`: another save had come first, and the words of both are in the block now.
    """

    block: Block | None = None
    stopped_vote: bool = False
    merged: bool = False


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
    return Change(stopped_vote=stopped)


def address_anew(letter: Letter, *, by: Person) -> Change:
    """Address the letter to whomever the campaign writes to now. Raises RuleBroken when the text is frozen."""
    with transaction():
        hold_open(letter)
        Letter.update(target=letter.campaign.target_id).where(Letter.id == letter.id).execute()
        stopped = text_changed(letter, by=by, change="address")
    letter.target = letter.campaign.target
    return Change(stopped_vote=stopped)


# ---- what every change to the text begins and ends with ----


def hold_open(letter: Letter) -> Letter:
    """Take the letter's row until the transaction ends, and return it as it is now.

    Whoever changes or freezes the text comes through here, one after the other. Raises RuleBroken when it is frozen or
    withdrawn, whatever page the change came from.
    """
    held = _HOLD.run(letter=letter.id).fetchall()
    if not held:
        refusing.note(letter.id)
        raise RuleBroken(
            _("This letter is withdrawn. Its text can no longer be changed")
            if Letter.select().where(Letter.id == letter.id, Letter.withdrawn_at.is_null(False)).exists()
            else _("The text of this letter is frozen. It can no longer be changed")
        )
    now: Letter = row_of(Letter, held[0])
    now.campaign = letter.campaign
    return now


def _hold_query() -> Any:
    query: Any = Letter.select().where(
        Letter.id == blank("letter"),
        Letter.frozen_at.is_null() | Letter.reopened_at.is_null(False),
        Letter.withdrawn_at.is_null(),
    )
    # On SQLite every transaction that writes is alone from its beginning. Elsewhere as an update would lock it: whoever
    # signs or says that they are here only names the letter, and need not wait.
    return query if is_sqlite() else query.for_update("FOR NO KEY UPDATE")


_HOLD = Written(_hold_query)


def text_changed(letter: Letter, *, by: Person, change: str, block: Block | None = None, why: str = "") -> bool:
    """End a change of the text, inside its transaction: raise the letter's version and write down the whole as it
    stands now. `change` is one of `LetterRevision`'s.

    Ends a vote on the old words, and takes back an asking to call the change a typo; returns whether there was one.
    """
    names = {"letter": letter.id, "campaign": letter.campaign_id, "person": by.id}
    ((letter.version, letter.desk_version, letter.title, order, author, vote, asked),) = _RAISE.run(**names).fetchall()
    _keep_letter(letter, order, by=by, change=change, block=block, why=why)
    if author is None:
        CoAuthor.insert(letter=letter.id, person=by.id, how="wrote").on_conflict_ignore().execute()
    ended = vote is not None and end_for_change(letter, vote, by=by, change=change, block=block)
    if asked is None:
        return ended
    asking = agreements.open_one(letter.campaign, "freeze_letter", letter.id)
    if asking is None or json.loads(asking.terms).get("about") == "withdraw":
        return ended
    agreements.withdraw(asking, by=by)
    return True


# Which parts stand in which order, each at which version: "12:3,9:1".
def _order_query() -> Any:
    in_order = peewee.fn.string_agg(Block.id.cast("text").concat(":").concat(Block.version.cast("text")), ",").order_by(
        Block.position, Block.id
    )
    return Block.select(in_order).where(Block.letter == blank("letter"), Block.removed_at.is_null())


_ORDER = Written(_order_query)


def _raise_query() -> Any:
    author = CoAuthor.select(CoAuthor.id).where(CoAuthor.letter == blank("letter"), CoAuthor.person == blank("person"))
    vote = SignOff.select(peewee.fn.MAX(SignOff.id)).where(SignOff.letter == blank("letter"), SignOff.outcome.is_null())
    asked = Agreement.select(peewee.fn.MAX(Agreement.id)).where(
        Agreement.campaign == blank("campaign"),
        Agreement.kind == "freeze_letter",
        Agreement.subject_id == blank("letter"),
        Agreement.agreed_at.is_null(),
        Agreement.withdrawn_at.is_null(),
    )
    return (
        Letter.update(version=Letter.version + 1, desk_version=Letter.desk_version + 1)
        .where(Letter.id == blank("letter"))
        .returning(Letter.version, Letter.desk_version, Letter.title, _order_query(), author, vote, asked)
    )


# Raises the letter's version and tells what stands beside its text: the order of its parts, whether this person is
# among its authors, a vote on its words, an asking about them.
_RAISE = Written(_raise_query)


def desk_changed(letter: Letter, *, talk: int = 0) -> None:
    """Tell everybody at the desk to look again, inside the transaction of a change beside the text.

    `talk` is by how many the open suggestions and remarks became more.
    """
    Letter.update(desk_version=Letter.desk_version + 1, talk_count=Letter.talk_count + talk).where(
        Letter.id == letter.id
    ).execute()


def keep_letter(letter: Letter, *, by: Person, change: str) -> None:
    """Write down which parts stand in which order, each at which version. Call inside the change's transaction."""
    (order,) = _ORDER.run(letter=letter.id).fetchone()
    _keep_letter(letter, order, by=by, change=change, block=None, why="")


def _keep_letter(letter: Letter, order: str | None, *, by: Person, change: str, block: Block | None, why: str) -> None:
    pairs = [pair.split(":") for pair in (order or "").split(",") if pair]
    add_row(
        LetterRevision,
        letter=letter.id,
        number=letter.version,
        arrangement=json.dumps([[int(block_id), int(version)] for block_id, version in pairs]),
        title=letter.title,
        change=change,
        block=block.id if block is not None else None,
        by=by.id,
        at=clock.now(),
        why=why,
    )


def keep_revision(block: Block, *, by: Person, change: str = "wrote", why: str = "", beside: Row | None = None) -> None:
    """Write down the block's words as they were saved, for its history, and before them `beside`: a text that was put
    together with them, as `revision_row` gives it."""
    words = {name: getattr(block, name) for name in ("text", "test", "by_on", "source")}
    row = revision_row(block=block.id, version=block.version, saved_by=by.id, change=change, why=why, **words)
    add_all([beside, row] if beside else [row])


def revision_row(**values: Any) -> Row:
    """A row of a block's history, saved now; all of them have one shape, so that several go in with one statement."""
    return prepare_row(BlockRevision, **{"based_on": None, "settled_at": None, "settled_by": None, **values})
