"""Which homes a promise touches, and what happened to it."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person
from portal.places.models import Home
from portal.responses.models import Commitment

CHANGES = (
    "state",
    "words",
    "day",
    "reach",
    "claim",
    "day_passed",
    "talked",
    "reopened",
    "replaced",
    "cancelled",
    "restored",
)


class CommitmentHome(Model):
    """A home that a promise touches, where somebody listed them. Never public."""

    commitment: Any = peewee.ForeignKeyField(Commitment, backref="homes", on_delete="CASCADE")
    home: Any = peewee.ForeignKeyField(Home, on_delete="CASCADE")

    class Meta:
        table_name = "commitment_home"
        indexes = ((("commitment", "home"), True),)


class CommitmentChange(Model):
    """A line of a promise's history: what, when, by whom and why. Only ever added to."""

    commitment: Any = peewee.ForeignKeyField(Commitment, backref="changes", on_delete="CASCADE")
    at = UTCDateTimeField(default=clock.now)
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    what = peewee.TextField()
    was = peewee.TextField(default="")
    now = peewee.TextField(default="")
    why = peewee.TextField(default="")

    class Meta:
        table_name = "commitment_change"
        indexes = ((("commitment", "id"), False),)
        constraints = [
            peewee.Check(
                "what IN ('state','words','day','reach','claim','day_passed','talked','reopened','replaced',"
                "'cancelled','restored')"
            )
        ]
