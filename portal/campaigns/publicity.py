"""Who can see a campaign: the circle, whoever has its link, or everybody. Wider takes two people; back takes one."""

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock, outbox, tokens
from portal.campaigns import agreements, emails, roles, search
from portal.campaigns.activity import record
from portal.campaigns.models import VISIBILITIES, Agreement, Attachment, Campaign, Demand
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person


@dataclass(frozen=True)
class Preview:
    """Exactly what a stranger, such as the landlord, will be able to read."""

    title: str
    problem: str
    place: str
    addressee: str
    demands: list[Demand]

    @property
    def fingerprint(self) -> str:
        """Changes when any of the words change, so that a person agrees to what they have read."""
        asked = [[demand.what, str(demand.by_on)] for demand in self.demands]
        words = [self.title, self.problem, self.place, self.addressee, asked]
        return tokens.digest(json.dumps(words, ensure_ascii=False))[:32]


def preview(campaign: Campaign) -> Preview:
    """What becomes visible of the campaign as it is now. Names of members, drafts and notes never do."""
    demands = (
        Demand.select(Demand.id, Demand.what, Demand.by_on)
        .where(Demand.campaign == campaign.id, Demand.withdrawn_at.is_null())
        .order_by(Demand.position, Demand.id)
    )
    addressee = campaign.target.addressee if campaign.target else ""
    return Preview(campaign.title, campaign.problem, campaign.place.full_name, addressee, list(demands))


def is_wider(campaign: Campaign, visibility: str) -> bool:
    """Whether this step shows the campaign to more people than now."""
    return VISIBILITIES.index(visibility) > VISIBILITIES.index(campaign.visibility)


def missing_for(campaign: Campaign, visibility: str, *, lead_count: int) -> list[str]:
    """What is missing before this step can be asked for, as sentences; empty when nothing is."""
    if visibility != "public":
        return []
    said = []
    few = current_app.config["LISTABLE_AT"] - campaign.member_count
    if few > 0:
        said.append(ngettext("%(num)d more neighbour in the circle", "%(num)d more neighbours in the circle", few))
    if lead_count < 2:
        said.append(_("A second lead, so that it does not all hang on one person"))
    return said


def ask_to_go(campaign: Campaign, visibility: str, *, by: Person) -> Agreement:
    """One lead asks for a wider step; the other leads and the organizer are told by mail.

    Raises RuleBroken when it is there already, something is missing, or an asking waits.
    """
    with transaction():
        campaign.touch()
        now = Campaign.get_by_id(campaign.id)
        refuse_while_paused(now)
        if not is_wider(now, visibility):
            raise RuleBroken(_("The campaign is there already"))
        leads = roles.current_leads(campaign)
        _refuse_when_missing(now, visibility, lead_count=len(leads))
        agreement = agreements.ask(
            campaign, "go_public", by=by, visibility=visibility, fingerprint=preview(now).fingerprint
        )
        for person in [*leads, *_organizers(campaign)]:
            if person.id != by.id:
                message = emails.going_public_asked(person, campaign, by=by)
                outbox.enqueue(message, kind="going-public-asked", about=f"{agreement.id}:{person.id}")
        return agreement


def _organizers(campaign: Campaign) -> list[Person]:
    attached = Attachment.accepted_at.is_null(False) & Attachment.ended_at.is_null()
    return list(
        Person.select()
        .join(Attachment, on=(Attachment.person == Person.id))
        .where(Attachment.campaign == campaign.id, attached)
    )


def _refuse_when_missing(campaign: Campaign, visibility: str, *, lead_count: int) -> None:
    missing = missing_for(campaign, visibility, lead_count=lead_count)
    if missing:
        raise RuleBroken(_("Still missing: %(what)s", what="; ".join(missing)))


def agree_to_go(agreement: Agreement, *, by: Person, seen: str) -> Campaign:
    """Be the second person, and take the step. `seen` is the fingerprint of the preview that was read.

    Raises RuleBroken when the words changed meanwhile, something is missing, or it was decided already.
    """
    with transaction():
        agreement.campaign.touch()
        campaign = Campaign.get_by_id(agreement.campaign_id)
        refuse_while_paused(campaign)
        if preview(campaign).fingerprint != seen:
            raise RuleBroken(_("The words were changed while you read. Read the preview once more, then agree"))
        terms = agreements.agree(agreement, by=by)
        visibility = terms["visibility"]
        if not is_wider(campaign, visibility):
            raise RuleBroken(_("The campaign is there already"))
        leads = roles.current_leads(campaign)
        if agreement.asked_by_id not in {lead.id for lead in leads}:
            raise RuleBroken(_("The one who asked is no lead any more. Ask again"))
        _refuse_when_missing(campaign, visibility, lead_count=len(leads))
        _set(campaign, visibility)
        # A step to "by link" is told inside only: nobody outside was meant to notice.
        record(
            campaign,
            "went_public",
            by=by,
            about=agreement,
            is_public=visibility == "public",
            side="ours" if visibility == "public" else "note",
            visibility=visibility,
        )
        return campaign


def withdraw_asking(agreement: Agreement, *, by: Person) -> None:
    """Take the asking back, or say not yet. Raises RuleBroken when it was decided already."""
    agreements.withdraw(agreement, by=by)


def step_back(campaign: Campaign, visibility: str, *, by: Person) -> None:
    """Show the campaign to fewer people, at once. What waits for a second person is taken back too.

    Raises RuleBroken when that is not fewer than now.
    """
    with transaction():
        campaign.touch()
        now = Campaign.get_by_id(campaign.id)
        if VISIBILITIES.index(visibility) >= VISIBILITIES.index(now.visibility):
            raise RuleBroken(_("The campaign is there already"))
        waiting = agreements.open_one(campaign, "go_public")
        if waiting is not None:
            agreements.withdraw(waiting, by=by)
        _set(now, visibility)
        record(now, "left_public", by=by, visibility=visibility)


def _set(campaign: Campaign, visibility: str) -> None:
    public_at: Any = clock.now() if visibility == "public" else None
    Campaign.update(visibility=visibility, public_at=public_at).where(Campaign.id == campaign.id).execute()
    campaign.visibility, campaign.public_at = visibility, public_at
    search.index_campaign(campaign)
