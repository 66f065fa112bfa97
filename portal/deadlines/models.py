"""Days off that no calendar file knows yet, such as a coronation."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person


class OneOffDay(Model):
    """A day on which nobody works, in one calendar, added by a steward."""

    calendar = peewee.TextField()
    day = peewee.DateField()
    name = peewee.TextField()
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "one_off_day"
        indexes = ((("calendar", "day"), True),)
        constraints = [peewee.Check("calendar IN ('gb-eng-wls','gb-sct','gb-nir','gb-union')")]
