"""A case file that was asked for, how far it is, and where its two files are."""

import json
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Agreement, Campaign, OfCampaign
from portal.database import UTCDateTimeField
from portal.people.models import Person
from portal.storage import StoredFile

STATES = ("waiting", "working", "done", "failed", "swept")


class CaseFile(OfCampaign):
    """One archive and one paper of the same content. Its files go after a while; that it was made stays on record."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="case_files", on_delete="CASCADE")
    # Ids of the letters in it (JSON list); the days it covers, both included, or no bound.
    letters = peewee.TextField(default="[]")
    from_on = peewee.DateField(null=True)
    until_on = peewee.DateField(null=True)
    # With names, homes and what was never published: two leads agreed to it.
    is_private = peewee.BooleanField(default=False)
    agreement: Any = peewee.ForeignKeyField(Agreement, null=True, on_delete="SET NULL")
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_by: Any = peewee.ForeignKeyField(Person, null=True, backref="agreed_case_files", on_delete="SET NULL")
    asked_at = UTCDateTimeField(default=clock.now)
    state = peewee.TextField(default="waiting")
    done = peewee.IntegerField(default=0)
    total = peewee.IntegerField(default=0)
    problem = peewee.TextField(default="")
    lease_until = UTCDateTimeField(null=True)
    made_at = UTCDateTimeField(null=True)
    archive: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="SET NULL")
    paper: Any = peewee.ForeignKeyField(StoredFile, null=True, backref="case_papers", on_delete="SET NULL")
    # What is in it, counted, and which files were left out as too large (JSON).
    contents = peewee.TextField(default="{}")

    class Meta:
        table_name = "case_file"
        indexes = ((("campaign", "id"), False), (("state", "id"), False))
        constraints = [
            peewee.Check("state IN ('waiting','working','done','failed','swept')"),
            peewee.Check("done >= 0 AND total >= 0"),
        ]

    @property
    def letter_ids(self) -> list[int]:
        """Which letters are in it."""
        return json.loads(self.letters)

    @property
    def counts(self) -> dict[str, Any]:
        """What is in it: counts by kind, "entries", "left_out" (names of files) and "size" in bytes."""
        none: dict[str, Any] = {"letters": [], "counts": {}, "entries": 0, "left_out": [], "fingerprint": ""}
        return none | json.loads(self.contents)
