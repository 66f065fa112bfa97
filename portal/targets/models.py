"""Who can say yes: organizations, and the people in them."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person

SECTORS = (
    "social_housing",
    "private_landlord",
    "managing_agent",
    "water",
    "energy",
    "council",
    "developer",
    "club",
    "other",
)


class Organization(Model):
    """A landlord, company or council. One record, shared by every campaign that writes to it."""

    name = peewee.TextField()
    # Lower case, single spaces: so that "Meridale  homes" is found again.
    name_key = peewee.TextField(unique=True)
    sector = peewee.TextField(default="other")
    website = peewee.TextField(default="")
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField(default=clock.now)

    class Meta:
        constraints = [
            peewee.Check(
                "sector IN ('social_housing','private_landlord','managing_agent','water','energy','council',"
                "'developer','club','other')"
            )
        ]

    @staticmethod
    def key_of(name: str) -> str:
        """The form of a name in which two spellings meet."""
        return " ".join(name.casefold().split())


class Target(Model):
    """The decision-maker a campaign writes to: a person in a post, or the post alone, and where to complain."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="targets", on_delete="RESTRICT")
    person_name = peewee.TextField(default="")
    post = peewee.TextField(default="")
    email = peewee.TextField(default="")
    postal_address = peewee.TextField(default="")
    created_at = UTCDateTimeField(default=clock.now)

    @property
    def addressee(self) -> str:
        """Name, post and organization in one line, as far as they are known."""
        return ", ".join(part for part in (self.person_name, self.post, self.organization.name) if part)
