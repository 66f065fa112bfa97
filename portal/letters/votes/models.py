"""The sign-off: who may vote, what they said, and how it ended."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Letter
from portal.people.models import Person

CHOICES = ("agree", "worry", "not_yet")
OUTCOMES = ("passed", "failed", "cancelled")


class SignOff(Model):
    """A vote of the members on one text. Any change of the text ends it."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="sign_offs", on_delete="CASCADE")
    # The letter's version and the fingerprint of its canonical text when the vote opened.
    number = peewee.IntegerField()
    sha256 = peewee.CharField(max_length=64)
    opened_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    opened_at = UTCDateTimeField(default=clock.now)
    closes_at = UTCDateTimeField()
    # Settings of the pass rule: the share of votes that must agree and the share of the core that must vote, in
    # percent (of votes: more than this), and the fewest people.
    pass_percent = peewee.IntegerField(default=50)
    core_percent = peewee.IntegerField(default=50)
    least_voters = peewee.IntegerField(default=3)
    elector_count = peewee.IntegerField(default=0)
    core_count = peewee.IntegerField(default=0)
    voter_count = peewee.IntegerField(default=0)
    core_voter_count = peewee.IntegerField(default=0)
    closed_at = UTCDateTimeField(null=True)
    closed_by: Any = peewee.ForeignKeyField(Person, null=True, backref="closed_sign_offs", on_delete="SET NULL")
    outcome = peewee.TextField(null=True)
    # What ended it early, as a change of LetterRevision or "stopped".
    cancelled_for = peewee.TextField(default="")
    # Why a lead stopped it; and the part (a row of block) whose change ended it.
    stopped_why = peewee.TextField(default="")
    changed_block_id = peewee.IntegerField(null=True)

    class Meta:
        table_name = "sign_off"
        indexes = ((("letter", "id"), False),)
        constraints = [
            peewee.Check("length(sha256) = 64"),
            peewee.Check("pass_percent BETWEEN 50 AND 99 AND core_percent BETWEEN 0 AND 100 AND least_voters >= 2"),
            peewee.Check("outcome IS NULL OR outcome IN ('passed','failed','cancelled')"),
            peewee.Check("(outcome IS NULL) = (closed_at IS NULL)"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it takes votes now: its hour has not come, and nothing ended it."""
        return self.outcome is None and self.closes_at > clock.now()

    @property
    def is_due(self) -> bool:
        """Whether its hour has come and nobody has counted yet."""
        return self.outcome is None and self.closes_at <= clock.now()


class Elector(Model):
    """Somebody who belonged to the campaign when the vote opened."""

    sign_off: Any = peewee.ForeignKeyField(SignOff, backref="electors", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    is_core = peewee.BooleanField(default=False)
    nudged_at = UTCDateTimeField(null=True)
    # Whether they belong to the circle still, where `room` looked. Never stored.
    is_here = True

    class Meta:
        indexes = ((("sign_off", "person"), True),)


class Vote(Model):
    """What one member said. Changing it adds a row; the one with the highest number counts."""

    sign_off: Any = peewee.ForeignKeyField(SignOff, backref="votes", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    number = peewee.IntegerField(default=1)
    choice = peewee.TextField()
    reason = peewee.TextField(default="")
    cast_at = UTCDateTimeField(default=clock.now)
    # A paper vote is entered by one member and checked by another; it counts when checked.
    entered_by: Any = peewee.ForeignKeyField(Person, null=True, backref="entered_votes", on_delete="SET NULL")
    checked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="checked_votes", on_delete="SET NULL")
    checked_at = UTCDateTimeField(null=True)
    replaced_at = UTCDateTimeField(null=True)
    # What a lead answered to "not yet" or to a worry.
    answer = peewee.TextField(default="")
    answered_by: Any = peewee.ForeignKeyField(Person, null=True, backref="answered_votes", on_delete="SET NULL")
    answered_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("sign_off", "person", "number"), True),)
        constraints = [
            peewee.Check("choice IN ('agree','worry','not_yet')"),
            peewee.Check("choice <> 'not_yet' OR reason <> ''"),
            peewee.Check("checked_by_id IS NULL OR checked_by_id <> entered_by_id"),
        ]
