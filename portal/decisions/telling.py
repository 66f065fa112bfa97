"""Who is told about a question by mail: everybody who can vote, once those who have not yet, and how it ended.

No mail says what is asked or how anybody voted: it leads to a page that asks for the sign-in first.
"""

from datetime import datetime, timedelta
from typing import Any

from portal import clock, jobs, outbox
from portal.campaigns.models import Campaign, Membership
from portal.database import transaction
from portal.decisions import emails
from portal.decisions.models import Ballot, BallotElector, BallotVote
from portal.language import current_language
from portal.letters.votes.telling import NUDGE_HOURS, SHORTEST_NUDGED_HOURS
from portal.mail import Message
from portal.people.models import Person


def _put(kind: str, ballot: Ballot, person: Person, *, by: str = "", about: str = "") -> None:
    facts = {
        "kind": kind.replace("-", "_"),
        "to": person.email,
        "to_name": person.name,
        "name": person.first_name,
        "key": ballot.campaign.key,
        "ballot": ballot.id,
        "closes_at": ballot.closes_at.isoformat(),
        "outcome": ballot.outcome or "",
        "by": by,
    }
    occasion = about or f"{ballot.id}:{person.id}"
    outbox.put(outbox.from_facts(kind, facts, to=person.email, about=occasion, locale=current_language()))


@outbox.writes("ballot-opened")
@outbox.writes("ballot-nudge")
@outbox.writes("ballot-ended")
@outbox.writes("ballot-paper-counted")
def _compose(facts: dict[str, Any]) -> Message:
    return emails.about_ballot(**{**facts, "closes_at": datetime.fromisoformat(facts["closes_at"])})


def tell_opened(ballot: Ballot, people: list[Person], *, by: Person) -> None:
    """Tell everybody who can vote that they can. Call inside the transaction that opens it."""
    for person in people:
        _put("ballot-opened", ballot, person, by=by.first_name)


def tell_ended(ballot: Ballot) -> None:
    """Tell everybody who could vote, and is still in the circle, how it ended. Call inside the transaction."""
    rows = BallotElector.select(BallotElector, Person).join(Person).where(BallotElector.ballot == ballot.id)
    for elector in rows.where(BallotElector.person.in_(_here(ballot))):
        _put("ballot-ended", ballot, elector.person)


def tell_paper_counted(vote: BallotVote) -> None:
    """Tell somebody that their vote on paper counts. Call inside the transaction that checks it."""
    _put("ballot-paper-counted", vote.ballot, vote.person, about=str(vote.id))


def _here(ballot: Ballot) -> Any:
    return Membership.select(Membership.person).where(
        Membership.campaign == ballot.campaign_id, Membership.left_at.is_null()
    )


def waiting(ballot: Ballot) -> list[BallotElector]:
    """Those who can vote, are still in the circle, and have said nothing yet that counts. One statement."""
    is_whole = BallotVote.entered_by.is_null() | BallotVote.checked_at.is_null(False)
    voted = BallotVote.select(BallotVote.person).where(
        BallotVote.ballot == ballot.id, BallotVote.replaced_at.is_null(), is_whole
    )
    return list(
        BallotElector.select(BallotElector, Person)
        .join(Person)
        .where(
            BallotElector.ballot == ballot.id,
            BallotElector.person.not_in(voted),
            BallotElector.person.in_(_here(ballot)),
        )
        .order_by(Person.name, Person.id)
    )


def nudge(ballot: Ballot) -> int:
    """Remind those who have not voted, each once for this question; returns how many were reminded now."""
    told = 0
    with transaction():
        for elector in waiting(ballot):
            taken = (
                BallotElector.update(nudged_at=clock.now())
                .where(BallotElector.id == elector.id, BallotElector.nudged_at.is_null())
                .execute()
            )
            if taken:
                _put("ballot-nudge", ballot, elector.person)
                told += 1
    return told


@jobs.hourly
def nudge_before_the_end() -> int:
    """In the last day of a question, remind those who have not voted and had no reminder; returns how many."""
    now = clock.now()
    ending = list(
        Ballot.select(Ballot, Campaign)
        .join(Campaign)
        .where(Ballot.outcome.is_null(), Ballot.closes_at > now, Ballot.closes_at <= now + timedelta(hours=NUDGE_HOURS))
    )
    shortest = timedelta(hours=SHORTEST_NUDGED_HOURS)
    return sum(nudge(ballot) for ballot in ending if ballot.closes_at - ballot.opened_at >= shortest)
