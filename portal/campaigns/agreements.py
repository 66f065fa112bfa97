"""Things that take two: one lead asks, another agrees. The database settles races."""

import json
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.models import Agreement, Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person


def open_one(campaign: Campaign, kind: str, subject_id: int = 0) -> Agreement | None:
    """The agreement of this kind that still waits for a second person, with who asked, or None. One statement."""
    return (
        Agreement.select(Agreement, Person)
        .join_from(Agreement, Person, peewee.JOIN.LEFT_OUTER, on=(Agreement.asked_by == Person.id))
        .where(
            Agreement.campaign == campaign.id,
            Agreement.kind == kind,
            Agreement.subject_id == subject_id,
            Agreement.agreed_at.is_null(),
            Agreement.withdrawn_at.is_null(),
        )
        .order_by(Agreement.id.desc())
        .first()
    )


def ask(campaign: Campaign, kind: str, *, by: Person, subject_id: int = 0, **terms: Any) -> Agreement:
    """Ask a second person to agree. `terms` freezes what exactly is agreed to.

    Raises RuleBroken when the same thing was asked already and still waits.
    """
    with transaction():
        # Raising the version first takes the campaign's row, so that two who ask at once ask one after the other.
        campaign.touch()
        if open_one(campaign, kind, subject_id) is not None:
            raise RuleBroken(_("Somebody has asked for this already. It waits for a second person"))
        return Agreement.create(
            campaign=campaign, kind=kind, subject_id=subject_id, asked_by=by, terms=json.dumps(terms, default=str)
        )


def agree(agreement: Agreement, *, by: Person) -> dict[str, Any]:
    """Be the second person; returns the terms agreed to. Call inside the transaction that does the thing.

    Raises RuleBroken when `by` is the one who asked, or it no longer waits.
    """
    if agreement.asked_by_id == by.id:
        raise RuleBroken(_("It takes two. Somebody else has to agree to what you asked"))
    with transaction():
        taken = (
            Agreement.update(agreed_by=by.id, agreed_at=clock.now())
            .where(Agreement.id == agreement.id, Agreement.agreed_at.is_null(), Agreement.withdrawn_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This was decided already. Look at the page again"))
    agreement.agreed_by, agreement.agreed_at = by, clock.now()
    return json.loads(agreement.terms)


def withdraw(agreement: Agreement, *, by: Person) -> None:
    """Take the question back, or say not yet. Either person may. Raises RuleBroken when it no longer waits."""
    with transaction():
        taken = (
            Agreement.update(withdrawn_by=by.id, withdrawn_at=clock.now())
            .where(Agreement.id == agreement.id, Agreement.agreed_at.is_null(), Agreement.withdrawn_at.is_null())
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This was decided already. Look at the page again"))
        agreement.campaign.touch()
