"""Freezing the text: everybody has voted on exactly these words, one lead presses, and nobody changes them again."""

import json
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.checks import look_over, stops
from portal.letters.editions import readings
from portal.letters.editions.again import ask_again
from portal.letters.editions.naming import name_revision
from portal.letters.finding import standing_blocks
from portal.letters.models import Letter, LetterVersion
from portal.letters.operations import desk_changed, hold_open
from portal.letters.sheet import content_of
from portal.letters.talk.suggestions import close_open
from portal.letters.votes import closing
from portal.letters.votes.models import SignOff
from portal.people.models import Person


def text_to_freeze(letter: Letter) -> tuple[str, dict]:
    """Canonical text and content as they are now. Raises RuleBroken when something stops the freeze."""
    blocks = standing_blocks(letter)
    found = {finding.kind for finding in stops(look_over(letter, blocks))}
    if "target" in found:
        raise RuleBroken(_("Say who the letter is written to before you freeze it"))
    if "gaps" in found:
        raise RuleBroken(_("Fill the gaps in [brackets] before you freeze the text"))
    if "asks" in found:
        raise RuleBroken(_("The letter asks for nothing yet. Add a demand or a question before you freeze it"))
    if found - {"second_reader"}:
        raise RuleBroken(_("Something on the list “Before we freeze” has to be done first"))
    if readings.lacks_second_reader(letter):
        raise RuleBroken(_("Somebody other than the lead author has to read this text first, as a second reader"))
    content = content_of(letter, blocks)
    return canonical_text(content), content


def freeze(letter: Letter, *, by: Person) -> LetterVersion:
    """Make the text that the vote agreed to a version that nobody can change.

    Raises RuleBroken when no vote on exactly these words has passed, or something stops the freeze. Two who press at
    once make one version.
    """
    with transaction():
        now = hold_open(letter)
        sign_off = SignOff.select().where(SignOff.letter == letter.id).order_by(SignOff.id.desc()).first()
        if sign_off is None:
            raise RuleBroken(_("Nobody has voted on this text yet. Ask “Are we agreed?” first"))
        sign_off.letter = now
        if sign_off.is_due:
            sign_off = closing.settle(sign_off)
        if sign_off.outcome is None:
            raise RuleBroken(_("The vote is still open. The text can be frozen when it has passed"))
        if sign_off.outcome != "passed":
            raise RuleBroken(_("The last vote did not pass. Answer what is open, then vote again"))
        canonical, content = text_to_freeze(now)
        if now.version != sign_off.number or fingerprint_of(canonical) != sign_off.sha256:
            raise RuleBroken(_("The text has changed since the vote. Read it again, then vote on the new words"))
        kind = "first" if now.frozen_at is None else "new"
        version = keep_version(
            now, canonical, content, kind=kind, by=by, sign_off_id=sign_off.id, asked_by=sign_off.opened_by
        )
        if kind == "new":
            ask_again.later(version.id)
        return version


def keep_version(now: Letter, canonical: str, content: dict, *, kind: str, by: Person, **given: Any) -> LetterVersion:
    """Store a frozen version of a letter whose row is held, and close its text. Inside the transaction."""
    at = clock.now()
    if now.campaign.visibility != "circle":
        # Whoever may see the campaign reads the new words at once.
        refuse_while_paused(now.campaign)
    refuse_same(now, canonical)
    last = newest(now)
    version = LetterVersion.create(
        letter=now,
        number=last.number + 1 if last is not None else 1,
        canonical_text=canonical,
        sha256=fingerprint_of(canonical),
        content=json.dumps(
            {**content, "target_id": now.target_id, "is_formal_complaint": now.is_formal_complaint}, ensure_ascii=False
        ),
        frozen_at=at,
        agreed_by=by,
        kind=kind,
        **given,
    )
    Letter.update(frozen_at=at, reopened_at=None, signature_count=0, signed_home_count=0).where(
        Letter.id == now.id
    ).execute()
    name_revision(now, "frozen", by=by)
    close_open(now, by=by)
    desk_changed(now)
    record(
        now.campaign,
        "letter_frozen",
        by=by,
        about=now,
        is_public=now.campaign.is_public,
        title=now.title,
        fingerprint=version.fingerprint,
        number=version.number,
    )
    return version


def refuse_same(letter: Letter, canonical: str) -> None:
    """Raise RuleBroken when the version that stands has exactly this text."""
    last = newest(letter)
    if last is not None and last.canonical_text == canonical:
        raise RuleBroken(_("Not a word is different from the version that stands. There is nothing to freeze"))


def newest(letter: Letter) -> LetterVersion | None:
    """The version frozen last, or None. One statement."""
    return LetterVersion.select().where(LetterVersion.letter == letter.id).order_by(LetterVersion.number.desc()).first()
