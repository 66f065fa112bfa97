"""Meetings that end with decisions, who does what by when, and a next date."""

from datetime import date, datetime
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.people.models import Person

KINDS = ("house", "core", "assembly", "negotiation", "evaluation", "other")


class Meeting(OfCampaign):
    """A time and a place. Open ones have a page that anybody with the link can read and answer."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="meetings", on_delete="CASCADE")
    key = peewee.CharField(max_length=32, unique=True)
    kind = peewee.TextField(default="house")
    title = peewee.TextField()
    starts_at = UTCDateTimeField()
    ends_at = UTCDateTimeField()
    where = peewee.TextField()
    access = peewee.TextField(default="")
    about = peewee.TextField(default="")
    # Whether people without an account may see it by its link and say they come.
    is_open = peewee.BooleanField(default=True)
    called_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField(default=clock.now)
    # Rises with every change, for calendars that took the earlier one.
    sequence = peewee.IntegerField(default=0)
    yes_count = peewee.IntegerField(default=0)
    came_count = peewee.IntegerField(default=0)
    cancelled_at = UTCDateTimeField(null=True)
    why_cancelled = peewee.TextField(default="")
    closed_at = UTCDateTimeField(null=True)
    closed_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    next_on = peewee.DateField(null=True)
    why_no_next = peewee.TextField(default="")

    class Meta:
        indexes = ((("campaign", "starts_at"), False),)
        constraints = [
            peewee.Check("kind IN ('house','core','assembly','negotiation','evaluation','other')"),
            peewee.Check("ends_at >= starts_at"),
            peewee.Check("yes_count >= 0 AND came_count >= 0"),
        ]

    def parts_of(self, person: Person | None) -> set[str]:
        """What `person` is to this meeting: as in its campaign, and a visitor where it is open to all with the link."""
        parts = set(self.campaign.parts_of(person))
        if self.is_open:
            return parts | ({"visitor"} if person is None else {"visitor", "signed_in"})
        return parts if parts & {"member", "organizer"} else set()

    @property
    def is_standing(self) -> bool:
        """Whether it is neither cancelled nor closed."""
        return self.cancelled_at is None and self.closed_at is None

    def has_begun(self, as_of: datetime) -> bool:
        """Whether its start lies behind."""
        return self.starts_at <= as_of

    def takes_answers(self, as_of: datetime) -> bool:
        """Whether people may still say if they come."""
        return self.is_standing and as_of < self.ends_at


class Rsvp(Model):
    """Somebody said whether they come. Needs no account."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="rsvps", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    name = peewee.TextField()
    email = peewee.TextField(default="")
    email_key = peewee.TextField(null=True)
    answer = peewee.TextField()
    brings_count = peewee.IntegerField(default=0)
    needs = peewee.TextField(default="")
    nonce = peewee.CharField(max_length=32, unique=True)
    created_at = UTCDateTimeField(default=clock.now)

    class Meta:
        indexes = ((("meeting", "email_key"), True), (("meeting", "person"), True))
        constraints = [peewee.Check("answer IN ('yes','maybe','no')"), peewee.Check("brings_count BETWEEN 0 AND 9")]


class Attendance(Model):
    """Somebody came. Said yes is not came; a mistaken tick is undone and both are kept."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="attendances", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    rsvp: Any = peewee.ForeignKeyField(Rsvp, null=True, on_delete="SET NULL")
    name = peewee.TextField()
    is_new = peewee.BooleanField(default=False)
    ticked_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="ticked_attendances")
    ticked_at = UTCDateTimeField(default=clock.now)
    undone_at = UTCDateTimeField(null=True)
    undone_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="undone_attendances")

    class Meta:
        indexes = ((("meeting", "undone_at"), False),)


class Decision(Model):
    """Something the meeting decided."""

    meeting: Any = peewee.ForeignKeyField(Meeting, backref="decisions", on_delete="CASCADE")
    position = peewee.IntegerField(default=0)
    text = peewee.TextField()


class Undertaking(OfCampaign):
    """One of ours said: I'll do it. What, and by when. `who` is the name as it stood when it was written down."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="undertakings", on_delete="CASCADE")
    meeting: Any = peewee.ForeignKeyField(Meeting, null=True, backref="undertakings", on_delete="SET NULL")
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    who = peewee.TextField()
    what = peewee.TextField()
    by_on = peewee.DateField(null=True)
    created_at = UTCDateTimeField(default=clock.now)
    done_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "done_at", "by_on"), False), (("person", "done_at"), False))

    def parts_of(self, person: Person | None) -> set[str]:
        """What `person` is in its campaign, and "doer" when it is their own."""
        parts = self.campaign.parts_of(person)
        is_own = person is not None and person.id == self.person_id and "member" in parts
        return parts | {"doer"} if is_own else parts

    def is_late(self, today: date) -> bool:
        """Whether its day has gone by and it is not done."""
        return self.done_at is None and self.by_on is not None and self.by_on < today
