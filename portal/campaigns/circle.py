"""Who belongs to a campaign: coming in, leaving, being asked to go. The count stays in the campaign's row."""

import peewee
from flask import current_app
from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns import emails, roles, search
from portal.campaigns.activity import record
from portal.campaigns.models import Attachment, Campaign, Invitation, JoinRequest, Membership, Role
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person


def membership_of(campaign: Campaign, person: Person) -> Membership | None:
    """The person's place in the circle now, or None."""
    found = Membership.get_or_none(
        Membership.campaign == campaign.id, Membership.person == person.id, Membership.left_at.is_null()
    )
    if found is not None:
        found.campaign, found.person = campaign, person
    return found


def let_in(campaign: Campaign, person: Person, *, how: str, invited_by: Person | None) -> bool:
    """Make somebody a member, or a member again. Returns False when they were in already.

    At LISTABLE_AT members a gathering campaign becomes active. Raises RuleBroken for an organizer who helps it:
    organizers hold no vote.
    """
    with transaction():
        # The row first: whoever comes in and whoever asks an organizer do so one after the other.
        campaign.touch()
        helps = (Attachment.campaign == campaign.id) & (Attachment.person == person.id) & Attachment.ended_at.is_null()
        if Attachment.select().where(helps).exists():
            raise RuleBroken(_("Somebody who helps as an organizer cannot be a member too. Stop helping first"))
        if not _enter(campaign, person, how=how, invited_by=invited_by):
            return False
        now = clock.now()
        Campaign.update(member_count=Campaign.member_count + 1).where(Campaign.id == campaign.id).execute()
        Campaign.update(state="active").where(
            Campaign.id == campaign.id,
            Campaign.state == "gathering",
            Campaign.member_count >= current_app.config["LISTABLE_AT"],
        ).execute()
        JoinRequest.update(decided_at=now, decided_by=invited_by, was_let_in=True).where(
            JoinRequest.campaign == campaign.id, JoinRequest.person == person.id, JoinRequest.decided_at.is_null()
        ).execute()
        membership = membership_of(campaign, person)
        record(campaign, "member_joined", by=person, about=membership, how=how)
        campaign.__dict__.pop("_parts", None)
        return True


def _enter(campaign: Campaign, person: Person, *, how: str, invited_by: Person | None) -> bool:
    """Write the membership; the unique index settles two presses at once."""
    came_back = (
        Membership.update(left_at=None, joined_at=clock.now(), how=how, invited_by=invited_by)
        .where(Membership.campaign == campaign.id, Membership.person == person.id, Membership.left_at.is_null(False))
        .execute()
    )
    if came_back:
        return True
    try:
        with transaction():
            Membership.create(campaign=campaign, person=person, how=how, invited_by=invited_by)
    except peewee.IntegrityError:
        return False
    return True


def leave(campaign: Campaign, *, by: Person) -> None:
    """Leave the circle: roles end, own links close. Leaving twice is harmless.

    The last one out takes the campaign off the public pages: nobody would be there to answer for it.
    Raises RuleBroken for the last lead while others are in the circle.
    """
    with transaction():
        campaign.touch()
        membership = membership_of(campaign, by)
        if membership is None:
            return
        roles.refuse_to_lose_the_last_lead(membership)
        _go(membership, by=by)


def remove(membership: Membership, *, by: Person) -> None:
    """Take somebody out of the circle; they are told by mail who did it. Removing twice is harmless.

    Raises RuleBroken for a lead, whose role must end first, and for oneself.
    """
    with transaction():
        campaign = membership.campaign
        campaign.touch()
        if membership.person_id == by.id:
            raise RuleBroken(_("That is you. Use “Leave the circle”"))
        if membership.person_id in {lead.id for lead in roles.current_leads(campaign)}:
            raise RuleBroken(_("They lead this campaign. End that role first; the other leads are told"))
        if _go(membership, by=by):
            about = f"{membership.id}:{clock.now().isoformat()}"
            outbox.enqueue(emails.removed_from_circle(membership, by=by), kind="removed-from-circle", about=about)


def _go(membership: Membership, *, by: Person) -> bool:
    now = clock.now()
    campaign = membership.campaign
    gone = Membership.update(left_at=now).where(Membership.id == membership.id, Membership.left_at.is_null()).execute()
    if not gone:
        return False
    Role.update(ended_at=now).where(Role.membership == membership.id, Role.ended_at.is_null()).execute()
    # A link in the pocket of somebody who is out must not let anybody in, them included.
    Invitation.update(closed_at=now).where(
        Invitation.campaign == campaign.id, Invitation.made_by == membership.person_id, Invitation.closed_at.is_null()
    ).execute()
    roles.withdraw_askings(membership, by=by)
    Campaign.update(member_count=Campaign.member_count - 1).where(
        Campaign.id == campaign.id, Campaign.member_count > 0
    ).execute()
    emptied = Campaign.update(visibility="circle", public_at=None).where(
        Campaign.id == campaign.id, Campaign.member_count == 0
    )
    if emptied.execute():
        search.remove_campaign(campaign)
    campaign.__dict__.pop("_parts", None)
    return True
