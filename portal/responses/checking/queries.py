"""Reads for looking: whose word counts, the doors to call at, and what happened to a promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import peewee

from portal.campaigns.models import Campaign
from portal.people.models import Person
from portal.places.models import Building, Home
from portal.responses import promises
from portal.responses.checking.models import CommitmentChange, CommitmentHome
from portal.responses.checking.settling import doors_of, said
from portal.responses.models import Commitment, CommitmentCheck

HISTORY = 40


@dataclass(frozen=True)
class Door:
    """A home that can be asked, and whether it is listed for the promise."""

    home: Home
    is_listed: bool
    # The home that the reader named the last time they looked at a promise here.
    is_mine: bool = False

    @property
    def may_be_called_on(self) -> bool:
        """Whether nobody there asked to be left alone."""
        return self.home.status != "do_not_contact"


def doors_for(commitment: Commitment, person: Person, *, everything: bool = False) -> list[Door]:
    """The doors that a promise touches, or with `everything` all that could be: floor by floor from the top.

    One statement.
    """
    listed = CommitmentHome.select(CommitmentHome.id).where(
        CommitmentHome.commitment == commitment.id, CommitmentHome.home == Home.id
    )
    named = (
        CommitmentCheck.select(CommitmentCheck.home)
        .join(Commitment)
        .where(
            Commitment.campaign == commitment.campaign_id,
            CommitmentCheck.person == person.id,
            CommitmentCheck.home.is_null(False),
        )
        .order_by(CommitmentCheck.at.desc(), CommitmentCheck.id.desc())
        .limit(1)
    )
    is_listed = peewee.Case(None, [(peewee.fn.EXISTS(listed), 1)], 0)
    is_mine = peewee.Case(None, [(Home.id == named, 1)], 0)
    query = doors_of(commitment.campaign).select(
        Home, Building.id, Building.name, is_listed.alias("is_listed"), is_mine.alias("is_mine")
    )
    if commitment.reach == "homes" and not everything:
        query = query.where(peewee.fn.EXISTS(listed))
    ordered = query.order_by(Building.position, Building.id, Home.floor_order.desc(), Home.position, Home.id)
    return [Door(home, bool(home.is_listed), bool(home.is_mine)) for home in ordered]


def by_floor(doors: Sequence[Door]) -> list[tuple[str, str, list[Door]]]:
    """(building, floor, doors), in the order of the doors."""
    found = groupby(doors, key=lambda door: (door.home.building.name, door.home.floor_label, door.home.floor_order))
    return [(building, floor, list(group)) for (building, floor, _order), group in found]


@dataclass(frozen=True)
class Word:
    """What was found, and whether it counts; if not, why: "before" (it broke again since), "own" (somebody there said
    it themselves), "newer" (a newer word from that home), "elsewhere" (not a home it is about), "no_home".
    """

    check: CommitmentCheck
    counts: bool
    why_not: str = ""


def words_of(commitment: Commitment, checks: Sequence[CommitmentCheck], listed: set[int]) -> list[Word]:
    """The checks, each with whether it counts: those that say not fixed first, otherwise in their order."""
    reach = promises.reach_of(commitment, listed)
    all_said = [said(check) for check in checks]
    heard = {id(one) for one in promises.voices(all_said, reach)}
    found = [
        Word(check, True) if id(one) in heard else Word(check, False, _why_not(one, reach, all_said))
        for check, one in zip(checks, all_said, strict=True)
        if check.verdict != "nobody_in"
    ]
    # Whom somebody has to talk to comes first.
    return sorted(found, key=lambda word: (not word.counts, word.check.verdict != "not_fixed"))


def _why_not(one: promises.Said, reach: promises.Reach, everybody: Sequence[promises.Said]) -> str:
    if reach.since is not None and reach.kind != "homes" and one.at < reach.since:
        return "before"
    if reach.kind != "matter" and one.home is None:
        return "no_home"
    if reach.kind == "homes" and one.home not in reach.homes:
        return "elsewhere"
    if not one.is_own and any(other.is_own and other.home == one.home for other in everybody):
        return "own"
    return "newer"


@dataclass(frozen=True)
class Row:
    """A door on the list, and what is known from there: the word that was entered, or that they said it themselves."""

    door: Door
    check: CommitmentCheck | None = None
    is_own: bool = False

    @property
    def is_entered(self) -> bool:
        """Whether there is an answer, or nobody was in."""
        return self.check is not None


def rows_of(commitment: Commitment, doors: Sequence[Door], checks: Sequence[CommitmentCheck]) -> list[Row]:
    """The rows of the list with what stands in each. `checks` come newest first. No statement.

    What was said before it broke again leaves its row empty: they are asked anew.
    """
    since = commitment.reopened_at if commitment.reach != "homes" else None
    fresh = [check for check in checks if check.home_id and (since is None or check.at >= since)]
    own = {check.home_id: check for check in reversed(fresh) if check.person_id is not None}
    entered = {check.home_id: check for check in reversed(fresh) if check.person_id is None}
    return [Row(door, own.get(door.home.id) or entered.get(door.home.id), door.home.id in own) for door in doors]


def change_page(commitment: Commitment, *, before: int | None = None) -> list[CommitmentChange]:
    """A page of the promise's history and one more line, newest first, each with its person."""
    query = (
        CommitmentChange.select(CommitmentChange, Person.id, Person.name, Person.closed_at)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .where(CommitmentChange.commitment == commitment.id)
        .order_by(CommitmentChange.id.desc())
        .limit(HISTORY + 1)
    )
    if before is not None:
        query = query.where(CommitmentChange.id < before)
    return list(query)


def door_count(campaign: Campaign) -> int:
    """How many doors a promise about the whole building asks."""
    return doors_of(campaign).count()


def earlier_of(commitment: Commitment) -> Any:
    """The promise that this one stands in the place of, or None."""
    return Commitment.select(Commitment.id, Commitment.what).where(Commitment.replaced_by == commitment.id).first()
