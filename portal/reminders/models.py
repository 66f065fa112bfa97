"""How somebody wants to be reminded, and what they were told already."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person

WAYS = ("daily", "at_once", "none")


class ReminderChoice(Model):
    """How somebody wants to hear of dates. Whoever chose nothing gets one mail a day."""

    person: Any = peewee.ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    way = peewee.TextField(default="daily")
    changed_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "reminder_choice"
        constraints = [peewee.Check("way IN ('daily','at_once','none')")]


class ReminderMark(Model):
    """Somebody was told of one event. The unique key is what makes it once.

    `step` says which date or which repetition was told, so that another date is another event. The kind "mail" stands
    for a mail itself: one for each person and day, or hour for those who want it at once.
    """

    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    kind = peewee.TextField()
    subject_id = peewee.IntegerField()
    step = peewee.TextField()
    marked_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "reminder_mark"
        indexes = ((("person", "kind", "subject_id", "step"), True), (("kind", "marked_at"), False))
