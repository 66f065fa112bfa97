"""Pausing, closing and reopening a campaign. Where two lead, closing takes both."""

from flask import current_app
from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns import agreements, closing_emails
from portal.campaigns.activity import record
from portal.campaigns.models import Agreement, Campaign, Closure
from portal.campaigns.roles import current_leads
from portal.campaigns.search import index_campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person

OUTCOMES = ("won", "partly_won", "lost", "ended")
RUNNING = ("gathering", "active")


def lead_count(campaign: Campaign) -> int:
    """How many people lead the campaign today."""
    return len({lead.id for lead in current_leads(campaign)})


def pause_campaign(campaign: Campaign, *, by: Person, reason: str) -> None:
    """Rest for a while. Raises RuleBroken when the campaign is not running."""
    with transaction():
        _change_state(campaign, RUNNING, "paused", _("This campaign is not running, so it cannot be paused"))
        record(campaign, "campaign_paused", by=by, about=campaign, reason=reason)


def resume_campaign(campaign: Campaign, *, by: Person) -> None:
    """Go on after a pause. Raises RuleBroken when the campaign is not paused."""
    with transaction():
        _change_state(campaign, ("paused",), _state_by_size(campaign), _("This campaign is not paused"))
        record(campaign, "campaign_resumed", by=by, about=campaign)


def close_campaign(campaign: Campaign, *, by: Person, outcome: str, story: str) -> Closure | Agreement:
    """Close the campaign when `by` leads it alone; otherwise ask the other leads, one of whom has to agree.

    Raises RuleBroken when it is closed already, or somebody has asked for it already.
    """
    with transaction():
        # Takes the campaign's row, so that a second lead who is made meanwhile is counted or comes after.
        campaign.touch()
        _refuse_closed(campaign)
        others = {lead.id: lead for lead in current_leads(campaign) if lead.id != by.id}
        if others:
            asked = agreements.ask(campaign, "close_campaign", by=by, outcome=outcome, story=story)
            for lead in others.values():
                message = closing_emails.closing_asked(lead, campaign, by=by)
                outbox.enqueue(message, kind="closing-asked", about=f"{asked.id}:{lead.id}")
            return asked
        if agreements.open_one(campaign, "close_campaign") is not None:
            raise RuleBroken(_("Somebody has asked for this already. Answer that first"))
        return _close(campaign, by=by, outcome=outcome, story=story)


def agree_to_close(agreement: Agreement, *, by: Person) -> Closure:
    """Be the second lead; the campaign closes with the outcome and story that were proposed.

    Raises RuleBroken when `by` proposed it, it is decided already, or it asks for something else.
    """
    _check_kind(agreement)
    with transaction():
        terms = agreements.agree(agreement, by=by)
        return _close(agreement.campaign, by=by, outcome=terms["outcome"], story=terms["story"])


def decline_to_close(agreement: Agreement, *, by: Person) -> None:
    """Take the question back, or say not yet. Raises RuleBroken as in agree_to_close."""
    _check_kind(agreement)
    agreements.withdraw(agreement, by=by)


def reopen_campaign(campaign: Campaign, *, by: Person) -> None:
    """Take the closing back. The old closing is kept. Raises RuleBroken when the campaign is not closed."""
    with transaction():
        _change_state(campaign, OUTCOMES, _state_by_size(campaign), _("This campaign is not closed"))
        Closure.update(reopened_at=clock.now()).where(
            Closure.campaign == campaign.id, Closure.reopened_at.is_null()
        ).execute()
        record(campaign, "campaign_reopened", by=by, about=campaign, is_public=True)
        index_campaign(campaign)


def _check_kind(agreement: Agreement) -> None:
    # The number comes from an address: it may be that of another question, such as going public.
    if agreement.kind != "close_campaign":
        raise RuleBroken(_("This was decided already. Look at the page again"))


def _close(campaign: Campaign, *, by: Person, outcome: str, story: str) -> Closure:
    _change_state(campaign, (*RUNNING, "paused"), outcome, _("This campaign is closed already"))
    closure = Closure.create(campaign=campaign, outcome=outcome, story=story, by=by)
    record(campaign, "campaign_closed", by=by, about=closure, is_public=True, outcome=outcome, story=story)
    index_campaign(campaign)
    return closure


def _refuse_closed(campaign: Campaign) -> None:
    if Campaign.select().where(Campaign.id == campaign.id, Campaign.state.in_(OUTCOMES)).exists():
        raise RuleBroken(_("This campaign is closed already"))


def _change_state(campaign: Campaign, before: tuple[str, ...], after: str, refusal: str) -> None:
    changed = Campaign.update(state=after).where(Campaign.id == campaign.id, Campaign.state.in_(before)).execute()
    if not changed:
        raise RuleBroken(refusal)
    campaign.state = after


def _state_by_size(campaign: Campaign) -> str:
    return "active" if campaign.member_count >= current_app.config["LISTABLE_AT"] else "gathering"
