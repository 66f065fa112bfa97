"""How a question ends: at its hour, when everybody has voted and slept on it, or when a lead calls it off."""

from datetime import timedelta
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs
from portal.campaigns.activity import record
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.decisions import subjects, telling
from portal.decisions.models import COOLING_HOURS, Ballot, BallotElector, BallotVote
from portal.decisions.rule import verdict
from portal.errors import RuleBroken
from portal.people.models import Person


def counting(ballot: Ballot) -> Any:
    """The votes that count: the last of each person, a paper one only when it was checked."""
    is_whole = BallotVote.entered_by.is_null() | BallotVote.checked_at.is_null(False)
    return BallotVote.select().where(BallotVote.ballot == ballot.id, BallotVote.replaced_at.is_null(), is_whole)


def counts_of(ballot: Ballot) -> list[int]:
    """How many votes each option has, in their order. One statement."""
    rows = counting(ballot).select(BallotVote.choice, peewee.fn.COUNT(BallotVote.id)).group_by(BallotVote.choice)
    found = dict(rows.tuples())
    return [found.get(place, 0) for place in range(options_in(ballot))]


def core_missing(ballot: Ballot) -> int:
    """How many more of those with a job in the campaign have to vote. One statement."""
    core = BallotElector.select(BallotElector.person).where(
        BallotElector.ballot == ballot.id,
        BallotElector.is_core == True,  # noqa: E712
    )
    return max(0, ballot.core_needed - counting(ballot).where(BallotVote.person.in_(core)).count())


def options_in(ballot: Ballot) -> int:
    """How many options there are to choose from."""
    return len(ballot.answers) or 2


def hold(ballot: Ballot) -> Ballot:
    """Take the question's row until the transaction ends, and return it as it is now."""
    Ballot.update(elector_count=Ballot.elector_count).where(Ballot.id == ballot.id).execute()
    now = Ballot.get_by_id(ballot.id)
    now.campaign = ballot.campaign
    return now


def settle(ballot: Ballot) -> Ballot:
    """Count a question that is due, write down how it ended, and tell what follows from it. Twice is once."""
    with transaction():
        now = hold(ballot)
        if not now.is_due:
            return now
        counts = counts_of(now)
        found = verdict(now.kind, counts, now.least_voters, core_missing=core_missing(now))
        return _end(now, found.outcome, winner=found.winner, counts=counts)


def stop(ballot: Ballot, *, why: str, by: Person) -> Ballot:
    """Call a question off before it is counted, with a reason that everybody can read.

    Raises RuleBroken when it is over, or without a reason.
    """
    if not why.strip():
        raise RuleBroken(_("Say why, so that everybody knows"), field="why")
    with transaction():
        now = hold(ballot)
        if not now.is_open:
            raise RuleBroken(_("This vote is over. Look at the page again"))
        return _end(now, "cancelled", by=by, stopped_by=by, stopped_why=why.strip())


def _end(
    ballot: Ballot,
    outcome: str,
    *,
    winner: int | None = None,
    counts: list[int] | None = None,
    by: Person | None = None,
    **given: object,
) -> Ballot:
    at = min(clock.now(), ballot.closes_at)
    Ballot.update(outcome=outcome, winner=winner, closed_at=at, **given).where(
        Ballot.id == ballot.id, Ballot.outcome.is_null()
    ).execute()
    ended = Ballot.get_by_id(ballot.id)
    ended.campaign = ballot.campaign
    record(
        ballot.campaign,
        "ballot_ended",
        by=by,
        about=ballot,
        question=ballot.question,
        outcome=outcome,
        winner=ballot.answers[winner] if winner is not None and ballot.answers else "",
        most=counts[winner] if winner is not None and counts else 0,
        voters=sum(counts or ()),
    )
    telling.tell_ended(ended)
    subjects.tell(ended)
    return ended


@jobs.sweep
def close_due() -> int:
    """Count every question that is due; returns how many. Mostly one short question."""
    now = clock.now()
    is_cool = (Ballot.is_strategy == False) | (Ballot.opened_at <= now - timedelta(hours=COOLING_HOURS))  # noqa: E712
    all_in = (Ballot.voter_count >= Ballot.elector_count) & is_cool
    due = (
        Ballot.select(Ballot, Campaign)
        .join(Campaign)
        .where(Ballot.outcome.is_null(), (Ballot.closes_at <= now) | all_in)
        .limit(50)
    )
    return sum(settle(ballot).outcome is not None for ballot in list(due))
