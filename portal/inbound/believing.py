"""A letter's reply address, whom its leads believe, and what came back undelivered."""

import re

from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.inbound.models import BelievedDomain, Bounce
from portal.letters.deliveries.outcomes import delivery_came_back
from portal.letters.models import Letter, ReplyAddress
from portal.letters.sending import reply_address
from portal.people.models import Person
from portal.responses.deadlines.keeping import keep_deadlines
from portal.targets.domains import FREE_MAIL

_DOMAIN = re.compile(r"(?:[^\s@]+@)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


def close_address(letter: Letter, *, by: Person) -> None:
    """From now on mail to this letter's address goes to the holding pen. Raises RuleBroken when none is open."""
    with transaction():
        letter.campaign.touch()
        closed = (
            ReplyAddress.update(closed_at=clock.now())
            .where(ReplyAddress.letter == letter.id, ReplyAddress.closed_at.is_null())
            .execute()
        )
        if not closed:
            raise RuleBroken(_("This letter has no open address"))


def renew_address(letter: Letter, *, by: Person) -> str:
    """Close the open address, if there is one, and make another. Returns it.

    Raises RuleBroken when nobody is addressed, or the letter was withdrawn.
    """
    if letter.target_id is None:
        raise RuleBroken(_("Say who the letter is for first"))
    if letter.withdrawn_at is not None:
        raise RuleBroken(_("This letter was withdrawn"))
    with transaction():
        letter.campaign.touch()
        ReplyAddress.update(closed_at=clock.now()).where(
            ReplyAddress.letter == letter.id, ReplyAddress.closed_at.is_null()
        ).execute()
        return reply_address(letter)


def believe(letter: Letter, domain: str, *, by: Person) -> None:
    """Believe proved mail from a domain, or from one address, to be the organization's, in this campaign.

    Believing twice is harmless. Raises RuleBroken when it is no domain, or one that many people share.
    """
    domain = domain.strip().lower().removeprefix("@").rstrip(".")
    if not _DOMAIN.fullmatch(domain):
        raise RuleBroken(_("Enter what stands after the @, such as example.org, or a whole address"), field="domain")
    if domain in FREE_MAIL:
        raise RuleBroken(
            _("Everybody can have an address at %(domain)s. Enter the whole address", domain=domain), field="domain"
        )
    if letter.target is None:
        raise RuleBroken(_("Say who the letter is for first"), field="domain")
    with transaction():
        # Taking the campaign's row first has two leads who add at once add one after the other.
        letter.campaign.touch()
        given = {"campaign": letter.campaign_id, "organization": letter.target.organization_id, "domain": domain}
        if BelievedDomain.get_or_none(**given, removed_at=None) is None:
            BelievedDomain.create(**given, added_by=by)


def stop_believing(row: BelievedDomain, *, by: Person) -> None:
    """From now on mail from there waits for a lead's word again. Twice is harmless."""
    with transaction():
        BelievedDomain.update(removed_by=by.id, removed_at=clock.now()).where(
            BelievedDomain.id == row.id, BelievedDomain.removed_at.is_null()
        ).execute()
        row.campaign.touch()


def settle_bounce(bounce: Bounce, letter: Letter, *, arrived: bool, by: Person) -> None:
    """A lead found out whether a letter that was reported back arrived.

    Not arrived: the delivery came back on the day of the report, and no clock runs from it. Raises RuleBroken when
    somebody said so before.
    """
    with transaction():
        letter.campaign.touch()
        changed = (
            Bounce.update(settled_by=by.id, settled_at=clock.now())
            .where(Bounce.id == bounce.id, Bounce.settled_at.is_null())
            .execute()
        )
        if not changed:
            raise RuleBroken(_("Somebody else has settled this already"))
        if not arrived and bounce.delivery.came_back_on is None:
            delivery = bounce.delivery
            delivery.letter = letter
            said = _("Their mail system reported it back: %(status)s", status=bounce.status or _("not delivered"))
            delivery_came_back(delivery, on=clock.to_local(bounce.at).date(), why=said, by=by)
            keep_deadlines(letter, by=by)
