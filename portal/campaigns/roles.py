"""Jobs in a campaign: given by a lead, handed back in one press, over after six months unless renewed."""

from datetime import date, timedelta

from flask import current_app
from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns import emails
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement, Campaign, Membership, Role
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person


def _until() -> date:
    return clock.today() + timedelta(days=current_app.config["ROLE_DAYS"])


def current_leads(campaign: Campaign) -> list[Person]:
    """The people who lead the campaign today, longest first."""
    return list(
        Person.select()
        .join(Membership, on=(Membership.person == Person.id))
        .join(Role, on=(Role.membership == Membership.id))
        .where(
            Membership.campaign == campaign.id,
            Membership.left_at.is_null(),
            Role.name == "lead",
            Role.ended_at.is_null(),
            Role.until_on >= clock.today(),
        )
        .order_by(Role.since_at, Role.id)
    )


def give_role(membership: Membership, name: str, *, by: Person) -> Role:
    """Give a member a job until ROLE_DAYS from today, and tell them by mail.

    Raises RuleBroken when they left or hold it already.
    """
    with transaction():
        # Taking the campaign's row first has two leads who give at once give one after the other.
        membership.campaign.touch()
        if Membership.get_by_id(membership.id).left_at is not None:
            raise RuleBroken(_("They have left the circle"))
        held = (Role.membership == membership.id) & (Role.name == name) & Role.ended_at.is_null()
        if Role.select().where(held, Role.until_on >= clock.today()).exists():
            raise RuleBroken(_("They have this role already. You can renew it"), field="role")
        # One that ran out is over now, so that at most one of a name is ever open.
        Role.update(ended_at=clock.now()).where(held).execute()
        role = _give(membership, name, by=by)
        if membership.person_id != by.id:
            outbox.enqueue(emails.role_given(role, by=by), kind="role-given", about=str(role.id))
        if name == "lead":
            _tell_other_leads(membership, role, by=by, is_given=True)
        return role


def _give(membership: Membership, name: str, *, by: Person) -> Role:
    role = Role.create(membership=membership, name=name, given_by=by, until_on=_until())
    facts = {"role": name, "person": membership.person.display_name}
    record(membership.campaign, "role_given", by=by, about=role, **facts)
    membership.campaign.__dict__.pop("_parts", None)
    return role


def renew_role(role: Role, *, by: Person) -> None:
    """Let a role that is held run for another ROLE_DAYS from today. Raises RuleBroken when it is over."""
    with transaction():
        renewed = (
            Role.update(until_on=_until())
            .where(Role.id == role.id, Role.ended_at.is_null(), Role.until_on >= clock.today())
            .execute()
        )
        if not renewed:
            raise RuleBroken(_("This role is over. Give it again"))
        role.membership.campaign.touch()


def end_role(role: Role, *, by: Person) -> None:
    """End a role now: a lead ends it, or its holder hands it back. Ending twice is harmless.

    Raises RuleBroken for the last lead while others are in the circle.
    """
    membership = role.membership
    campaign = membership.campaign
    with transaction():
        campaign.touch()
        if role.name == "lead":
            refuse_to_lose_the_last_lead(membership)
        ended = Role.update(ended_at=clock.now()).where(Role.id == role.id, Role.ended_at.is_null()).execute()
        if not ended:
            return
        campaign.__dict__.pop("_parts", None)
        if membership.person_id != by.id:
            outbox.enqueue(emails.role_ended(role, by=by), kind="role-ended", about=str(role.id))
        if role.name == "lead":
            withdraw_askings(membership, by=by)
            _tell_other_leads(membership, role, by=by, is_given=False)


def refuse_to_lose_the_last_lead(membership: Membership) -> None:
    """Raise RuleBroken when this member is the only lead and somebody else is in the circle.

    Call with the campaign's row taken, so that two last leads cannot go at the same moment.
    """
    leads = current_leads(membership.campaign)
    others = Membership.select().where(
        Membership.campaign == membership.campaign_id, Membership.left_at.is_null(), Membership.id != membership.id
    )
    if [lead.id for lead in leads] == [membership.person_id] and others.exists():
        raise RuleBroken(_("There is no other lead. Make somebody a lead first, so that the circle has one"))


def withdraw_askings(membership: Membership, *, by: Person) -> None:
    """Take back what a lead asked a second one to agree to, when they are no lead any more."""
    Agreement.update(withdrawn_by=by.id, withdrawn_at=clock.now()).where(
        Agreement.campaign == membership.campaign_id,
        Agreement.asked_by == membership.person_id,
        Agreement.agreed_at.is_null(),
        Agreement.withdrawn_at.is_null(),
    ).execute()


def take_up_lead(campaign: Campaign, *, by: Person) -> Role:
    """Lead a campaign that nobody leads any more, because every lead's time ran out. Those who led before are told.

    Raises RuleBroken while somebody leads.
    """
    with transaction():
        campaign.touch()
        if current_leads(campaign):
            raise RuleBroken(_("Somebody leads already. Ask them to make you a lead too"))
        membership = Membership.get(
            Membership.campaign == campaign.id, Membership.person == by.id, Membership.left_at.is_null()
        )
        membership.campaign = campaign
        ran_out = (Role.name == "lead") & Role.ended_at.is_null()
        here = Membership.select(Membership.id).where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        before = list(
            Person.select()
            .join(Membership, on=(Membership.person == Person.id))
            .join(Role, on=(Role.membership == Membership.id))
            .where(ran_out, Role.membership.in_(here), Person.id != by.id)
            .distinct()
        )
        Role.update(ended_at=clock.now()).where(ran_out, Role.membership.in_(here)).execute()
        role = _give(membership, "lead", by=by)
        for person in before:
            message = emails.lead_changed(person, role, by=by, is_given=True)
            outbox.enqueue(message, kind="lead-taken-up", about=f"{role.id}:{person.id}")
        return role


def _tell_other_leads(membership: Membership, role: Role, *, by: Person, is_given: bool) -> None:
    """Nobody becomes or stops being a lead behind another lead's back."""
    for lead in current_leads(membership.campaign):
        if lead.id not in {by.id, membership.person_id}:
            message = emails.lead_changed(lead, role, by=by, is_given=is_given)
            outbox.enqueue(message, kind="lead-given" if is_given else "lead-ended", about=f"{role.id}:{lead.id}")
