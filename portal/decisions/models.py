"""A question for the members: what was asked, who can vote, what each said, and how it ended."""

import json
from datetime import datetime, timedelta
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.votes.rule import Rule
from portal.people.models import Person

KINDS = ("yes_no", "choice")
OUTCOMES = ("passed", "failed", "tied", "cancelled")
# Nobody should decide what we do next in the heat of an evening.
COOLING_HOURS = 24


class Ballot(OfCampaign):
    """One question for the members, with its answers. What it asks never changes once it is open."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="ballots", on_delete="CASCADE")
    kind = peewee.TextField()
    question = peewee.TextField()
    # The answers to choose from, in their order (JSON). A vote names one by its place.
    options = peewee.TextField()
    why = peewee.TextField(default="")
    # What it is about, by kind and id, and its name as it was when we were asked; empty for a free question.
    subject_kind = peewee.TextField(default="")
    subject_id = peewee.IntegerField(default=0)
    subject_words = peewee.TextField(default="")
    # Whether it decides what the campaign does: then nothing is counted in the first COOLING_HOURS.
    is_strategy = peewee.BooleanField(default=True)
    # "members": everybody in the circle at opening; "present": those of them who came to a meeting.
    electorate = peewee.TextField(default="members")
    opened_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    opened_at = UTCDateTimeField(default=clock.now)
    closes_at = UTCDateTimeField()
    # As in a vote on a letter: the fewest people, and the share of those with a job in the campaign that must vote.
    least_voters = peewee.IntegerField(default=3)
    core_percent = peewee.IntegerField(default=50)
    core_count = peewee.IntegerField(default=0)
    elector_count = peewee.IntegerField(default=0)
    voter_count = peewee.IntegerField(default=0)
    outcome = peewee.TextField(null=True)
    # The place of the option that has most votes; null without one, and while it is open.
    winner = peewee.IntegerField(null=True)
    closed_at = UTCDateTimeField(null=True)
    stopped_by: Any = peewee.ForeignKeyField(Person, null=True, backref="stopped_ballots", on_delete="SET NULL")
    stopped_why = peewee.TextField(default="")

    class Meta:
        indexes = (
            (("campaign", "id"), False),
            (("subject_kind", "subject_id"), False),
            (("outcome", "closes_at"), False),
        )
        constraints = [
            peewee.Check("kind IN ('yes_no','choice')"),
            peewee.Check("electorate IN ('members','present')"),
            peewee.Check("outcome IS NULL OR outcome IN ('passed','failed','tied','cancelled')"),
            peewee.Check("(outcome IS NULL) = (closed_at IS NULL)"),
            peewee.Check("outcome IS NULL OR outcome <> 'cancelled' OR stopped_why <> ''"),
            peewee.Check("least_voters >= 2 AND core_percent BETWEEN 0 AND 100"),
        ]

    @property
    def answers(self) -> list[str]:
        """The words of the options. Those of a yes-or-no question are the page's own."""
        return json.loads(self.options)

    @property
    def core_needed(self) -> int:
        """How many of those who hold a job in the campaign must vote."""
        return Rule(50, self.core_percent, self.least_voters, self.core_count).core_needed

    @property
    def cool_at(self) -> datetime:
        """From when on it may be counted because everybody has voted."""
        return self.opened_at + timedelta(hours=COOLING_HOURS if self.is_strategy else 0)

    @property
    def is_open(self) -> bool:
        """Whether it takes votes now."""
        return self.outcome is None and self.closes_at > clock.now()

    @property
    def is_due(self) -> bool:
        """Whether it is to be counted: its hour has come, or everybody has voted and it is cool."""
        if self.outcome is not None:
            return False
        have_all = self.voter_count >= self.elector_count and self.cool_at <= clock.now()
        return have_all or self.closes_at <= clock.now()


class BallotElector(Model):
    """Somebody who can vote: they belonged to the campaign, or came to the meeting, when the question was asked."""

    ballot: Any = peewee.ForeignKeyField(Ballot, backref="electors", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    is_core = peewee.BooleanField(default=False)
    nudged_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "ballot_elector"
        indexes = ((("ballot", "person"), True),)


class BallotVote(Model):
    """What one member said. Changing it adds a row; the last one counts."""

    ballot: Any = peewee.ForeignKeyField(Ballot, backref="votes", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    number = peewee.IntegerField(default=1)
    # The place of an option, from 0.
    choice = peewee.IntegerField()
    worry = peewee.TextField(default="")
    cast_at = UTCDateTimeField(default=clock.now)
    # A paper vote is entered by one member and checked by another; it counts when checked.
    entered_by: Any = peewee.ForeignKeyField(Person, null=True, backref="entered_ballot_votes", on_delete="SET NULL")
    checked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="checked_ballot_votes", on_delete="SET NULL")
    checked_at = UTCDateTimeField(null=True)
    replaced_at = UTCDateTimeField(null=True)
    # What somebody who wanted it otherwise leaves beside the result.
    other_view = peewee.TextField(default="")
    viewed_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "ballot_vote"
        indexes = ((("ballot", "person", "number"), True),)
        constraints = [
            peewee.Check("choice BETWEEN 0 AND 5"),
            peewee.Check("checked_by_id IS NULL OR checked_by_id <> entered_by_id"),
        ]

    @property
    def counts(self) -> bool:
        """Whether it counts: made by oneself, or on a paper that two have read."""
        return self.entered_by_id is None or self.checked_at is not None
