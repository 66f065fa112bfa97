"""Later versions: writing a frozen letter anew, keeping it as it was after all, and mending a typo by two."""

import json
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement
from portal.database import db, is_sqlite, transaction
from portal.errors import RuleBroken
from portal.letters.canonical import fingerprint_of
from portal.letters.freezing import keep_version, newest, refuse_same, text_to_freeze
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.letters.operations import hold_open, keep_revision, text_changed
from portal.letters.sheet import frozen_content
from portal.letters.talk.suggestions import close_open
from portal.letters.votes.models import SignOff
from portal.people.models import Person

KIND = "freeze_letter"


def reopen(letter: Letter, *, by: Person, why: str) -> None:
    """Write the letter anew. The frozen version stands, and can be signed, until the next one is frozen.

    Raises RuleBroken when it is not frozen, is being written anew already, was sent or withdrawn.
    """
    with transaction():
        taken = (
            Letter.update(reopened_at=clock.now())
            .where(
                Letter.id == letter.id,
                Letter.frozen_at.is_null(False),
                Letter.reopened_at.is_null(),
                Letter.sent_on.is_null(),
                Letter.withdrawn_at.is_null(),
            )
            .execute()
        )
        if not taken:
            raise RuleBroken(_why_not(Letter.get_by_id(letter.id)))
        sending = agreements.open_one(letter.campaign, "send_letter", letter.id)
        if sending is not None:
            agreements.withdraw(sending, by=by)
        text_changed(letter, by=by, change="reopened", why=why)
        record(letter.campaign, "letter_reopened", by=by, about=letter, title=letter.title, why=why)
    letter.reopened_at = clock.now()


def _why_not(letter: Letter) -> str:
    if letter.withdrawn_at is not None:
        return _("This letter is withdrawn")
    if letter.sent_on is not None:
        return _("This letter was sent. What they have stays as it is; write a new letter instead")
    if letter.frozen_at is None:
        return _("This letter is not frozen. You can change it as it is")
    return _("A new version is being written already")


def keep_frozen(letter: Letter, *, by: Person) -> None:
    """Leave the frozen text as it is, and end the writing anew: every part goes back to its frozen words.

    What was written meanwhile stays in the history. Raises RuleBroken when no new version is being written.
    """
    with transaction():
        now = hold_open(letter)
        version = newest(now)
        if now.reopened_at is None or version is None:
            raise RuleBroken(_("No new version is being written"))
        content = frozen_content(version)
        _put_back(now, content, by=by)
        close_open(now, by=by)
        # A version frozen long ago does not say which row it was addressed to, nor whether it was a complaint.
        target = content.get("target_id", now.target_id)
        formal = content.get("is_formal_complaint", now.is_formal_complaint)
        Letter.update(
            title=content["title"], language=content["language"], target=target, is_formal_complaint=formal
        ).where(Letter.id == letter.id).execute()
        text_changed(letter, by=by, change="restored")
        Letter.update(reopened_at=None).where(Letter.id == letter.id).execute()
    letter.reopened_at = None


def _put_back(letter: Letter, content: dict[str, Any], *, by: Person) -> None:
    wanted = {block["id"]: (position, block) for position, block in enumerate(content["blocks"])}
    last = len(wanted)
    # All of them first: a row whose place is written while the places are read comes round again.
    for block in list(Block.select().where(Block.letter == letter.id).order_by(Block.position, Block.id)):
        position, words = wanted.get(block.id, (last, None))
        last += words is None
        fields: dict[str, Any] = {"removed_at": None}
        if words is None:
            fields = {"removed_at": block.removed_at or clock.now()}
        else:
            by_on = date.fromisoformat(words["by_on"]) if words["by_on"] else None
            fields |= {"text": words["text"], "test": words["test"], "source": words["source"], "by_on": by_on}
        if any(getattr(block, name) != value for name, value in fields.items()):
            Block.update(version=Block.version + 1, edited_by=by.id, edited_at=clock.now(), **fields).where(
                Block.id == block.id
            ).execute()
            keep_revision(Block.get_by_id(block.id), by=by, change="restored")
        if block.position != position:
            Block.update(position=position).where(Block.id == block.id).execute()


# ---- a typo: two leads, the difference in sight, and every signature stays ----


def ask_typo(letter: Letter, *, seen: int, note: str, by: Person) -> Agreement:
    """Ask a second lead to agree that the new words, as they were at version `seen`, only mend a typo.

    Raises RuleBroken when no new version is being written, the text changed since, a vote is open, or something stops
    the freeze.
    """
    with transaction():
        now = hold_open(letter)
        if now.reopened_at is None:
            raise RuleBroken(_("No new version is being written"))
        if now.version != seen:
            raise RuleBroken(_("The text changed while you were reading. Read it again, then ask"))
        _refuse_open_vote(now)
        canonical, _content = text_to_freeze(now)
        refuse_same(now, canonical)
        terms = {"about": "typo", "version": now.version, "sha256": fingerprint_of(canonical), "note": note}
        return agreements.ask(letter.campaign, KIND, by=by, subject_id=letter.id, **terms)


def agree_typo(letter: Letter, *, by: Person) -> LetterVersion:
    """Be the second lead: the new words are frozen, and everybody who signed the old ones stands under them, too.

    Raises RuleBroken when nobody asks, when `by` is the one who asked, and when the text is no longer what was asked
    about; then the asking is taken back, too.
    """
    with transaction():
        now = hold_open(letter)
        asking = open_asking(letter, "typo")
        canonical, content = text_to_freeze(now)
        terms = json.loads(asking.terms)
        same = terms["version"] == now.version and terms["sha256"] == fingerprint_of(canonical)
        still_lead = "lead" in letter.campaign.parts_of(asking.asked_by)
        if same and still_lead:
            _refuse_open_vote(now)
            agreements.agree(asking, by=by)
            last = newest(now)
            version = keep_version(
                now, canonical, content, kind="typo", by=by, asked_by=asking.asked_by, change_note=terms["note"]
            )
            assert last is not None
            _carry_over(now, last, version)
            return version
        agreements.withdraw(asking, by=by)
    # After the commit, so that the stale asking is gone.
    if not same:
        raise RuleBroken(_("The text has changed since it was asked about. Read it again; then one of you asks anew"))
    raise RuleBroken(_("The person who asked no longer leads this campaign. Ask anew"))


def stop_asking(letter: Letter, *, by: Person) -> None:
    """Take the question back, or say "not yet". Raises RuleBroken when it no longer waits."""
    with transaction():
        asking = agreements.open_one(letter.campaign, KIND, letter.id)
        if asking is None:
            raise RuleBroken(_("Nobody is asking for this any more. Look at the letter again"))
        agreements.withdraw(asking, by=by)


def open_asking(letter: Letter, about: str) -> Agreement:
    """The question about this letter that waits for a second lead. Raises RuleBroken when nobody asks for `about`."""
    asking = agreements.open_one(letter.campaign, KIND, letter.id)
    if asking is None or json.loads(asking.terms).get("about") != about:
        raise RuleBroken(_("Nobody is asking for this any more. Look at the letter again"))
    return asking


def _refuse_open_vote(letter: Letter) -> None:
    if SignOff.select().where(SignOff.letter == letter.id, SignOff.outcome.is_null()).exists():
        raise RuleBroken(_("A vote on this text is open. Stop it first, or wait until it ends"))


def _carry_over(letter: Letter, last: LetterVersion, version: LetterVersion) -> None:
    """Everybody who stands under `last` stands under `version`. Four statements, however many they are."""
    mark = "?" if is_sqlite() else "%s"
    db.execute_sql(
        "INSERT INTO signed_version (signature_id, version_id, how, at) "
        f"SELECT signature_id, {mark}, 'typo', {mark} FROM signed_version WHERE version_id = {mark}",
        (version.id, LetterVersion.frozen_at.db_value(version.frozen_at), last.id),
    )
    counts = {"signature_count": last.signature_count, "signed_home_count": last.signed_home_count}
    LetterVersion.update(**counts).where(LetterVersion.id == version.id).execute()
    Letter.update(**counts).where(Letter.id == letter.id).execute()
    Signature.update(version=version.id).where(Signature.version == last.id, Signature.state == "confirmed").execute()
