"""Where a campaign is: its place, the buildings there, and every home. The homes are the denominator."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField

COUNTRIES = ("gb-eng", "gb-sct", "gb-wls", "gb-nir", "other")
TENURES = ("unknown", "social_rent", "private_rent", "leasehold", "shared_owner", "owner")
HOME_STATUSES = ("occupied", "empty", "do_not_contact", "not_a_home")


class Place(Model):
    """The block, street or town that one campaign is about. Each campaign has its own."""

    name = peewee.TextField()
    town = peewee.TextField(default="")
    country = peewee.TextField(default="gb-eng")
    # Homes counted for percentages; kept in the row by the operations that change homes.
    home_count = peewee.IntegerField(default=0)
    created_at = UTCDateTimeField(default=clock.now)

    class Meta:
        constraints = [
            peewee.Check("country IN ('gb-eng','gb-sct','gb-wls','gb-nir','other')"),
            peewee.Check("home_count >= 0"),
        ]

    @property
    def full_name(self) -> str:
        """The place with its town, once each."""
        return f"{self.name}, {self.town}" if self.town and self.town != self.name else self.name


class Building(Model):
    """A block of homes, or a zone without floors."""

    place: Any = peewee.ForeignKeyField(Place, backref="buildings", on_delete="CASCADE")
    name = peewee.TextField()
    # A zone stands for many homes without a list of doors (a street, a supply zone, a seat block).
    is_zone = peewee.BooleanField(default=False)
    position = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("place", "name"), True),)


class Home(Model):
    """A dwelling, or a zone that stands for `dwelling_count` of them."""

    building: Any = peewee.ForeignKeyField(Building, backref="homes", on_delete="CASCADE")
    # Floors can have names ("basement", "1½"), so the order is a number of its own: higher is further up.
    floor_label = peewee.TextField(default="")
    floor_order = peewee.IntegerField(default=0)
    label = peewee.TextField()
    position = peewee.IntegerField(default=0)
    tenure = peewee.TextField(default="unknown")
    status = peewee.TextField(default="occupied")
    dwelling_count = peewee.IntegerField(default=1)

    class Meta:
        indexes = ((("building", "label"), True), (("building", "floor_order", "position"), False))
        constraints = [
            peewee.Check("tenure IN ('unknown','social_rent','private_rent','leasehold','shared_owner','owner')"),
            peewee.Check("status IN ('occupied','empty','do_not_contact','not_a_home')"),
            peewee.Check("dwelling_count >= 0"),
        ]

    @property
    def counts(self) -> bool:
        """Whether this home is part of the denominator: cupboards that got a door number are not."""
        return self.status != "not_a_home"
