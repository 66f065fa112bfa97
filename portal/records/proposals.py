"""Proposing a change of an organization's record, and deciding about it.

A record is shared by every campaign that writes there, so no campaign changes it alone: a steward decides, or leads of
two campaigns that write there agree. Letters that are frozen keep their words whatever is decided.
"""

import json
from typing import Any

from flask_babel import gettext as _

from portal import clock, limits
from portal.campaigns import search
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.records import terms as meanings
from portal.records.finding import campaigns_led, writes_to
from portal.records.models import RecordChange, RecordProposal
from portal.targets.models import Organization


def propose(
    organization: Organization, subject: str, terms: dict[str, Any], *, why: str, by: Person | None
) -> RecordProposal:
    """Propose a change; `terms` are the new words by field, `why` says how one knows. `by` is None for themselves.

    Raises RuleBroken when it would change nothing, makes no sense, or waits already; TooFast after twenty in a day.
    """
    difference = meanings.describe(organization, subject, terms)
    terms = {**terms, "stood": meanings.standing_value(organization, subject)}
    if by is not None:
        limits.spend(limits.RECORD_PROPOSAL, str(by.id))
    with transaction():
        # Taking the row first has two who propose at once do so one after the other.
        _hold(organization)
        same = RecordProposal.select().where(
            RecordProposal.organization == organization.id,
            RecordProposal.state == "open",
            RecordProposal.subject == subject,
            RecordProposal.becomes == difference.becomes,
            RecordProposal.row_id == difference.row_id,
        )
        if subject != "words" and same.exists():
            raise RuleBroken(_("Somebody has proposed exactly this. It waits for a decision"))
        return RecordProposal.create(
            organization=organization.id,
            subject=subject,
            row_id=difference.row_id,
            was=difference.was,
            becomes=difference.becomes,
            terms=json.dumps(terms, ensure_ascii=False),
            why=why,
            by=by,
        )


def _hold(organization: Organization) -> Organization:
    Organization.update(version=Organization.version).where(Organization.id == organization.id).execute()
    return Organization.get_by_id(organization.id)


def agree(proposal: RecordProposal, *, by: Person) -> bool:
    """Say yes. True when it is made by that, false when it waits for a lead of another campaign, or a steward.

    Raises RuleBroken when it was decided already, the record has changed since, or the second yes is no second one.
    """
    with transaction():
        organization = _hold(proposal.organization)
        now = RecordProposal.get_by_id(proposal.id)
        _refuse_decided(now)
        if not by.is_steward and not _is_second_yes(now, organization, by):
            return False
        _accept(now, organization, by=by)
        return True


def _refuse_decided(proposal: RecordProposal) -> None:
    if proposal.state != "open":
        raise RuleBroken(_("Somebody else has decided this meanwhile"))


def _is_second_yes(proposal: RecordProposal, organization: Organization, by: Person) -> bool:
    """Note the first yes of a lead. True when there was one before, of somebody else and of another campaign."""
    led = campaigns_led(organization, by)
    if proposal.seconded_by_id == by.id:
        raise RuleBroken(_("You have said yes. Now a lead of another campaign has to, or a steward"))
    if proposal.seconded_for_id is not None:
        if set(led) <= {proposal.seconded_for_id}:
            raise RuleBroken(
                _("A lead of your campaign has said yes. The second yes has to come from another campaign")
            )
        return True
    if not led:
        raise RuleBroken(_("Only leads of campaigns that write there, and stewards, can decide"))
    RecordProposal.update(seconded_by=by.id, seconded_for=led[0]).where(RecordProposal.id == proposal.id).execute()
    return False


def _accept(proposal: RecordProposal, organization: Organization, *, by: Person) -> None:
    terms = json.loads(proposal.terms)
    meanings.describe(organization, proposal.subject, terms)
    if meanings.standing_value(organization, proposal.subject) != terms["stood"]:
        raise RuleBroken(_("The record has changed since this was proposed. Propose it anew"))
    meanings.carry_out(organization, proposal.subject, terms, verified_by=by)
    RecordProposal.update(state="accepted", decided_by=by.id, decided_at=clock.now()).where(
        RecordProposal.id == proposal.id
    ).execute()
    note_change(organization, proposal.subject, was=proposal.was, becomes=proposal.becomes, by=by, proposal=proposal)


def note_change(
    organization: Organization, subject: str, *, was: str, becomes: str, by: Person, proposal: Any = None
) -> None:
    """Add a line to the history of a record, and let the pages that show it be made anew. Inside the transaction."""
    RecordChange.create(
        organization=organization.id, subject=subject, was=was, becomes=becomes, proposal=proposal, by=by
    )
    Organization.update(version=Organization.version + 1).where(Organization.id == organization.id).execute()
    if subject in {"name", "merged"}:
        writing = Campaign.select(Campaign.id).where(writes_to(organization.id))
        Campaign.update(version=Campaign.version + 1).where(Campaign.id.in_(writing)).execute()
        for campaign in Campaign.listed().where(writes_to(organization.id)):
            search.index_campaign(campaign)


def decline(proposal: RecordProposal, *, by: Person, decision: str) -> None:
    """Say no, with a reason that whoever proposed it reads. Raises RuleBroken without one, or when it was decided."""
    if not decision:
        raise RuleBroken(_("Write why, so that whoever proposed it can learn from it"), field="decision")
    _settle(proposal, state="declined", decided_by=by.id, decision=decision)


def withdraw(proposal: RecordProposal, *, by: Person) -> None:
    """Take one's own proposal back. Raises RuleBroken when it is somebody else's, or was decided."""
    if proposal.by_id != by.id:
        raise RuleBroken(_("Only whoever proposed it can take it back"))
    _settle(proposal, state="withdrawn", decided_by=by.id)


def _settle(proposal: RecordProposal, **becomes: Any) -> None:
    with transaction():
        settled = (
            RecordProposal.update(decided_at=clock.now(), **becomes)
            .where(RecordProposal.id == proposal.id, RecordProposal.state == "open")
            .execute()
        )
        if not settled:
            raise RuleBroken(_("Somebody else has decided this meanwhile"))
