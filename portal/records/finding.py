"""How every view finds an organization's record: one that anybody may read, or the same 404 as if it were not there.

A record is there for everybody once a public campaign writes to it. Before that it is there for the members of the
campaigns that do, and for stewards: that a circle somewhere writes to a landlord is nobody else's business.
"""

from typing import Any

import peewee
from flask import abort

from portal import clock
from portal.campaigns.models import Campaign, Membership, Role
from portal.letters.models import Letter
from portal.people.models import Person
from portal.targets.models import Organization, Target
from portal.targets.naming import standing
from portal.web import current_person, require


def writes_to(organization: Any) -> Any:
    """The condition for campaigns that write to an organization (or its id), or have sent a letter there."""
    theirs = Target.select(Target.id).where(Target.organization == organization)
    sent = Letter.select(Letter.campaign).where(
        Letter.target.in_(theirs), Letter.sent_on.is_null(False), Letter.withdrawn_at.is_null()
    )
    return Campaign.target.in_(theirs) | Campaign.id.in_(sent)


def listed(organization: Any) -> Any:
    """Whether a public campaign writes there, as a condition."""
    return peewee.fn.EXISTS(
        Campaign.select(peewee.SQL("1")).where(Campaign.visibility == "public", writes_to(organization))
    )


def roles_in(organization: Any, person: Any) -> Any:
    """What somebody is in the campaigns that write there: their roles and "member", joined by commas; or nothing."""
    held = (Role.membership == Membership.id) & Role.ended_at.is_null() & (Role.until_on >= clock.today())
    return (
        Membership.select(peewee.fn.string_agg(peewee.fn.COALESCE(Role.name, "member"), ","))
        .left_outer_join(Role, on=held)
        .where(
            Membership.person == person,
            Membership.left_at.is_null(),
            Membership.campaign.in_(Campaign.select(Campaign.id).where(writes_to(organization))),
        )
    )


class Record:
    """An organization, and what people are to its record."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._known: dict[int | None, set[str]] = {}

    def parts_of(self, person: Person | None) -> set[str]:
        """visitor and signed_in where anybody may read it; member and roles of campaigns that write there; steward.

        One statement, remembered on this object.
        """
        key = person.id if person is not None else None
        if key not in self._known:
            id_ = self.organization.id
            words = roles_in(id_, key) if key is not None else peewee.Value(None)
            row = Organization.select(listed(id_), words).where(Organization.id == id_).tuples().first()
            self.remember(person, bool(row and row[0]), row[1] if row else None)
        return self._known[key]

    def remember(self, person: Person | None, is_listed: bool, role_words: str | None) -> None:
        """Take what `parts_of(person)` would ask for."""
        parts: set[str] = {"visitor"} if is_listed else set()
        if person is not None:
            parts |= {"signed_in"} if is_listed else set()
            if role_words is not None:
                parts |= {"signed_in", "member", *role_words.split(",")}
            if person.is_steward:
                parts |= {"signed_in", "steward"}
        self._known[person.id if person is not None else None] = parts
        self.is_listed = is_listed

    # Whether anybody may read it; known once `parts_of` was asked.
    is_listed = False


def find_record(organization_id: int, action: str) -> Record:
    """The record with this number, or which stands for it, if the person of this request may do `action` there.

    Answers 404 to whom may not know of it, as to something missing; 403 to whom may see it but not do this. One
    statement, and two more where records were merged.
    """
    person = current_person()
    words = roles_in(organization_id, person.id) if person is not None else peewee.Value(None)
    found = (
        Organization.select(Organization, listed(organization_id).alias("is_listed"), words.alias("role_words"))
        .where(Organization.id == organization_id)
        .first()
    )
    if found is None:
        abort(404)
    record = Record(standing(found) if found.merged_into_id else found)
    if not found.merged_into_id:
        record.remember(person, bool(found.is_listed), found.role_words)
    if not record.parts_of(person):
        abort(404)
    require(action, record)
    return record


def campaigns_led(organization: Organization, person: Person) -> list[int]:
    """The ids of campaigns writing there that this person leads today. One statement."""
    rows: Any = (
        Membership.select(Membership.campaign)
        .join(Role, on=(Role.membership == Membership.id))
        .where(
            Membership.person == person.id,
            Membership.left_at.is_null(),
            Role.name == "lead",
            Role.ended_at.is_null(),
            Role.until_on >= clock.today(),
            Membership.campaign.in_(Campaign.select(Campaign.id).where(writes_to(organization.id))),
        )
        .distinct()
        .tuples()
    )
    return [campaign_id for (campaign_id,) in rows]
