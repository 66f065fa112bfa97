"""The people's page in two statements: one page of members, and everybody with a job, who helps, or who waits."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import ROLES, Attachment, Campaign, JoinRequest, Membership, Role
from portal.people.models import OrganizerProfile, Person

PAGE = 50


@dataclass(frozen=True)
class HeldRole:
    """A job somebody holds today."""

    id: int
    membership_id: int
    person_id: int
    person_name: str
    name: str
    until_on: date


@dataclass(frozen=True)
class Asker:
    """Somebody who waits at the door."""

    request_id: int
    name: str
    words: str
    since: datetime


@dataclass(frozen=True)
class Helper:
    """An organizer with what they declared; `is_asked` while their answer is awaited."""

    attachment_id: int
    person_id: int
    name: str
    declaration: str
    since: datetime
    is_asked: bool


@dataclass
class Circle:
    """Everybody around a campaign except the plain list of members."""

    roles: list[HeldRole] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)

    def roles_of(self, membership_id: int) -> list[HeldRole]:
        """The jobs one member holds."""
        return [role for role in self.roles if role.membership_id == membership_id]

    def count_of(self, role_name: str) -> int:
        """How many hold this job."""
        return sum(role.name == role_name for role in self.roles)


def around(campaign: Campaign) -> Circle:
    """Held roles, people who wait, and organizers: one statement, whatever their number."""
    held = (
        Role.select(
            Role.since_at.alias("at"),
            peewee.Value("role").alias("kind"),
            Role.id.alias("id"),
            Membership.id.alias("other_id"),
            Person.id.alias("person_id"),
            Person.name.alias("name"),
            Role.name.alias("words"),
            Role.until_on.cast("TEXT").alias("until"),
        )
        .join(Membership)
        .join(Person, on=(Membership.person == Person.id))
        .where(
            Membership.campaign == campaign.id,
            Membership.left_at.is_null(),
            Role.ended_at.is_null(),
            Role.until_on >= clock.today(),
        )
    )
    waiting = (
        JoinRequest.select(
            JoinRequest.created_at,
            peewee.Value("asker"),
            JoinRequest.id,
            JoinRequest.id,
            Person.id,
            Person.name,
            JoinRequest.words,
            peewee.Value(""),
        )
        .join(Person, on=(JoinRequest.person == Person.id))
        .where(JoinRequest.campaign == campaign.id, JoinRequest.decided_at.is_null())
    )
    is_asked = peewee.Case(None, [(Attachment.accepted_at.is_null(), "asked")], "helper")
    helping = (
        Attachment.select(
            Attachment.asked_at,
            is_asked,
            Attachment.id,
            Attachment.id,
            Person.id,
            Person.name,
            peewee.fn.COALESCE(OrganizerProfile.declaration, ""),
            peewee.Value(""),
        )
        .join(Person, on=(Attachment.person == Person.id))
        .left_outer_join(OrganizerProfile, on=(OrganizerProfile.person == Person.id))
        .where(Attachment.campaign == campaign.id, Attachment.ended_at.is_null())
    )
    found = Circle()
    for row in sorted((held | waiting | helping).tuples(), key=lambda row: (row[0], row[2])):
        _sort_in(found, *row)
    found.roles.sort(key=lambda role: ROLES.index(role.name))
    return found


def _sort_in(
    found: Circle,
    at: datetime,
    kind: str,
    row_id: int,
    other_id: int,
    person_id: int,
    name: str,
    words: str,
    until: Any,
) -> None:
    shown = Person(name=name).display_name
    if kind == "role":
        found.roles.append(HeldRole(row_id, other_id, person_id, shown, words, date.fromisoformat(until)))
    elif kind == "asker":
        found.askers.append(Asker(row_id, shown, words, at))
    else:
        found.helpers.append(Helper(row_id, person_id, shown, words, at, kind == "asked"))


def role_in(campaign: Campaign, role_id: int) -> Role | None:
    """The role with this id, its member and person, if it belongs to the campaign; else None."""
    role = (
        Role.select(Role, Membership, Person)
        .join(Membership)
        .join(Person, on=(Membership.person == Person.id))
        .where(Role.id == role_id, Membership.campaign == campaign.id)
        .first()
    )
    if role is not None:
        role.membership.campaign = campaign
    return role


def members(
    campaign: Campaign, *, before: int | None = None, after: int | None = None
) -> tuple[list[Membership], bool, bool]:
    """One page of members, newest first, with person and inviter; whether older and newer ones follow.

    `before` and `after` are membership ids from the edge of the page that was left.
    """
    inviter = Person.alias()
    rows = (
        Membership.select(Membership, Person, inviter)
        .join_from(Membership, Person, on=(Membership.person == Person.id))
        .join_from(Membership, inviter, peewee.JOIN.LEFT_OUTER, on=(Membership.invited_by == inviter.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        .limit(PAGE + 1)
    )
    if after is not None:
        found = list(rows.where(Membership.id > after).order_by(Membership.id))
        return found[:PAGE][::-1], True, len(found) > PAGE
    if before is not None:
        rows = rows.where(Membership.id < before)
    found = list(rows.order_by(Membership.id.desc()))
    return found[:PAGE], len(found) > PAGE, before is not None
