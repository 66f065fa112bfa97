"""The clocks of a letter: one row for each rule that runs, what happened, and how each date came to be."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Delivery, Letter
from portal.people.models import Person
from portal.responses.models import Response
from portal.storage import StoredFile

CHANGES = (
    "chosen",
    "dropped",
    "started",
    "recomputed",
    "stopped",
    "extended",
    "overridden",
    "override_removed",
    "kept",
    "open_again",
)


class Deadline(OfCampaign):
    """One clock of a letter: a rule as it stood when it was chosen, and by when it wants what."""

    campaign: Any = peewee.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter: Any = peewee.ForeignKeyField(Letter, backref="deadlines", on_delete="CASCADE")
    rule_id = peewee.TextField()
    # The versions of the rule, as data (JSON list): a later change of the shipped rule changes nothing here.
    terms = peewee.TextField()
    awaits = peewee.TextField()
    trigger_event = peewee.TextField(default="")
    trigger_on = peewee.DateField(null=True)
    # Worked out by the engine; null while it does not run. `due_at` only for rules in hours.
    due_on = peewee.DateField(null=True)
    due_at = UTCDateTimeField(null=True)
    # How the date was worked out (JSON).
    working = peewee.TextField(default="")
    # They asked for more time, with a reason and a new date, and the rule allows it.
    extended_on = peewee.DateField(null=True)
    extension_reason = peewee.TextField(default="")
    extended_by: Any = peewee.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    # A person set another date. The computed one stays beside it.
    override_on = peewee.DateField(null=True)
    override_reason = peewee.TextField(default="")
    override_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    # What came in answer; or the day on which a person says it was done.
    satisfied_by: Any = peewee.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    satisfied_on = peewee.DateField(null=True)
    settled_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    # The date of which the timeline says that it went by.
    passed_on = peewee.DateField(null=True)
    # A picture of the page on which they publish their own times.
    proof: Any = peewee.ForeignKeyField(StoredFile, null=True, backref="+", on_delete="RESTRICT")
    chosen_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    chosen_at = UTCDateTimeField(default=clock.now)
    dropped_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("letter", "rule_id"), True),)
        constraints = [
            peewee.Check("awaits IN ('acknowledgement','answer','meeting','work','information','comments')"),
            peewee.Check("override_on IS NULL OR override_reason <> ''"),
            peewee.Check("extended_on IS NULL OR extension_reason <> ''"),
        ]

    @property
    def versions(self) -> list[dict[str, Any]]:
        """The rule as data, each version of it."""
        return json.loads(self.terms)

    @property
    def steps(self) -> Mapping[str, Any]:
        """How the date was worked out, as data. Empty while the clock does not run."""
        return json.loads(self.working) if self.working else {}

    @property
    def holds_on(self) -> date | None:
        """The day that counts: the one a person set, else that of their extension, else the computed one."""
        if self.override_on is not None:
            return self.override_on
        if self.extended_on is not None and self.due_on is not None:
            return max(self.extended_on, self.due_on)
        return self.due_on


class DeadlineChange(Model):
    """What happened to a clock, oldest first: nothing is overwritten without a line here."""

    deadline: Any = peewee.ForeignKeyField(Deadline, backref="changes", on_delete="CASCADE")
    at = UTCDateTimeField(default=clock.now)
    # Nobody where the portal worked it out again by itself.
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    what = peewee.TextField()
    was_on = peewee.DateField(null=True)
    now_on = peewee.DateField(null=True)
    why = peewee.TextField(default="")

    class Meta:
        table_name = "deadline_change"
        indexes = ((("deadline", "id"), False),)
        constraints = [
            peewee.Check(
                "what IN ('chosen','dropped','started','recomputed','stopped','extended','overridden',"
                "'override_removed','kept','open_again')"
            )
        ]


class LetterEvent(Model):
    """Something that happened around a letter and that only people know: when they learned of it, when we asked."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="events", on_delete="CASCADE")
    event = peewee.TextField()
    day = peewee.DateField()
    # For rules in hours.
    moment = UTCDateTimeField(null=True)
    noted_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    noted_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "letter_event"
        indexes = ((("letter", "event"), True),)


class LetterClock(Model):
    """How far the portal has looked: the last delivery that its clocks know, and whether they must be done again."""

    letter: Any = peewee.ForeignKeyField(Letter, unique=True, on_delete="CASCADE")
    seen_delivery_id = peewee.IntegerField(default=0)
    is_stale = peewee.BooleanField(default=False)

    class Meta:
        table_name = "letter_clock"
        indexes = ((("is_stale",), False), (("seen_delivery_id",), False))


class DayCorrection(Model):
    """A day on record was wrong and somebody put it right: both days stay."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="corrections", on_delete="CASCADE")
    delivery: Any = peewee.ForeignKeyField(Delivery, null=True, on_delete="CASCADE")
    response: Any = peewee.ForeignKeyField(Response, null=True, on_delete="CASCADE")
    was_on = peewee.DateField()
    now_on = peewee.DateField()
    why = peewee.TextField()
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "day_correction"
        indexes = ((("letter", "id"), False),)
        constraints = [peewee.Check("(delivery_id IS NULL) <> (response_id IS NULL)")]
