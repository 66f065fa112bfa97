"""Bringing each other on: mentor pairs, their shared plan, and one-to-ones. Only the two people read any of it."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person

MOST_MENTEES = 4


class MentorPair(Model):
    """One person brings another on. Proposed by a lead or organizer, accepted by both, ended in one press."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="mentor_pairs", on_delete="CASCADE")
    mentor: Any = peewee.ForeignKeyField(Person, backref="pairs_as_mentor", on_delete="CASCADE")
    mentee: Any = peewee.ForeignKeyField(Person, backref="pairs_as_mentee", on_delete="CASCADE")
    proposed_by: Any = peewee.ForeignKeyField(Person, null=True, backref="pairs_proposed", on_delete="SET NULL")
    purpose = peewee.TextField(default="")
    rhythm = peewee.TextField(default="")
    proposed_at = UTCDateTimeField(default=clock.now)
    mentor_accepted_at = UTCDateTimeField(null=True)
    mentee_accepted_at = UTCDateTimeField(null=True)
    declined_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)
    ended_by: Any = peewee.ForeignKeyField(Person, null=True, backref="pairs_ended", on_delete="SET NULL")

    class Meta:
        table_name = "mentor_pair"
        indexes = ((("mentor", "ended_at"), False), (("mentee", "ended_at"), False))
        constraints = [peewee.Check("mentor_id <> mentee_id")]

    @property
    def is_active(self) -> bool:
        """Whether both said yes and nobody ended it."""
        return bool(self.mentor_accepted_at and self.mentee_accepted_at) and self.ended_at is None

    @property
    def is_proposed(self) -> bool:
        """Whether it still waits for a yes."""
        return not self.is_active and self.declined_at is None and self.ended_at is None

    def other(self, person: Person) -> Person:
        """The other one of the two."""
        return self.mentee if person.id == self.mentor_id else self.mentor

    @classmethod
    def visible_to(cls, person: Person | None) -> "peewee.ModelSelect[Any]":
        """Pairs that `person` is one of. Nobody else learns that a pair exists."""
        if person is None:
            return cls.select().where(False)
        return cls.select().where((cls.mentor == person.id) | (cls.mentee == person.id))

    def parts_of(self, person: Person | None) -> set[str]:
        """mentor or mentee, or nothing at all."""
        if person is None:
            return set()
        return {part for part, who in (("mentor", self.mentor_id), ("mentee", self.mentee_id)) if who == person.id}


class PlanStep(Model):
    """A next step in the plan that both read."""

    pair: Any = peewee.ForeignKeyField(MentorPair, backref="steps", on_delete="CASCADE")
    text = peewee.TextField()
    by_on = peewee.DateField(null=True)
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)
    done_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "plan_step"


class First(Model):
    """Something done for the first time: a door, a chair, a speech."""

    pair: Any = peewee.ForeignKeyField(MentorPair, backref="firsts", on_delete="CASCADE")
    what = peewee.TextField()
    on = peewee.DateField()
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)


class OneToOne(Model):
    """A proper chat: what they care about, and a next step. Read by the two who sat there."""

    pair: Any = peewee.ForeignKeyField(MentorPair, backref="one_to_ones", on_delete="CASCADE")
    logged_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    held_on = peewee.DateField()
    where = peewee.TextField(default="")
    cares_about = peewee.TextField()
    next_step = peewee.TextField()
    next_on = peewee.DateField(null=True)
    logged_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "one_to_one"
