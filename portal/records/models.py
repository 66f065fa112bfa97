"""What people propose to change in an organization's record, what was changed, and what organizations say is wrong."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.models import Response
from portal.storage import StoredFile
from portal.targets.models import Organization

# What of a record can be proposed. The last one is for what has no field: people put it right by hand.
SUBJECTS = (
    "name",
    "other_name",
    "parent",
    "sector",
    "country",
    "website",
    "address",
    "address_end",
    "domain",
    "domain_end",
    "person",
    "person_end",
    "words",
)
STATES = ("open", "accepted", "declined", "withdrawn")


class RecordProposal(Model):
    """Somebody proposes a change of an organization's record. Others decide; it is never changed afterwards."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="proposals", on_delete="CASCADE")
    subject = peewee.TextField()
    # The row it ends, or the organization it names as parent; 0 for none.
    row_id = peewee.IntegerField(default=0)
    # The words of the page before and after. `terms` has the new ones by field (JSON).
    was = peewee.TextField(default="")
    becomes = peewee.TextField(default="")
    terms = peewee.TextField(default="{}")
    why = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="record_proposals", on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)
    state = peewee.TextField(default="open")
    # The lead who said yes first, and of which campaign: a second one must be of another.
    seconded_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    seconded_for: Any = peewee.ForeignKeyField(Campaign, null=True, backref="+", on_delete="SET NULL")
    decided_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    decided_at = UTCDateTimeField(null=True)
    decision = peewee.TextField(default="")

    class Meta:
        table_name = "record_proposal"
        indexes = ((("organization", "state", "id"), False),)
        constraints = [
            peewee.Check(
                "subject IN ('name','other_name','parent','sector','country','website','address','address_end',"
                "'domain','domain_end','person','person_end','words')"
            ),
            peewee.Check("state IN ('open','accepted','declined','withdrawn')"),
            peewee.Check("(decided_at IS NULL) = (state = 'open')"),
            peewee.Check("state <> 'declined' OR decision <> ''"),
        ]


class RecordChange(Model):
    """One change of a record, as it was made. Only ever added to."""

    organization: Any = peewee.ForeignKeyField(Organization, backref="changes", on_delete="CASCADE")
    subject = peewee.TextField()
    was = peewee.TextField(default="")
    becomes = peewee.TextField(default="")
    proposal: Any = peewee.ForeignKeyField(RecordProposal, null=True, backref="changes", on_delete="SET NULL")
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "record_change"
        indexes = ((("organization", "id"), False),)


class Correction(Model):
    """An organization says, without an account, that something here is wrong. Nobody reads it before its mail is
    confirmed."""

    organization: Any = peewee.ForeignKeyField(Organization, null=True, backref="corrections", on_delete="CASCADE")
    campaign: Any = peewee.ForeignKeyField(Campaign, null=True, backref="corrections", on_delete="CASCADE")
    # The letter on whose page it was begun, if any.
    letter: Any = peewee.ForeignKeyField(Letter, null=True, backref="corrections", on_delete="SET NULL")
    statement = peewee.TextField()
    right = peewee.TextField()
    # For the record: which part of it.
    subject = peewee.TextField(default="words")
    name = peewee.TextField()
    post = peewee.TextField(default="")
    email = peewee.TextField(default="")
    file: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    state = peewee.TextField(default="pending")
    sender_check = peewee.TextField(default="unchecked")
    # In the link of the mail, so that it can not be made up.
    nonce = peewee.CharField(max_length=32, unique=True)
    created_at = UTCDateTimeField(default=clock.now)
    confirmed_at = UTCDateTimeField(null=True)
    # What came of it: an answer in the campaign, or a proposal for the record.
    response: Any = peewee.ForeignKeyField(Response, null=True, backref="corrections", on_delete="SET NULL")
    proposal: Any = peewee.ForeignKeyField(RecordProposal, null=True, backref="corrections", on_delete="SET NULL")
    handled_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    handled_at = UTCDateTimeField(null=True)
    handled_note = peewee.TextField(default="")

    class Meta:
        indexes = ((("campaign", "state", "id"), False), (("state", "created_at"), False))
        constraints = [
            peewee.Check("state IN ('pending','confirmed')"),
            peewee.Check("sender_check IN ('checked','unchecked')"),
            peewee.Check("campaign_id IS NOT NULL OR organization_id IS NOT NULL"),
        ]
