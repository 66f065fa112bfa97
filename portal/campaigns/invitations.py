"""Links that let neighbours into the circle. The link is signed, not stored; closing the row kills it."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _

from portal import clock, limits, outbox, tokens
from portal.campaigns import circle, emails
from portal.campaigns.models import Campaign, Invitation
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.places.models import Place

LINK_DAYS = 14
POSTER_DAYS = 90
MOST_OPEN = 20


def token_of(invitation: Invitation) -> str:
    """The signed part of the link that is passed on."""
    return tokens.sign("invitation", invitation.nonce)


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link that still works, with campaign, place and maker; None for every other link."""
    nonce = tokens.unsign("invitation", token)
    if not isinstance(nonce, str):
        return None
    return (
        Invitation.select(Invitation, Campaign, Place, Person)
        .join_from(Invitation, Campaign)
        .join_from(Campaign, Place)
        .join_from(Invitation, Person, on=(Invitation.made_by == Person.id))
        .where(Invitation.nonce == nonce, Invitation.closed_at.is_null(), Invitation.expires_at > clock.now())
        .first()
    )


def make_invitation(campaign: Campaign, *, by: Person, note: str = "", is_poster: bool = False) -> Invitation:
    """A new link: 14 days for one to pass on, 90 for a poster. `note` is for the maker's own eyes.

    Raises RuleBroken when the member has MOST_OPEN open links.
    """
    now = clock.now()
    with transaction():
        own = (Invitation.campaign == campaign.id) & (Invitation.made_by == by.id)
        open_count = Invitation.select().where(own, Invitation.closed_at.is_null(), Invitation.expires_at > now).count()
        if open_count >= MOST_OPEN:
            raise RuleBroken(_("You have %(num)d open links. Close one you do not need first", num=open_count))
        days = POSTER_DAYS if is_poster else LINK_DAYS
        return Invitation.create(
            campaign=campaign,
            nonce=secrets.token_urlsafe(9),
            made_by=by,
            note=note,
            is_poster=is_poster,
            expires_at=now + timedelta(days=days),
        )


def mail_invitation(invitation: Invitation, email: str, *, by: Person) -> None:
    """Send the link to one address, in a mail that names who invites and nothing else about the campaign.

    The same link goes to the same address once. Raises TooFast after 40 in a day, RuleBroken when the link is closed.
    """
    address = email.casefold()
    with transaction():
        if not is_open(Invitation.get_by_id(invitation.id)):
            raise RuleBroken(_("This link is closed. Make a new one"))
        limits.spend(limits.INVITATION_MAIL, str(by.id))
        message = emails.circle_invitation(address, token_of(invitation), by=by, until=invitation.expires_at)
        # A digest, so that the occasion does not keep the address longer than the mail itself.
        about = f"{invitation.id}:{tokens.keyed_digest('invitation-mail', address)[:32]}"
        outbox.enqueue(message, kind="circle-invitation", about=about)


def is_open(invitation: Invitation) -> bool:
    """Whether the link still lets people in."""
    return invitation.closed_at is None and invitation.expires_at > clock.now()


def close_invitation(invitation: Invitation, *, by: Person) -> None:
    """Kill a link: its maker's own, or any when `by` leads. Closing twice is harmless. Raises RuleBroken otherwise."""
    campaign = invitation.campaign
    if invitation.made_by_id != by.id and "lead" not in campaign.parts_of(by):
        raise RuleBroken(_("Only the one who made this link, or a lead, can close it"))
    with transaction():
        Invitation.update(closed_at=clock.now()).where(
            Invitation.id == invitation.id, Invitation.closed_at.is_null()
        ).execute()


def accept_invitation(invitation: Invitation, *, by: Person) -> bool:
    """Come into the circle by a link. Returns False, and counts nothing, for somebody who is in already.

    Raises RuleBroken when the link was closed or ran out a moment ago.
    """
    now = clock.now()
    with transaction():
        if circle.membership_of(invitation.campaign, by) is not None:
            return False
        used = (
            Invitation.update(use_count=Invitation.use_count + 1)
            .where(Invitation.id == invitation.id, Invitation.closed_at.is_null(), Invitation.expires_at > now)
            .execute()
        )
        if not used:
            raise RuleBroken(_("This link does not work any more. Ask your neighbour for a new one"))
        if not circle.let_in(invitation.campaign, by, how="invitation", invited_by=invitation.made_by):
            Invitation.update(use_count=Invitation.use_count - 1).where(Invitation.id == invitation.id).execute()
            return False
        return True


def open_poster(campaign: Campaign) -> Invitation | None:
    """The newest poster link that still works, or None."""
    return (
        Invitation.select()
        .where(
            Invitation.campaign == campaign.id,
            Invitation.is_poster == True,  # noqa: E712
            Invitation.closed_at.is_null(),
            Invitation.expires_at > clock.now(),
        )
        .order_by(Invitation.id.desc())
        .first()
    )
