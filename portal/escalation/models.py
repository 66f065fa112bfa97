"""The plan of a campaign for when they do not answer: its steps, in their order."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import UTCDateTimeField
from portal.decisions.models import Ballot
from portal.letters.models import Letter
from portal.people.models import Person

TRIGGERS = ("deadline", "silence", "broken", "refusal", "offer", "day", "before")
CONSENTS = ("vote", "ahead")


class Rung(OfCampaign):
    """One step of the plan: what, who, what unlocks it. Whether it is unlocked is worked out when it is read."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="rungs", on_delete="CASCADE")
    position = peewee.IntegerField(default=0)
    # A key of the catalogue in kinds.json.
    kind = peewee.TextField()
    what = peewee.TextField()
    # Who does it: a role, or one of us; both empty while that is open.
    who_role = peewee.TextField(default="")
    who: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    trigger = peewee.TextField()
    # Which letter the trigger looks at; any of them when empty.
    letter: Any = peewee.ForeignKeyField(Letter, null=True, backref="+", on_delete="SET NULL")
    # For "silence": how many days without a word. For "day": which day.
    days = peewee.IntegerField(null=True)
    on_day = peewee.DateField(null=True)
    earliest_on = peewee.DateField(null=True)
    # "vote": the members vote when it is its turn. "ahead": they may agree before it is needed.
    consent = peewee.TextField(default="vote")
    # Set only by the count of a members' vote that passed.
    agreed_at = UTCDateTimeField(null=True)
    agreed_by_ballot: Any = peewee.ForeignKeyField(Ballot, null=True, backref="+", on_delete="SET NULL")
    started_at = UTCDateTimeField(null=True)
    started_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    done_at = UTCDateTimeField(null=True)
    done_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    came_of_it = peewee.TextField(default="")
    has_helped = peewee.BooleanField(null=True)
    skipped_at = UTCDateTimeField(null=True)
    skipped_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    skipped_why = peewee.TextField(default="")
    removed_at = UTCDateTimeField(null=True)
    added_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)
    # The last vote about it, where `rungs_of` looked. Never stored.
    ballot: Any = None

    class Meta:
        indexes = ((("campaign", "position"), False),)
        constraints = [
            peewee.Check("trigger IN ('deadline','silence','broken','refusal','offer','day','before')"),
            peewee.Check("consent IN ('vote','ahead')"),
            peewee.Check("trigger <> 'silence' OR days > 0"),
            peewee.Check("trigger <> 'day' OR on_day IS NOT NULL"),
            # Nothing is begun that the members have not agreed to.
            peewee.Check("started_at IS NULL OR agreed_at IS NOT NULL"),
            peewee.Check("done_at IS NULL OR started_at IS NOT NULL"),
            peewee.Check("(done_at IS NULL) = (has_helped IS NULL)"),
            peewee.Check("skipped_at IS NULL OR skipped_why <> ''"),
        ]

    @property
    def is_settled(self) -> bool:
        """Whether what it says is settled: the members vote on it, agreed to it, or it is over."""
        is_voted_on = self.ballot is not None and self.ballot.outcome is None
        return is_voted_on or self.agreed_at is not None or self.skipped_at is not None
