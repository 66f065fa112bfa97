"""What somebody may see of a question. How others voted stays hidden until one has voted, or it is over."""

from dataclasses import dataclass, field

import peewee

from portal.campaigns.models import Campaign
from portal.decisions.closing import options_in
from portal.decisions.models import Ballot, BallotElector, BallotVote
from portal.decisions.rule import verdict
from portal.people.models import Person

PAGE = 20


@dataclass(frozen=True)
class Results:
    """How people voted: the count of each option, what it comes to, and what was said beside the votes."""

    counts: list[int]
    winner: int | None
    core_voters: int
    worries: list[BallotVote]
    views: list[BallotVote]

    @property
    def voters(self) -> int:
        """How many votes count."""
        return sum(self.counts)

    @property
    def top(self) -> list[int]:
        """The places of the options with most votes."""
        most = max(self.counts)
        return [place for place, count in enumerate(self.counts) if count == most and most]


@dataclass(frozen=True)
class Room:
    """A question, as one person sees it.

    `outcome` is "open", "passed", "failed", "tied" or "cancelled", also while nobody has counted yet. `results` is None
    while they are hidden from this person. `papers` wait for a second reader, and are shown without what is on them.
    """

    ballot: Ballot
    outcome: str
    is_elector: bool = False
    mine: BallotVote | None = None
    is_mine_waiting: bool = False
    voted_count: int = 0
    waiting: list[Person] = field(default_factory=list)
    papers: list[BallotVote] = field(default_factory=list)
    free: list[Person] = field(default_factory=list)
    results: Results | None = None

    @property
    def may_differ(self) -> bool:
        """Whether this person voted for something else than what it came to, and may leave words."""
        if self.mine is None or self.results is None or self.outcome in {"open", "cancelled"}:
            return False
        return self.results.winner is None or self.mine.choice != self.results.winner


def enter(ballot: Ballot, person: Person) -> Room:
    """The question as `person` sees it. One statement."""
    electors = _electors(ballot)
    votes = [elector.vote for elector in electors if elector.vote is not None and elector.vote.counts]
    counts = [sum(vote.choice == place for vote in votes) for place in range(options_in(ballot))]
    core = sum(one.is_core for one in electors if one.vote is not None and one.vote.counts)
    outcome, winner = _outcome(ballot, counts, core)
    own = next((elector for elector in electors if elector.person_id == person.id), None)
    mine = own.vote if own is not None and own.vote is not None and own.vote.counts else None
    is_shown = outcome != "open" or mine is not None
    by_choice = sorted(votes, key=lambda vote: (vote.choice, vote.id))
    return Room(
        ballot=ballot,
        outcome=outcome,
        is_elector=own is not None,
        mine=mine,
        is_mine_waiting=own is not None and own.vote is not None and mine is None,
        voted_count=len(votes),
        waiting=[one.person for one in electors if one.vote is None or not one.vote.counts],
        papers=[one.vote for one in electors if one.vote is not None and not one.vote.counts],
        free=[one.person for one in electors if one.vote is None],
        results=Results(
            counts,
            winner,
            core,
            [vote for vote in by_choice if vote.worry],
            [vote for vote in by_choice if vote.other_view],
        )
        if is_shown
        else None,
    )


def _electors(ballot: Ballot) -> list[BallotElector]:
    last = (
        (BallotVote.ballot == BallotElector.ballot)
        & (BallotVote.person == BallotElector.person)
        & BallotVote.replaced_at.is_null()
    )
    rows = list(
        BallotElector.select(BallotElector, Person, BallotVote)
        .join_from(BallotElector, Person)
        .join_from(BallotElector, BallotVote, peewee.JOIN.LEFT_OUTER, on=last, attr="vote")
        .where(BallotElector.ballot == ballot.id)
        .order_by(Person.name, Person.id)
    )
    for elector in rows:
        if elector.vote is not None:
            elector.vote.person, elector.vote.ballot = elector.person, ballot
    return rows


def _outcome(ballot: Ballot, counts: list[int], core: int) -> tuple[str, int | None]:
    if ballot.outcome is not None:
        return ballot.outcome, ballot.winner
    if not ballot.is_due:
        return "open", None
    found = verdict(ballot.kind, counts, ballot.least_voters, core_missing=ballot.core_needed - core)
    return found.outcome, found.winner


def ballots_of(campaign: Campaign, person: Person, *, before: int | None = None) -> tuple[list[Ballot], int | None]:
    """A page of questions, newest first, each with `waits_for_me` for `person`; and the id to go on from.

    One statement.
    """
    voted = BallotVote.select(BallotVote.id).where(
        BallotVote.ballot == Ballot.id,
        BallotVote.person == person.id,
        BallotVote.replaced_at.is_null(),
        BallotVote.entered_by.is_null() | BallotVote.checked_at.is_null(False),
    )
    can = BallotElector.select(BallotElector.id).where(
        BallotElector.ballot == Ballot.id, BallotElector.person == person.id
    )
    waits = peewee.Case(None, [(peewee.fn.EXISTS(can) & ~peewee.fn.EXISTS(voted), 1)], 0)
    rows = Ballot.select(Ballot, waits.alias("waits_for_me")).where(Ballot.campaign == campaign.id)
    if before is not None:
        rows = rows.where(Ballot.id < before)
    found = list(rows.order_by(Ballot.id.desc()).limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None
