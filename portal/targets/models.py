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
COUNTRIES = ("", "gb", "gb-eng", "gb-sct", "gb-wls", "gb-nir", "other")
PURPOSES = ("complaints", "letters", "chief_executive", "press", "data_requests", "other")
WAYS = ("email", "post", "web")


class Organization(Model):
    """A landlord, company or council. One record, shared by every campaign that writes to it."""

    name = peewee.TextField()
    # Lower case, single spaces: so that "Meridale  homes" is found again.
    name_key = peewee.TextField(unique=True)
    sector = peewee.TextField(default="other")
    website = peewee.TextField(default="")
    # Of which nation, "gb" for all of them; empty while nobody has said.
    country = peewee.TextField(default="")
    parent: Any = peewee.ForeignKeyField("self", null=True, backref="parts", on_delete="SET NULL")
    # The record that stands for this one too, since somebody found that they are the same.
    merged_into: Any = peewee.ForeignKeyField("self", null=True, backref="merged", on_delete="SET NULL")
    # Raised with every change of the record.
    version = peewee.IntegerField(default=1)
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


class OrganizationName(Model):
    """Another name of an organization: one it had, one it is called by, or that of a record which was the same."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="names", on_delete="CASCADE")
    name = peewee.TextField()
    name_key = peewee.TextField(unique=True)
    since_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "organization_name"


class OrganizationAddress(Model):
    """Where an organization takes something, by what for. It ends rather than goes: an old letter went there."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="addresses", on_delete="CASCADE")
    purpose = peewee.TextField(default="complaints")
    way = peewee.TextField(default="email")
    value = peewee.TextField()
    valid_from = peewee.DateField(null=True)
    valid_until = peewee.DateField(null=True)
    verified_on = peewee.DateField(null=True)
    verified_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "organization_address"
        constraints = [
            peewee.Check("purpose IN ('complaints','letters','chief_executive','press','data_requests','other')"),
            peewee.Check("way IN ('email','post','web')"),
        ]


class MailDomain(Model):
    """A domain from which an organization's people write."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="domains", on_delete="CASCADE")
    domain = peewee.TextField()
    since_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "mail_domain"
        indexes = ((("organization", "domain"), True),)


class PostHolder(Model):
    """Somebody in a post of an organization, as it is publicly known, from one day until another."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="post_holders", on_delete="CASCADE")
    name = peewee.TextField()
    post = peewee.TextField(default="")
    since_on = peewee.DateField(null=True)
    until_on = peewee.DateField(null=True)

    class Meta:
        table_name = "post_holder"


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
