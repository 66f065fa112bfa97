"""What every change of a promise goes through: taking its row, a line of history, and what all words come to now."""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.places.models import Building, Home
from portal.responses import promises
from portal.responses.checking.models import CommitmentChange, CommitmentHome
from portal.responses.models import GONE, Commitment, CommitmentCheck
from portal.responses.promises import Reach, Said

# Nobody lives there, or it is no home: nobody there can say anything.
SILENT = ("empty", "not_a_home")


def hold(commitment: Commitment) -> Commitment:
    """Take the promise's row until the transaction ends, so that two residents who look at once are both counted.

    Returns it as it stands now. Raises RuleBroken when it was called off, or another stands in its place.
    """
    held = (
        Commitment.update(state=Commitment.state)
        .where(Commitment.id == commitment.id, Commitment.state.not_in(GONE))
        .execute()
    )
    now = Commitment.get_by_id(commitment.id)
    if not held and now.state == "renegotiated":
        raise RuleBroken(_("Another promise stands in the place of this one"))
    if not held:
        raise RuleBroken(_("This promise was called off"))
    now.campaign = commitment.campaign
    return now


def keep_change(
    commitment: Commitment, what: str, *, by: Person | None, was: object = "", now: object = "", why: str = ""
) -> None:
    """Write a line of the promise's history. Days are kept as ISO text."""
    CommitmentChange.create(commitment=commitment.id, by=by, what=what, was=str(was or ""), now=str(now or ""), why=why)


def doors_of(campaign: Campaign) -> "peewee.ModelSelect[Any]":
    """The homes of a campaign that can be asked: every door, but no zones, and none where nobody lives."""
    return (
        Home.select()
        .join(Building)
        .where(
            Building.place == campaign.place_id,
            Building.is_zone == False,  # noqa: E712
            Home.status.not_in(SILENT),
        )
    )


def listed_homes(commitment: Commitment) -> set[int]:
    """The ids of the homes that somebody listed for it."""
    rows = CommitmentHome.select(CommitmentHome.home).where(CommitmentHome.commitment == commitment.id)
    return {home_id for (home_id,) in rows.tuples()}


def reach_now(commitment: Commitment) -> Reach:
    """Whom the promise touches, with the number of homes as it is today. One statement, none for a single matter."""
    homes: set[int] = set()
    count = 0
    if commitment.reach == "homes":
        homes = listed_homes(commitment)
        count = len(homes)
    elif commitment.reach == "building":
        count = doors_of(commitment.campaign).count()
    commitment.home_count = count
    return promises.reach_of(commitment, homes)


def said_of(commitment: Commitment) -> list[Said]:
    """Every word about a promise. One statement."""
    rows = CommitmentCheck.select().where(CommitmentCheck.commitment == commitment.id)
    return [said(row) for row in rows]


def said(check: CommitmentCheck) -> Said:
    """A stored word, as the rule reads it."""
    return Said(
        check.verdict,
        check.person_id,
        check.home_id,
        check.at,
        is_own=check.person_id is not None,
        is_confirmed=check.talked_at is not None,
    )


def settle(commitment: Commitment, *, by: Person, has_reopened: bool = False) -> str:
    """Store what all words come to, and tell the timeline when residents have spoken, or no longer agree.

    Call inside the transaction that holds the row. Returns the state.
    """
    before = Commitment.get_by_id(commitment.id)
    before.campaign = commitment.campaign
    reach = reach_now(before)
    finding = promises.settle(said_of(before), reach)
    is_new = finding.state != before.state
    now = clock.now()
    settled_at = None
    if finding.is_settled:
        settled_at = now if is_new or before.settled_at is None else before.settled_at
    stored = {
        "state": finding.state,
        "home_count": reach.home_count,
        "fixed_count": finding.fixed_count,
        "partly_count": finding.partly_count,
        "not_fixed_count": finding.not_fixed_count,
        "cannot_tell_count": finding.cannot_tell_count,
        "settled_at": settled_at,
        "kept_at": now if finding.state == "kept" and is_new else before.kept_at,
    }
    Commitment.update(**stored).where(Commitment.id == commitment.id).execute()
    for name, value in stored.items():
        setattr(commitment, name, value)
    if is_new:
        keep_change(commitment, "state", by=by, was=before.state, now=finding.state)
    # Before its day nothing is broken, whatever residents found: the timeline waits.
    is_fair = finding.state != "not_kept" or promises.is_ripe(before, clock.today())
    is_news = is_new and is_fair and (finding.is_settled or before.state in promises.SETTLED)
    if is_news and not has_reopened:
        record(
            commitment.campaign,
            "commitment_settled",
            by=by,
            about=commitment,
            is_public=before.is_public,
            state=finding.state,
            what=before.what,
            due_on=before.due_on,
            fixed=finding.fixed_count,
            not_fixed=finding.not_fixed_count,
        )
    else:
        commitment.campaign.touch()
    return finding.state
