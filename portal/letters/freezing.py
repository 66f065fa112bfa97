"""Freezing the text: one lead asks, a second agrees to exactly those words, and nobody changes them again."""

import json

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import agreements
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.canonical import canonical_text, fingerprint_of
from portal.letters.checks import look_over, stops
from portal.letters.finding import blocks_of
from portal.letters.models import Letter, LetterVersion
from portal.letters.operations import hold_open
from portal.letters.sheet import content_of
from portal.letters.talk.suggestions import close_open
from portal.people.models import Person

KIND = "freeze_letter"


def ask_to_freeze(letter: Letter, *, seen: int, by: Person) -> Agreement:
    """Ask a second lead to agree that the text is finished, as it was at version `seen`.

    Raises RuleBroken when the text changed since then, is frozen, has gaps, or somebody asked already.
    """
    with transaction():
        now = hold_open(letter)
        if now.version != seen:
            raise RuleBroken(_("The text changed while you were reading. Read it again, then ask"))
        canonical, _content = _text_of(now)
        return agreements.ask(
            letter.campaign, KIND, by=by, subject_id=letter.id, version=now.version, sha256=fingerprint_of(canonical)
        )


def agree_to_freeze(letter: Letter, *, by: Person) -> LetterVersion:
    """Be the second lead: the text becomes a version that nobody can change.

    Raises RuleBroken when nobody asks, when `by` is the one who asked, and when the text or the one it is addressed to
    is no longer what was asked about; then the asking is taken back, too.
    """
    with transaction():
        now = hold_open(letter)
        asking = agreements.open_one(letter.campaign, KIND, letter.id)
        if asking is None:
            raise RuleBroken(_("Nobody is asking to freeze this text any more. Look at the letter again"))
        canonical, content = _text_of(now)
        sha256 = fingerprint_of(canonical)
        terms = json.loads(asking.terms)
        same = terms["version"] == now.version and terms["sha256"] == sha256
        still_lead = "lead" in letter.campaign.parts_of(asking.asked_by)
        if same and still_lead:
            agreements.agree(asking, by=by)
            return _freeze(letter, canonical, content, sha256, asking=asking, by=by)
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
            raise RuleBroken(_("Nobody is asking to freeze this text any more. Look at the letter again"))
        agreements.withdraw(asking, by=by)


def _text_of(letter: Letter) -> tuple[str, dict]:
    """Canonical text and content as they are now. Raises RuleBroken when something stops the freeze."""
    blocks = [block for block in blocks_of(letter) if block.removed_at is None]
    found = {finding.kind for finding in stops(look_over(letter, blocks))}
    if "target" in found:
        raise RuleBroken(_("Say who the letter is written to before you freeze it"))
    if "gaps" in found:
        raise RuleBroken(_("Fill the gaps in [brackets] before you freeze the text"))
    if "asks" in found:
        raise RuleBroken(_("The letter asks for nothing yet. Add a demand or a question before you freeze it"))
    content = content_of(letter, blocks)
    return canonical_text(content), content


def _freeze(
    letter: Letter, canonical: str, content: dict, sha256: str, *, asking: Agreement, by: Person
) -> LetterVersion:
    at = clock.now()
    last = LetterVersion.select(LetterVersion.number).where(LetterVersion.letter == letter.id)
    number = max((row.number for row in last), default=0) + 1
    version = LetterVersion.create(
        letter=letter,
        number=number,
        canonical_text=canonical,
        sha256=sha256,
        content=json.dumps(content, ensure_ascii=False),
        frozen_at=at,
        asked_by=asking.asked_by,
        agreed_by=by,
    )
    asked_version = json.loads(asking.terms)["version"]
    taken = (
        Letter.update(frozen_at=at)
        .where(Letter.id == letter.id, Letter.version == asked_version, Letter.frozen_at.is_null())
        .execute()
    )
    if not taken:
        raise RuleBroken(_("The text has changed since it was asked about. Read it again; then one of you asks anew"))
    letter.frozen_at = at
    close_open(letter, by=by)
    record(
        letter.campaign,
        "letter_frozen",
        by=by,
        about=letter,
        is_public=letter.campaign.is_public,
        title=letter.title,
        fingerprint=version.fingerprint,
        number=number,
    )
    return version
