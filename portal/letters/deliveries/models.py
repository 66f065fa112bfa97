"""What happened to a delivery after it was on record: nothing is overwritten without a line here."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Delivery
from portal.people.models import Person

CHANGES = ("refused", "in_doubt", "arrived", "lost", "called_off", "came_back", "stands_again")


class DeliveryChange(Model):
    """One thing that became known of a delivery. Nobody is named where a mail system or the portal itself said so."""

    delivery: Any = peewee.ForeignKeyField(Delivery, backref="changes", on_delete="CASCADE")
    what = peewee.TextField()
    # The day it happened, which may be before it was typed in.
    on = peewee.DateField()
    why = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    # Whether a machine said so. A person who has left since leaves `by` empty, too.
    is_by_machine = peewee.BooleanField(default=False)
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "delivery_change"
        indexes = ((("delivery", "id"), False),)
        constraints = [
            peewee.Check("what IN ('refused','in_doubt','arrived','lost','called_off','came_back','stands_again')")
        ]
