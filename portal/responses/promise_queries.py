"""Reads about promises: the list by its days, how they stand in sum, one with what residents found."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters.models import Block
from portal.people.models import Person
from portal.responses.models import Commitment, CommitmentCheck, Response

PAGE = 30
# Promises without a day stand after all that have one.
_NO_DAY = date(9999, 12, 31)


@dataclass(frozen=True)
class PromiseCounts:
    """How the promises of a campaign stand on a day. Cancelled ones are not counted."""

    kept: int
    not_due: int
    late: int
    undated: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.kept + self.not_due + self.late + self.undated


def counts_of(campaign: Campaign, *, on: date | None = None, public_only: bool = False) -> PromiseCounts:
    """How the promises of a campaign stand today, or on another day; one statement however many there are."""
    day = on or clock.today()
    is_open = Commitment.state != "kept"
    kinds = (
        Commitment.state == "kept",
        is_open & (Commitment.due_on >= day),
        is_open & (Commitment.due_on < day),
        is_open & Commitment.due_on.is_null(),
    )
    sums = [peewee.fn.SUM(peewee.Case(None, [(kind, 1)], 0)) for kind in kinds]
    query = Commitment.select(*sums).where(Commitment.campaign == campaign.id, Commitment.state != "cancelled")
    if public_only:
        query = query.where(Commitment.is_public == True)  # noqa: E712
    return PromiseCounts(*(int(found or 0) for found in query.tuples().get()))


def promises_of(campaign: Campaign, *, after: tuple[date | None, int] | None = None) -> list[Commitment]:
    """A page of promises and one more: the earliest day first, those without a day last, without the cancelled.

    `after`: day and id of the last one seen. Each comes with its response and what was asked, or None.
    """
    day = peewee.fn.COALESCE(Commitment.due_on, _NO_DAY)
    query = (
        Commitment.select(Commitment, Response, Block)
        .join_from(Commitment, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Block, peewee.JOIN.LEFT_OUTER)
        .where(Commitment.campaign == campaign.id, Commitment.state != "cancelled")
        .order_by(day, Commitment.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        last, last_id = after[0] or _NO_DAY, after[1]
        query = query.where((day > last) | ((day == last) & (Commitment.id > last_id)))
    return list(query)


def promise_with(campaign: Campaign) -> "peewee.ModelSelect[Any]":
    """The promises of a campaign, each with its response, what was asked, and who added it."""
    return (
        Commitment.select(Commitment, Response, Block, Person.id, Person.name)
        .join_from(Commitment, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Block, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Person, peewee.JOIN.LEFT_OUTER, on=(Commitment.added_by == Person.id), attr="added_by")
        .where(Commitment.campaign == campaign.id)
    )


def checks_of(commitment: Commitment) -> list[CommitmentCheck]:
    """What residents found, the latest look first, each with its person."""
    return list(
        CommitmentCheck.select(CommitmentCheck, Person.id, Person.name)
        .join(Person)
        .where(CommitmentCheck.commitment == commitment.id)
        .order_by(CommitmentCheck.at.desc(), CommitmentCheck.id.desc())
    )
