"""Publish nothing new for a while: one lead can say so at once; going on takes two where two lead."""

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import roles
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.campaigns.publishing.models import PublishingPause
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person


def refuse_while_paused(campaign: Campaign) -> None:
    """Call inside the transaction of whatever would show something new in public, after its campaign's row is taken.

    Raises RuleBroken while the campaign publishes nothing new. One statement.
    """
    paused = Campaign.select(Campaign.publishing_paused_at).where(Campaign.id == campaign.id).scalar()
    if paused is not None:
        raise RuleBroken(_("This campaign publishes nothing new for now. Leads can go on with it, on its own page"))


def pause_of(campaign: Campaign) -> PublishingPause | None:
    """The pause that holds, or None. One statement."""
    found: PublishingPause | None = (
        PublishingPause.select()
        .where(PublishingPause.campaign == campaign.id, PublishingPause.lifted_at.is_null())
        .order_by(PublishingPause.id.desc())
        .first()
    )
    return found


def pause_publishing(campaign: Campaign, *, by: Person, why: str = "") -> None:
    """From now on nothing new of this campaign becomes public. What is public stays.

    Raises RuleBroken when it is paused already.
    """
    with transaction():
        now = clock.now()
        taken = (
            Campaign.update(publishing_paused_at=now)
            .where(Campaign.id == campaign.id, Campaign.publishing_paused_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("The campaign publishes nothing new already"))
        PublishingPause.create(campaign=campaign, why=why, begun_by=by, begun_at=now)
        record(campaign, "publishing_paused", by=by, why=why)
    campaign.publishing_paused_at = now


def ask_to_go_on(campaign: Campaign, *, by: Person) -> bool:
    """Publish again. Where two lead, the first of them asks and another agrees; returns whether it goes on now.

    Raises RuleBroken when nothing is paused, or the one who asked asks again.
    """
    with transaction():
        campaign.touch()
        pause = pause_of(campaign)
        if pause is None:
            raise RuleBroken(_("Nothing is paused. The campaign can publish"))
        leads = {lead.id for lead in roles.current_leads(campaign)}
        # Whoever asked and no longer leads has asked nothing.
        asked_by = pause.lift_asked_by_id if pause.lift_asked_by_id in leads else None
        if asked_by == by.id and len(leads) > 1:
            raise RuleBroken(_("It takes two. Another lead has to agree to what you asked"))
        now = clock.now()
        if asked_by is None and len(leads) > 1:
            PublishingPause.update(lift_asked_by=by.id, lift_asked_at=now).where(
                PublishingPause.id == pause.id
            ).execute()
            return False
        PublishingPause.update(lifted_by=by.id, lifted_at=now).where(PublishingPause.id == pause.id).execute()
        Campaign.update(publishing_paused_at=None).where(Campaign.id == campaign.id).execute()
        record(campaign, "publishing_resumed", by=by)
    campaign.publishing_paused_at = None
    return True
