"""Asking everybody who signed an earlier version whether they stand under the new words: one mail, one press."""

from datetime import timedelta

from flask_babel import gettext as _

from portal import clock, jobs, outbox
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.editions import emails, standing
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Letter, LetterVersion, Signature
from portal.letters.signing import manage_token

A_BATCH = 50
# A lost wake-up is made good within this time. Notices are kept longer, so nobody is asked twice.
ASKED_DAYS = 14


def sign_again(signature: Signature) -> bool:
    """Stand under the newest version, too. False when that was so before: pressing twice is harmless.

    Raises RuleBroken when the signature does not count, or the letter takes no names any more.
    """
    with transaction():
        # The letter's row first, as whoever counts does.
        Letter.update(signature_count=Letter.signature_count).where(Letter.id == signature.letter_id).execute()
        now = Signature.get_by_id(signature.id)
        letter = now.letter
        if now.state != "confirmed":
            raise RuleBroken(_("This signature is not under the letter any more. Sign again if you want to be counted"))
        if not letter.is_open_for_signing or letter.campaign.is_closed:
            raise RuleBroken(_("This letter is not open for signing any more"))
        version = LetterVersion.get_by_id(standing.newest_id(letter))
        added = (
            SignedVersion.insert(signature=now.id, version=version.id, how="again")
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
        if not added:
            return False
        Signature.update(version=version.id).where(Signature.id == now.id).execute()
        if not now.is_held:
            standing.count_again(now, version)
        signature.version = version
    return True


def unasked(version: LetterVersion, *, after: int = 0) -> list[Signature]:
    """A batch of those who signed before `version` and do not stand under it, who have an address."""
    under = SignedVersion.select(SignedVersion.signature).where(SignedVersion.version == version.id)
    return list(
        Signature.select()
        .where(
            Signature.letter == version.letter_id,
            Signature.state == "confirmed",
            Signature.email != "",
            Signature.id > after,
            Signature.id.not_in(under),
        )
        .order_by(Signature.id)
        .limit(A_BATCH)
    )


@jobs.job()
def ask_again(version_id: int) -> None:
    """Write to everybody who signed an earlier version, batch by batch. Twice is once."""
    version: LetterVersion = (
        LetterVersion.select(LetterVersion, Letter, Campaign)
        .join(Letter)
        .join(Campaign)
        .where(LetterVersion.id == version_id)
        .get()
    )
    letter = version.letter
    if version.kind != "new" or not letter.is_open_for_signing or standing.newest_id(letter) != version.id:
        return
    after = 0
    while batch := unasked(version, after=after):
        after = batch[-1].id
        keys = {f"sign-again:{version.id}:{row.id}": row for row in batch}
        Mail = outbox.OutgoingMail
        told = {key for (key,) in Mail.select(Mail.dedupe_key).where(Mail.dedupe_key.in_(list(keys))).tuples()}
        mails = []
        for key, signature in keys.items():
            if key not in told:
                signature.letter = letter
                message = emails.sign_again(signature, version, manage_token(signature))
                mails.append(outbox.written(message, kind="sign-again", about=f"{version.id}:{signature.id}"))
        with transaction():
            for row in mails:
                outbox.post(row)


@jobs.hourly
def ask_whom_was_missed() -> None:
    """New versions of the last days whose mails a lost wake-up left unwritten."""
    since = clock.now() - timedelta(days=ASKED_DAYS)
    rows = LetterVersion.select(LetterVersion.id).where(LetterVersion.kind == "new", LetterVersion.frozen_at >= since)
    for (version_id,) in rows.tuples():
        ask_again(version_id)
