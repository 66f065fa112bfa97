"""How every view finds a question: inside its campaign, or the same 404 as if it were not there."""

from typing import Any

import peewee
from flask import abort

from portal.campaigns.models import Campaign
from portal.decisions.models import Ballot, BallotVote
from portal.people.models import Person


def find_ballot(campaign: Campaign, ballot_id: int) -> Ballot:
    """The question with this id in the campaign, with who asked and who called it off, or 404. One statement."""
    asker, stopper = Person.alias(), Person.alias()
    ballot = (
        Ballot.select(Ballot, *_named(asker), *_named(stopper))
        .join_from(Ballot, asker, peewee.JOIN.LEFT_OUTER, on=(Ballot.opened_by == asker.id), attr="opened_by")
        .join_from(Ballot, stopper, peewee.JOIN.LEFT_OUTER, on=(Ballot.stopped_by == stopper.id), attr="stopped_by")
        .where(Ballot.campaign == campaign.id, Ballot.id == ballot_id)
        .first()
    )
    if ballot is None:
        abort(404)
    ballot.campaign = campaign
    return ballot


def _named(person: Any) -> tuple[Any, Any, Any]:
    return person.id, person.name, person.closed_at


def find_paper(ballot: Ballot, paper_id: int) -> BallotVote:
    """A vote on paper of this question, or 404. One statement."""
    vote = BallotVote.get_or_none(
        BallotVote.id == paper_id, BallotVote.ballot == ballot.id, BallotVote.entered_by.is_null(False)
    )
    if vote is None:
        abort(404)
    vote.ballot = ballot
    return vote
