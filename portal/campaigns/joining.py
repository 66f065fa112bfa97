"""Asking to come into a campaign that can be seen: a member vouches, or a lead says not now."""

from datetime import timedelta

from flask_babel import gettext as _

from portal import clock, limits, outbox
from portal.campaigns import circle, emails, roles
from portal.campaigns.models import Campaign, JoinRequest
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person

# After "not now" a person may ask once more, but not every day.
ASK_AGAIN_AFTER = timedelta(days=30)


def last_request(campaign: Campaign, person: Person) -> JoinRequest | None:
    """What this person asked last here, decided or not; None when they never did."""
    return (
        JoinRequest.select()
        .where(JoinRequest.campaign == campaign.id, JoinRequest.person == person.id)
        .order_by(JoinRequest.id.desc())
        .first()
    )


def ask_to_join(campaign: Campaign, words: str, *, by: Person) -> JoinRequest:
    """Ask to come in; the leads get a mail. Asking again while it waits changes nothing.

    Raises RuleBroken for a member, and within 30 days of a "not now"; TooFast after ten requests in a day.
    """
    with transaction():
        # The row first, so that two presses do not make two requests.
        campaign.touch()
        if campaign.has_member(by):
            raise RuleBroken(_("You are in this circle already"))
        before = last_request(campaign, by)
        if before is not None and before.decided_at is None:
            return before
        if before is not None and not before.was_let_in and before.decided_at + ASK_AGAIN_AFTER > clock.now():
            raise RuleBroken(_("You asked a short while ago. Speak to a neighbour who is in; they can send you a link"))
        limits.spend(limits.JOIN_REQUEST, str(by.id))
        request = JoinRequest.create(campaign=campaign, person=by, words=words)
        for lead in roles.current_leads(campaign):
            message = emails.join_request_made(lead, campaign)
            outbox.enqueue(message, kind="join-request", about=f"{request.id}:{lead.id}")
        return request


def vouch(request: JoinRequest, *, by: Person) -> None:
    """Let somebody in because you know them; they are told by mail. Raises RuleBroken when it was decided already."""
    with transaction():
        _decide(request, by=by, let_in=True)
        if circle.let_in(request.campaign, request.person, how="vouched", invited_by=by):
            outbox.enqueue(emails.let_in(request, by=by), kind="let-in", about=str(request.id))


def decline(request: JoinRequest, *, by: Person) -> None:
    """Say not now. Nothing is mailed: a "no" to a door helps nobody. Raises RuleBroken when it was decided already."""
    with transaction():
        _decide(request, by=by, let_in=False)
        request.campaign.touch()


def _decide(request: JoinRequest, *, by: Person, let_in: bool) -> None:
    decided = (
        JoinRequest.update(decided_by=by.id, decided_at=clock.now(), was_let_in=let_in)
        .where(JoinRequest.id == request.id, JoinRequest.decided_at.is_null())
        .execute()
    )
    if not decided:
        raise RuleBroken(_("Somebody decided this already. Look at the page again"))
