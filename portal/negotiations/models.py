"""What a group brings to a meeting with them, and what those present decided there."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, Demand, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.escalation.models import Rung
from portal.meetings.models import Meeting
from portal.people.models import Person

WEIGHTS = ("must", "wait", "trade")
DUTIES = ("chair", "facts", "story", "notes", "time")


class RankedDemand(Model):
    """Where a demand stands for this meeting: its rank, and how far we go."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="ranked_demands", on_delete="CASCADE")
    demand: Any = peewee.ForeignKeyField(Demand, on_delete="CASCADE")
    position = peewee.IntegerField()
    weight = peewee.TextField(default="must")
    # What we would take instead. Never leaves the circle.
    note = peewee.TextField(default="")

    class Meta:
        table_name = "ranked_demand"
        indexes = ((("meeting", "demand"), True),)
        constraints = [peewee.Check("weight IN ('must','wait','trade')")]


class Duty(Model):
    """Who of us does what in the room."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="duties", on_delete="CASCADE")
    name = peewee.TextField()
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        indexes = ((("meeting", "name"), True),)
        constraints = [peewee.Check("name IN ('chair','facts','story','notes','time')")]


class Fallback(Model):
    """What we do if they say no: who, and by when; perhaps a step of the plan."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="fallbacks", on_delete="CASCADE")
    position = peewee.IntegerField(default=0)
    what = peewee.TextField()
    who = peewee.TextField(default="")
    by_on = peewee.DateField(null=True)
    rung: Any = peewee.ForeignKeyField(Rung, null=True, backref="+", on_delete="SET NULL")


class RoomQuestion(Model):
    """Something that we ask them there."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="room_questions", on_delete="CASCADE")
    position = peewee.IntegerField(default=0)
    text = peewee.TextField()

    class Meta:
        table_name = "room_question"


class HandCount(OfCampaign):
    """Hands counted among those present: how many for, against and neither, and who counted."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="hand_counts", on_delete="CASCADE")
    meeting: Any = peewee.ForeignKeyField(Meeting, backref="hand_counts", on_delete="CASCADE")
    question = peewee.TextField()
    yes_count = peewee.IntegerField()
    no_count = peewee.IntegerField()
    neither_count = peewee.IntegerField(default=0)
    counted_by = peewee.TextField()
    entered_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    entered_at = UTCDateTimeField(default=clock.now)
    withdrawn_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "hand_count"
        indexes = ((("meeting", "id"), False),)
        constraints = [peewee.Check("yes_count >= 0 AND no_count >= 0 AND neither_count >= 0")]
