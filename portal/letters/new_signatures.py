"""The rows of a new signature: made ready before the transaction, stored alone or with those of a crowd.

A street signs in one evening, and everybody who signs waits for one file: so what can be done before is done before.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypedDict, Unpack

from flask_babel import gettext as _

from portal import clock, limits, outbox, tokens
from portal.errors import RuleBroken
from portal.letters.finding import SeenToSign
from portal.letters.models import Letter, LetterVersion, Signature
from portal.people.operations import email_key as plain_key
from portal.quick_rows import Execute, Row, add_all, prepare_row
from portal.together import Together

# The exact words that signers see are in templates/signing/; a change of meaning there gets a new name here.
WORDING = "sign-1"


def key_of(email: str) -> str:
    """The fingerprint under which one address signs one letter once."""
    return tokens.keyed_digest("signature", plain_key(email))


class Typed(TypedDict):
    """What somebody gives who signs, as the form made it clean."""

    name: str
    email: str
    display: str
    show_to_target: bool
    wants_news: bool
    home_words: str


class NewSignature(NamedTuple):
    """Everything that is stored when somebody puts their name to a letter."""

    letter_id: int
    email_key: str
    # What they gave, for a signature that turns out to be there already.
    given: dict[str, Any]
    signature: Row
    mail: Row
    # Whose limit it counts for.
    network: str
    # From a crowd: the letter as it was seen, and the form's key against a double press.
    seen: SeenToSign | None = None
    key: Row | None = None


class LetterChanged(Exception):
    """The letter is not any more as it was when the signature was made ready."""


def make_ready(
    letter: Letter, version: LetterVersion, *, network: str, locale: str, **typed: Unpack[Typed]
) -> NewSignature:
    """See `signing.sign`. Raises RuleBroken when the letter does not take signatures."""
    if not letter.is_open_for_signing or letter.campaign.is_closed:
        raise RuleBroken(_("This letter is not open for signing any more"))
    name, email = typed["name"], typed["email"]
    key = key_of(email)
    given = {
        "version": version.id,
        **typed,
        "wording": WORDING,
        "network_key": tokens.keyed_digest(f"network-{clock.today()}", network)[:16],
    }
    return NewSignature(
        letter.id,
        key,
        given,
        prepare_row(Signature, letter=letter.id, email_key=key, state="pending", mail_count=1, **given),
        confirmation_mail(facts_of(letter, key, name=name, email=email, mail_count=1), locale),
        f"{network}|{letter.id}",
    )


def facts_of(letter: Letter, key: str | None, *, name: str, email: str, mail_count: int) -> dict[str, Any]:
    """What the worker needs to know to write a mail to a signer."""
    return {"to": email, "name": name, "title": letter.title, "marks": [letter.id, key], "mail_count": mail_count}


def confirmation_mail(facts: dict[str, Any], locale: str) -> Row:
    """The mail that asks the address's owner to confirm, for `outbox.put`. Composed by the worker."""
    letter_id, key = facts["marks"]
    about = f"{letter_id}:{key}:{facts['mail_count']}"
    return outbox.from_facts("confirm", facts, to=facts["to"], about=about, locale=locale)


def store_all(execute: Execute, new: Sequence[NewSignature]) -> None:
    """Store what was made ready, in the transaction of `execute`. Who is over the limit of their network is held.

    Raises LetterChanged, or an integrity error when an address or a form's key was there before.
    """
    # One look for all who sign one letter.
    for seen in {id(one.seen): one.seen for one in new}.values():
        if seen is not None and not seen.is_still_so(execute):
            raise LetterChanged
    add_all([one.key for one in new if one.key is not None], execute)
    add_all([one.signature for one in new], execute)
    add_all([one.mail for one in new], execute)
    # Last, so that only who is stored uses up an act.
    within = limits.take_each(limits.SIGNATURE_NETWORK, [one.network for one in new])
    for one, is_within in zip(new, within, strict=True):
        if not is_within:
            same = (Signature.letter == one.letter_id) & (Signature.email_key == one.email_key)
            sql, given = Signature.update(is_held=True).where(same).sql()
            execute(sql, tuple(given))


_crowd = Together(store_all)


def store_with_the_crowd(new: NewSignature) -> None:
    """Store it, with those of others who sign at this moment, and wake the mailer. Raises what `store_all` raises."""
    _crowd.store(new)
    outbox.deliver_post.wake()
