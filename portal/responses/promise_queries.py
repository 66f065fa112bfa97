"""Reads about promises: the list by how they stand, how they stand in sum, one with what residents found."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from statistics import median_low
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.letters.models import Block
from portal.people.models import Person
from portal.places.models import Home
from portal.responses.models import GONE, Commitment, CommitmentCheck, Response
from portal.responses.promises import STANDINGS

PAGE = 30
# Promises without a day stand after all that have one.
_NO_DAY = date(9999, 12, 31)


def standing_number(on: date) -> Any:
    """`promises.standing` in SQL: the place of its word in STANDINGS. A test holds the two together."""
    row = Commitment
    is_claimed = row.claimed_done_on.is_null(False)
    is_ripe = is_claimed | (row.due_on < on)
    is_open_now = row.due_on.is_null() | (row.due_on < on)
    cases = (
        (row.state == "kept", "kept"),
        ((row.state == "not_kept") & is_ripe, "broken"),
        ((row.state == "disputed") & (is_claimed | is_open_now & (row.fixed_count > 0)), "unsure"),
        ((row.state == "partly_kept") & is_ripe, "partly"),
        (is_claimed, "checking"),
        (row.due_on.is_null(), "undated"),
        (row.due_on < on, "late"),
    )
    numbers = [(condition, peewee.SQL(str(STANDINGS.index(word)))) for condition, word in cases]
    return peewee.Case(None, numbers, peewee.SQL(str(STANDINGS.index("not_due"))))


@dataclass(frozen=True)
class PromiseCounts:
    """How the promises of a campaign stand on a day, each counted once. Those that are gone are not counted."""

    kept: int = 0
    partly: int = 0
    checking: int = 0
    not_due: int = 0
    late: int = 0
    broken: int = 0
    unsure: int = 0
    undated: int = 0
    # Of kept promises with a day: how many days after it each was done. Nobody is early.
    delays: tuple[int, ...] = field(default=())

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, name) for name in STANDINGS)

    @property
    def median_delay(self) -> int | None:
        """The delay in days that half of the kept promises with a day stayed within; None without any."""
        return median_low(self.delays) if self.delays else None


def counts_of(campaign: Campaign, *, on: date | None = None, public_only: bool = False) -> PromiseCounts:
    """How the promises of a campaign stand today, or on another day; one statement however many there are."""
    query = Commitment.select(
        standing_number(on or clock.today()), Commitment.due_on, Commitment.claimed_done_on, Commitment.kept_at
    ).where(Commitment.campaign == campaign.id, Commitment.state.not_in(GONE))
    if public_only:
        query = query.where(Commitment.is_public == True)  # noqa: E712
    rows = list(query.tuples())
    counted = Counter(STANDINGS[number] for number, *_rest in rows)
    delays = (
        _delay(*rest) for number, *rest in rows if STANDINGS[number] == "kept" and rest[0] is not None and rest[2]
    )
    return PromiseCounts(**counted, delays=tuple(delays))


def _delay(due_on: date, claimed_on: date | None, kept_at: Any) -> int:
    """When residents look late, it is not their delay: the day they said it was done counts, if it was."""
    kept_on = clock.to_local(kept_at).date()
    return max(0, (min(kept_on, claimed_on or kept_on) - due_on).days)


def promises_of(
    campaign: Campaign,
    *,
    on: date | None = None,
    only: str | None = None,
    after: tuple[int, date | None, int] | None = None,
) -> list[Commitment]:
    """A page of promises and one more, by how they stand in the order of STANDINGS, the earliest day first.

    `only`: one word of STANDINGS. `after`: number of the standing, day and id of the last one seen. Each comes with its
    response and what was asked, or None, and its `number`.
    """
    day = peewee.fn.COALESCE(Commitment.due_on, _NO_DAY)
    number = standing_number(on or clock.today())
    query = (
        Commitment.select(Commitment, number.alias("number"), Response, Block)
        .join_from(Commitment, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Block, peewee.JOIN.LEFT_OUTER)
        .where(Commitment.campaign == campaign.id, Commitment.state.not_in(GONE))
        .order_by(number, day, Commitment.id)
        .limit(PAGE + 1)
    )
    if only is not None:
        query = query.where(number == STANDINGS.index(only))
    if after is not None:
        last_number, last, last_id = after[0], after[1] or _NO_DAY, after[2]
        later = (day > last) | ((day == last) & (Commitment.id > last_id))
        query = query.where((number > last_number) | ((number == last_number) & later))
    return list(query)


def promise_with(campaign: Campaign) -> "peewee.ModelSelect[Any]":
    """The promises of a campaign, each with its response, what was asked, who added it, and what replaced it."""
    later = Commitment.alias()
    return (
        Commitment.select(
            Commitment, Response, Block, Person.id, Person.name, later.id, later.what, later.state, later.due_on
        )
        .join_from(Commitment, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Block, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Person, peewee.JOIN.LEFT_OUTER, on=(Commitment.added_by == Person.id), attr="added_by")
        .join_from(Commitment, later, peewee.JOIN.LEFT_OUTER, on=(Commitment.replaced_by == later.id), attr="later")
        .where(Commitment.campaign == campaign.id)
    )


def checks_with(commitment: Commitment) -> "peewee.ModelSelect[Any]":
    """The checks of a promise, each with its person, home, and who entered it or talked to them."""
    enterer, talker = Person.alias(), Person.alias()
    left = peewee.JOIN.LEFT_OUTER
    return (
        CommitmentCheck.select(
            CommitmentCheck,
            Person.id,
            Person.name,
            Person.closed_at,
            Home.id,
            Home.label,
            enterer.id,
            enterer.name,
            talker.id,
            talker.name,
        )
        .join_from(CommitmentCheck, Person, left, on=(CommitmentCheck.person == Person.id), attr="person")
        .join_from(CommitmentCheck, Home, left)
        .join_from(CommitmentCheck, enterer, left, on=(CommitmentCheck.entered_by == enterer.id), attr="entered_by")
        .join_from(CommitmentCheck, talker, left, on=(CommitmentCheck.talked_by == talker.id), attr="talked_by")
        .where(CommitmentCheck.commitment == commitment.id)
    )


def checks_of(commitment: Commitment) -> list[CommitmentCheck]:
    """What was found, the latest look first. One statement."""
    return list(checks_with(commitment).order_by(CommitmentCheck.at.desc(), CommitmentCheck.id.desc()))
