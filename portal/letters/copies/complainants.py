"""Those who agree to be named to the addressee, and to nobody else, with their home and their earlier complaints.

Each agrees for themselves: a member on a page of the letter, a signer by their own link. Nobody can name another.
"""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.copies.models import Complainant
from portal.letters.models import Letter, Signature
from portal.people.models import Person


def name_me(
    letter: Letter,
    *,
    name: str,
    home_words: str,
    complaints: str,
    person: Person | None = None,
    signature: Signature | None = None,
) -> None:
    """Agree to be named to the addressee; again to change what stands there. Exactly one of `person`, `signature`.

    Raises RuleBroken when the letter is withdrawn, or the signature is not confirmed.
    """
    with transaction():
        # The letter's row is taken, so that a sending sees it or does not, and never half.
        Letter.update(version=Letter.version).where(Letter.id == letter.id).execute()
        if letter.withdrawn_at is not None:
            raise RuleBroken(_("This letter is withdrawn. Nobody is named to anybody"))
        if signature is not None and Signature.get_by_id(signature.id).state != "confirmed":
            raise RuleBroken(_("Confirm your signature first, by the link in our mail"))
        words = {"name": name, "home_words": home_words, "complaints": complaints}
        again = {**words, "agreed_at": clock.now(), "withdrawn_at": None}
        if mine(letter, person=person, signature=signature) is None:
            Complainant.create(letter=letter, person=person, signature=signature, **words)
        else:
            Complainant.update(again).where(_owned(letter, person, signature)).execute()


def take_back(letter: Letter, *, person: Person | None = None, signature: Signature | None = None) -> None:
    """Be named no longer, and forget what was typed. What was sent already stays with them. Twice is once."""
    with transaction():
        Complainant.update(name="", home_words="", complaints="", withdrawn_at=clock.now()).where(
            _owned(letter, person, signature), Complainant.withdrawn_at.is_null()
        ).execute()


def mine(letter: Letter, *, person: Person | None = None, signature: Signature | None = None) -> Complainant | None:
    """What they agreed to, withdrawn or not; None when they never did."""
    return Complainant.get_or_none(_owned(letter, person, signature))


def named(letter: Letter) -> list[Complainant]:
    """Everybody who is named now: members who still belong, and signers whose signature stands. One statement."""
    belongs = Membership.select(Membership.person).where(
        Membership.campaign == letter.campaign_id, Membership.left_at.is_null()
    )
    return list(
        Complainant.select()
        .join(Signature, peewee.JOIN.LEFT_OUTER)
        .where(
            Complainant.letter == letter.id,
            Complainant.withdrawn_at.is_null(),
            Complainant.person.in_(belongs) | (Signature.state == "confirmed"),
        )
        .order_by(Complainant.id)
    )


def annex_for(letter: Letter) -> dict[str, Any] | None:
    """The annex of the addressee's copy, as plain data for the paper; None where nobody is named."""
    people = named(letter)
    if not people:
        return None
    return {
        "title": _("Annex, for the addressee only"),
        "lines": [
            _("These people agreed to be named to you, and to nobody else. Look into their homes first."),
            _("Do not pass this page on, and do not publish it."),
        ],
        "people": [
            {"name": row.name, "home": row.home_words or "–", "complaints": row.complaints or "–"} for row in people
        ],
    }


def _owned(letter: Letter, person: Person | None, signature: Signature | None) -> Any:
    if (person is None) == (signature is None):
        raise ValueError("a person or a signature")
    own = Complainant.person == person.id if person is not None else Complainant.signature == signature.id  # type: ignore[union-attr]
    return (Complainant.letter == letter.id) & own
