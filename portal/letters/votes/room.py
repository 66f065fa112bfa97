"""What somebody may see of a vote. Results stay hidden from everybody who has not voted, until it closes."""

from dataclasses import dataclass, field

import peewee

from portal.campaigns.models import Membership
from portal.letters.models import Letter
from portal.letters.votes.closing import rule_of
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.letters.votes.rule import Rule, Tally, lacks
from portal.people.models import Person


@dataclass(frozen=True)
class Results:
    """How people voted: the counts, what is missing to pass, and what was said beside a plain yes."""

    tally: Tally
    lacks: list[str]
    said: list[Vote]


@dataclass(frozen=True)
class Room:
    """A vote, as one person sees it.

    `outcome` is "open", "passed", "failed" or "cancelled", also while nobody has counted yet. `results` is None while
    they are hidden from this person. `papers` are votes typed in that wait for a second reader; they are shown without
    what stands on them.
    """

    sign_off: SignOff
    outcome: str
    rule: Rule
    is_elector: bool = False
    mine: Vote | None = None
    is_mine_waiting: bool = False
    voted_count: int = 0
    waiting: list[Person] = field(default_factory=list)
    papers: list[Vote] = field(default_factory=list)
    free: list[Person] = field(default_factory=list)
    results: Results | None = None


def counts(vote: Vote | None) -> bool:
    """Whether it is a vote that counts: made by oneself, or on a paper that two have read."""
    return vote is not None and (vote.entered_by_id is None or vote.checked_at is not None)


def enter(letter: Letter, person: Person, *, sha256: str | None = None) -> Room | None:
    """The last vote on this letter, as `person` sees it; None when there was none. One statement.

    `sha256` is the fingerprint of the text as it stands: where it is another than the vote's, the vote is over.
    """
    sign_off = letter.vote
    if sign_off is None:
        return None
    electors = _electors(sign_off)
    votes = [elector.vote for elector in electors if counts(elector.vote)]
    tally = _tally(electors)
    missing = lacks(rule_of(sign_off), tally)
    outcome = _outcome(sign_off, missing, sha256)
    own = next((elector for elector in electors if elector.person_id == person.id), None)
    mine = own.vote if own is not None and counts(own.vote) else None
    shown = outcome != "open" or mine is not None
    said = sorted((vote for vote in votes if vote.choice != "agree"), key=lambda vote: (vote.choice, vote.id))
    return Room(
        sign_off=sign_off,
        outcome=outcome,
        rule=rule_of(sign_off),
        is_elector=own is not None,
        mine=mine,
        is_mine_waiting=own is not None and own.vote is not None and mine is None,
        voted_count=len(votes),
        waiting=[elector.person for elector in electors if not counts(elector.vote) and elector.is_here],
        papers=[elector.vote for elector in electors if elector.vote is not None and not counts(elector.vote)],
        free=[elector.person for elector in electors if elector.vote is None],
        results=Results(tally, missing, said) if shown else None,
    )


def _electors(sign_off: SignOff) -> list[Elector]:
    answerer = Person.alias()
    last = (Vote.sign_off == Elector.sign_off) & (Vote.person == Elector.person) & Vote.replaced_at.is_null()
    here = (
        (Membership.person == Elector.person)
        & (Membership.campaign == sign_off.letter.campaign_id)
        & Membership.left_at.is_null()
    )
    rows = list(
        Elector.select(Elector, Person, Vote, answerer, Membership.id.is_null(False).alias("is_here"))
        .join_from(Elector, Person)
        .join_from(Elector, Vote, peewee.JOIN.LEFT_OUTER, on=last, attr="vote")
        .join_from(Elector, Membership, peewee.JOIN.LEFT_OUTER, on=here)
        .join_from(Vote, answerer, peewee.JOIN.LEFT_OUTER, on=(Vote.answered_by == answerer.id), attr="answered_by")
        .where(Elector.sign_off == sign_off.id)
        .order_by(Person.name, Person.id)
    )
    for elector in rows:
        if elector.vote is not None:
            elector.vote.person, elector.vote.sign_off = elector.person, sign_off
    return rows


def _tally(electors: list[Elector]) -> Tally:
    found = {"agree": 0, "worry": 0, "not_yet": 0, "core": 0}
    for elector in electors:
        if counts(elector.vote):
            found[elector.vote.choice] += 1
            found["core"] += bool(elector.is_core)
    return Tally(**found)


def _outcome(sign_off: SignOff, missing: list[str], sha256: str | None) -> str:
    if sign_off.outcome is not None:
        return sign_off.outcome
    if sha256 is not None and sha256 != sign_off.sha256:
        return "cancelled"
    if sign_off.is_open:
        return "open"
    return "failed" if missing else "passed"
