"""Putting a name to a frozen letter, without an account. Only confirmed signatures count."""

from datetime import timedelta
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs, limits, outbox, tokens
from portal.campaigns.models import Campaign
from portal.database import add_row, transaction
from portal.errors import RuleBroken
from portal.letters import emails
from portal.letters.copies.models import Complainant
from portal.letters.models import Letter, LetterVersion, Signature
from portal.outbox import OutgoingMail
from portal.people.operations import email_key as plain_key
from portal.places.models import Building, Home

CONFIRM_SECONDS = 7 * 24 * 3600
PENDING_DAYS = 14
# The exact words that signers see are in templates/signing/; a change of meaning there gets a new name here.
WORDING = "sign-1"


def key_of(email: str) -> str:
    """The fingerprint under which one address signs one letter once."""
    return tokens.keyed_digest("signature", plain_key(email))


def confirm_token(signature: Signature) -> str:
    """The link part that confirms this signature, for seven days. A later mail makes the earlier link useless."""
    return tokens.sign("confirm-signature", [*_marks(signature), signature.mail_count], expires=True)


def manage_token(signature: Signature) -> str:
    """The signer's own lasting link part: change how the name is shown, or withdraw."""
    return tokens.sign("manage-signature", _marks(signature))


def _marks(signature: Signature) -> list[Any]:
    """What a link knows a signature by. Not its number: a mail is written before its signature is stored."""
    return [signature.letter_id, signature.email_key]


def by_confirm_token(token: str) -> Signature | None:
    """The signature a confirmation link is about, or None when the link is no good any more."""
    value = tokens.unsign("confirm-signature", token, max_age=CONFIRM_SECONDS)
    if not isinstance(value, list) or len(value) != 3:
        return None
    signature = _marked(value[:2])
    return signature if signature is not None and signature.mail_count == value[2] else None


def by_manage_token(token: str) -> Signature | None:
    """The signature a signer's own link is about, or None."""
    value = tokens.unsign("manage-signature", token)
    return _marked(value) if isinstance(value, list) and len(value) == 2 else None


def _marked(marks: list[Any]) -> Signature | None:
    letter_id, key = marks
    return (
        Signature.select(Signature, Letter, Campaign, LetterVersion)
        .join_from(Signature, Letter)
        .join_from(Letter, Campaign)
        .join_from(Signature, LetterVersion)
        .where(Signature.letter == letter_id, Signature.email_key == key)
        .first()
    )


def sign(
    letter: Letter,
    version: LetterVersion,
    *,
    name: str,
    email: str,
    display: str,
    show_to_target: bool,
    wants_news: bool,
    home_words: str,
    network: str,
) -> None:
    """Put a name to a letter; a mail asks the address's owner to confirm.

    Looks the same from outside whether the address is new, waiting, signed already or blocked: only its owner is told.
    Raises RuleBroken when the letter does not take signatures.
    """
    if not letter.is_open_for_signing or letter.campaign.is_closed:
        raise RuleBroken(_("This letter is not open for signing any more"))
    held = not limits.take(limits.SIGNATURE_NETWORK, f"{network}|{letter.id}")
    key = key_of(email)
    fields = {
        "version": version,
        "name": name,
        "email": email,
        "display": display,
        "show_to_target": show_to_target,
        "wants_news": wants_news,
        "home_words": home_words,
        "is_held": held,
        "wording": WORDING,
        "network_key": tokens.keyed_digest(f"network-{clock.today()}", network)[:16],
    }
    signature = Signature(letter=letter, email_key=key, state="pending", mail_count=1, **fields)
    # Written first: everybody who signs waits for the transaction.
    mail = _confirmation(signature)
    try:
        with transaction():
            add_row(Signature, **signature.__data__)
            outbox.post(mail)
    except peewee.IntegrityError:
        _sign_again(letter, key, fields)


def _sign_again(letter: Letter, key: str, fields: dict[str, Any]) -> None:
    """The address was here before. What happens now only its owner learns, by mail, twice a day at most."""
    if not limits.take(limits.CONFIRMATION_MAIL, f"{letter.id}|{key}"):
        return
    with transaction():
        signature = Signature.get((Signature.letter == letter.id) & (Signature.email_key == key))
        signature.letter = letter
        if signature.is_blocked:
            return
        if signature.state == "confirmed":
            outbox.enqueue(
                emails.already_signed(signature, manage_token(signature)),
                kind="already-signed",
                about=f"{signature.id}:{clock.today()}",
            )
            return
        for field, value in {**fields, "state": "pending", "withdrawn_at": None, "created_at": clock.now()}.items():
            setattr(signature, field, value)
        signature.mail_count += 1
        signature.save()
        outbox.post(_confirmation(signature))


def _confirmation(signature: Signature) -> OutgoingMail:
    message = emails.confirm_signature(signature, confirm_token(signature), manage_token(signature))
    about = f"{signature.letter_id}:{signature.email_key}:{signature.mail_count}"
    return outbox.written(message, kind="confirm", about=about)


def confirm(signature: Signature) -> bool:
    """Count a signature its owner confirmed. False when it was confirmed before: pressing twice is harmless.

    Raises RuleBroken when the letter does not take signatures any more, or the signature was withdrawn.
    """
    letter = signature.letter
    if signature.state == "confirmed":
        return False
    if not letter.is_open_for_signing or letter.campaign.is_closed:
        raise RuleBroken(_("This letter is not open for signing any more"))
    with transaction():
        # The letter's row first: two neighbours of one home who confirm at once are counted one after the other.
        Letter.update(signature_count=Letter.signature_count).where(Letter.id == letter.id).execute()
        home = _home_from_words(letter, signature.home_words)
        confirmed = (
            Signature.update(state="confirmed", confirmed_at=clock.now(), home=home)
            .where(Signature.id == signature.id, Signature.state == "pending")
            .execute()
        )
        if not confirmed:
            raise RuleBroken(_("This signature was withdrawn. Sign again if you want to be counted"))
        signature.state, signature.home = "confirmed", home
        if not signature.is_held:
            _count(signature, +1)
    return True


def _home_from_words(letter: Letter, words: str) -> Home | None:
    if not words:
        return None
    label = words.replace(" ", "").casefold().removeprefix("flat").removeprefix("no.").removeprefix("number")
    return (
        Home.select()
        .join(Building)
        .where(Building.place == letter.campaign.place_id, peewee.fn.LOWER(Home.label) == label)
        .first()
    )


def _count(signature: Signature, change: int) -> None:
    """Keep the counters in step, inside the transaction that changed the signature."""
    letter = signature.letter
    homes = 0
    if signature.home_id is not None:
        others = Signature.select().where(
            Signature.letter == letter.id,
            Signature.home == signature.home_id,
            Signature.state == "confirmed",
            Signature.is_held == False,  # noqa: E712
            Signature.id != signature.id,
        )
        homes = 0 if others.exists() else change
    for model, row_id in ((Letter, letter.id), (Campaign, letter.campaign_id)):
        model.update(
            signature_count=model.signature_count + change, signed_home_count=model.signed_home_count + homes
        ).where(model.id == row_id).execute()
    letter.campaign.touch()


def change_display(signature: Signature, *, display: str, show_to_target: bool, wants_news: bool) -> None:
    """Show the name otherwise from the next page view on. Copies already delivered can not be changed."""
    with transaction():
        Signature.update(display=display, show_to_target=show_to_target, wants_news=wants_news).where(
            Signature.id == signature.id, Signature.state != "withdrawn"
        ).execute()
        signature.letter.campaign.touch()


def withdraw(signature: Signature) -> bool:
    """Take a name off a letter and forget who it was. False when that was done before."""
    return _forget(signature, is_blocked=False)


def not_me(signature: Signature) -> bool:
    """Somebody else typed this address: forget it, and never ask it again for this letter."""
    return _forget(signature, is_blocked=True)


def _forget(signature: Signature, *, is_blocked: bool) -> bool:
    with transaction():
        Letter.update(signature_count=Letter.signature_count).where(Letter.id == signature.letter_id).execute()
        before = Signature.get_by_id(signature.id)
        if before.state == "withdrawn":
            Signature.update(is_blocked=before.is_blocked or is_blocked).where(Signature.id == signature.id).execute()
            return False
        # Whoever takes their name off the letter is named nowhere else either.
        Complainant.delete().where(Complainant.signature == signature.id).execute()
        Signature.update(
            state="withdrawn",
            withdrawn_at=clock.now(),
            name="",
            email="",
            home_words="",
            display="hidden",
            show_to_target=False,
            wants_news=False,
            is_blocked=is_blocked,
            network_key="",
            home=None,
        ).where(Signature.id == signature.id).execute()
        if before.state == "confirmed" and not before.is_held:
            before.letter = signature.letter
            _count(before, -1)
        signature.state = "withdrawn"
    return True


def release(signature: Signature) -> None:
    """Count a held signature after a look. Raises RuleBroken when it is not held."""
    with transaction():
        Letter.update(signature_count=Letter.signature_count).where(Letter.id == signature.letter_id).execute()
        changed = (
            Signature.update(is_held=False)
            .where(Signature.id == signature.id, Signature.is_held == True)  # noqa: E712
            .execute()
        )
        if not changed:
            raise RuleBroken(_("This signature is not waiting for a look"))
        if signature.state == "confirmed":
            _count(signature, +1)


@jobs.hourly
def forget_unconfirmed() -> int:
    """Forget who never confirmed, after two weeks; returns how many. They can sign again at any time."""
    with transaction():
        return (
            Signature.update(state="expired", name="", email="", home_words="", network_key="", wants_news=False)
            .where(Signature.state == "pending", Signature.created_at < clock.now() - timedelta(days=PENDING_DAYS))
            .execute()
        )
