"""Putting a name to a frozen letter, without an account. Only confirmed signatures count."""

from datetime import timedelta
from typing import Any, Unpack

import peewee
from flask_babel import gettext as _

from portal import clock, jobs, limits, outbox, tokens
from portal.campaigns.models import Campaign
from portal.database import db, transaction
from portal.errors import RuleBroken
from portal.letters import emails
from portal.letters.copies.models import Complainant
from portal.letters.editions import standing
from portal.letters.models import Letter, LetterVersion, Signature
from portal.letters.new_signatures import NewSignature, Typed, confirmation_mail, facts_of, make_ready, store_all
from portal.mail import Message
from portal.places.models import Building, Home

CONFIRM_SECONDS = 7 * 24 * 3600
PENDING_DAYS = 14


def confirm_token(signature: Signature) -> str:
    """The link part that confirms this signature, for seven days. A later mail makes the earlier link useless."""
    return _confirm_token(_marks(signature), signature.mail_count)


def _confirm_token(marks: list[Any], mail_count: int) -> str:
    return tokens.sign("confirm-signature", [*marks, mail_count], expires=True)


def manage_token(signature: Signature) -> str:
    """The signer's own lasting link part: change how the name is shown, or withdraw."""
    return _manage_token(_marks(signature))


def _manage_token(marks: list[Any]) -> str:
    return tokens.sign("manage-signature", marks)


def _marks(signature: Signature) -> list[Any]:
    """What a link knows a signature by. Not its number: a mail is queued before its signature is stored."""
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


def sign(letter: Letter, version: LetterVersion, *, network: str, locale: str = "en", **typed: Unpack[Typed]) -> None:
    """Put a name to a letter; a mail asks the address's owner to confirm.

    Looks the same from outside whether the address is new, waiting, signed already or blocked: only its owner is told.
    `network` is where they sign from (see `limits.network`), `locale` the language of the mail. Raises RuleBroken when
    the letter does not take signatures.
    """
    new = make_ready(letter, version, network=network, locale=locale, **typed)
    try:
        with transaction():
            store_all(db.execute_sql, [new])
            outbox.deliver_post.soon()
    except peewee.IntegrityError:
        _sign_again(letter, new, locale)


def _sign_again(letter: Letter, new: NewSignature, locale: str) -> None:
    """The address was here before. What happens now only its owner learns, by mail, twice a day at most."""
    held = not limits.take(limits.SIGNATURE_NETWORK, new.network)
    if not limits.take(limits.CONFIRMATION_MAIL, f"{letter.id}|{new.email_key}"):
        return
    with transaction():
        signature = Signature.get((Signature.letter == letter.id) & (Signature.email_key == new.email_key))
        signature.letter = letter
        if signature.is_blocked:
            return
        if signature.state == "confirmed":
            about = f"{signature.id}:{clock.today()}"
            facts = _facts(signature)
            outbox.put(outbox.from_facts("already-signed", facts, to=signature.email, about=about, locale=locale))
            return
        fresh = {"is_held": held, "state": "pending", "withdrawn_at": None, "created_at": clock.now()}
        for field, value in {**new.given, **fresh}.items():
            setattr(signature, field, value)
        signature.mail_count += 1
        signature.save()
        outbox.put(confirmation_mail(_facts(signature), locale))


def _facts(signature: Signature) -> dict[str, Any]:
    return facts_of(
        signature.letter,
        signature.email_key,
        name=signature.name,
        email=signature.email,
        mail_count=signature.mail_count,
    )


# ---- the mails to signers: queued as facts, composed by the worker, who makes the links in them too ----


@outbox.writes("confirm")
def _confirmation(facts: dict[str, Any]) -> Message:
    return emails.confirm_signature(
        to=facts["to"],
        name=facts["name"],
        title=facts["title"],
        confirm_token=_confirm_token(facts["marks"], facts["mail_count"]),
        manage_token=_manage_token(facts["marks"]),
    )


@outbox.writes("already-signed")
def _signed_before(facts: dict[str, Any]) -> Message:
    token = _manage_token(facts["marks"])
    return emails.already_signed(to=facts["to"], name=facts["name"], title=facts["title"], manage_token=token)


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
        standing.stand_under(signature)
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
    standing.count(signature, change)


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
        standing.leave(before)
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
