"""The register of evidence: what there is, from when, and where it is kept."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import UTCDateTimeField
from portal.people.models import Person

EVIDENCE_KINDS = ("reports", "complaint", "photos", "measurement", "document", "public")


class EvidenceItem(OfCampaign):
    """One thing that a fact can rest on. Typed by members, with where it comes from; never a person's illness."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="evidence", on_delete="CASCADE")
    kind = peewee.TextField()
    # What it shows, in a line: "Mould reported in our survey".
    title = peewee.TextField()
    # Their number for a complaint, the page of a document, the address of a public source.
    reference = peewee.TextField(default="")
    # Where it is kept or who counted; without it, it is a claim.
    source = peewee.TextField(default="")
    # How many homes it is about, out of the campaign's list.
    home_count = peewee.IntegerField(null=True)
    from_on = peewee.DateField(null=True)
    to_on = peewee.DateField(null=True)
    recorded_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    recorded_at = UTCDateTimeField(default=clock.now)
    version = peewee.IntegerField(default=1)
    withdrawn_at = UTCDateTimeField(null=True)

    def parts_of(self, person: Person | None) -> set[str]:
        """What `person` is in its campaign, and "recorder" to what they wrote down themselves."""
        parts = self.campaign.parts_of(person)
        is_own = person is not None and person.id == self.recorded_by_id and "member" in parts
        return parts | {"recorder"} if is_own else parts

    class Meta:
        table_name = "evidence_item"
        indexes = ((("campaign", "id"), False),)
        constraints = [
            peewee.Check("kind IN ('reports','complaint','photos','measurement','document','public')"),
            peewee.Check("home_count IS NULL OR home_count >= 0"),
            peewee.Check("to_on IS NULL OR from_on IS NULL OR to_on >= from_on"),
        ]
