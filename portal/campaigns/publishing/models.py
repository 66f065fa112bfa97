"""A stop on everything new in public, such as while advice is sought about a threat."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import UTCDateTimeField
from portal.people.models import Person


class PublishingPause(OfCampaign):
    """From when until when a campaign published nothing new. What was public before stays."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="publishing_pauses", on_delete="CASCADE")
    why = peewee.TextField(default="")
    begun_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    begun_at = UTCDateTimeField(default=clock.now)
    # Going on takes two: one asks, another presses.
    lift_asked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    lift_asked_at = UTCDateTimeField(null=True)
    lifted_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    lifted_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "publishing_pause"
        indexes = ((("campaign", "lifted_at"), False),)
