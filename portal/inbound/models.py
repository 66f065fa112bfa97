"""A message that came in and what became of it; whom leads believe; what came back undelivered; what may be shown."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Delivery, Letter, ReplyAddress
from portal.people.models import Person
from portal.responses.models import Response
from portal.storage import StoredFile
from portal.targets.models import Organization

STATES = ("waiting", "sorted", "broken")
SORTS = ("response", "unverified", "auto_reply", "bounce", "spam", "held")


class InboundMail(OfCampaign):
    """One message, kept byte for byte before its sender heard yes. Sorted later, by a job.

    Without a letter it is in the holding pen, where only stewards see its headers.
    """

    campaign: Any = peewee.ForeignKeyField(Campaign, null=True, on_delete="CASCADE")
    letter: Any = peewee.ForeignKeyField(Letter, null=True, backref="inbound_mails", on_delete="CASCADE")
    address: Any = peewee.ForeignKeyField(ReplyAddress, null=True, on_delete="SET NULL")
    # The envelope: to whom, and from whom. An empty sender is a machine's; null is one that nobody told us.
    recipient = peewee.TextField()
    sender = peewee.TextField(null=True)
    file: Any = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    # The same message to the same address comes once: told by its bytes and by its Message-ID.
    address_key = peewee.TextField()
    sha256 = peewee.CharField(max_length=64)
    id_key = peewee.CharField(max_length=64, null=True)
    again_count = peewee.IntegerField(default=0)
    received_at = UTCDateTimeField(default=clock.now)
    state = peewee.TextField(default="waiting")
    attempt_count = peewee.IntegerField(default=0)
    lease_until = UTCDateTimeField(null=True)
    sort = peewee.TextField(null=True)
    # One word for why it is sorted so, or what went wrong.
    why = peewee.TextField(default="")
    from_name = peewee.TextField(default="")
    from_address = peewee.TextField(default="")
    subject = peewee.TextField(default="")
    text = peewee.TextField(default="")
    left_out = peewee.IntegerField(default=0)
    # Which domain the receiving mail system proved, or "".
    proved_domain = peewee.TextField(default="")
    response: Any = peewee.ForeignKeyField(Response, null=True, backref="inbound_mails", on_delete="SET NULL")
    # A lead looked and decided, a steward handed it on, or it needed nobody.
    handled_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    handled_at = UTCDateTimeField(null=True)
    # When the leads got word of it.
    told_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "inbound_mail"
        indexes = (
            (("address_key", "sha256"), True),
            (("address_key", "id_key"), True),
            (("state", "id"), False),
            (("campaign", "id"), False),
            (("letter", "id"), False),
        )
        constraints = [
            peewee.Check("state IN ('waiting','sorted','broken')"),
            peewee.Check("sort IS NULL OR sort IN ('response','unverified','auto_reply','bounce','spam','held')"),
            peewee.Check("length(sha256) = 64"),
        ]

    def parts_of(self, person: Person | None) -> set[str]:
        """The same as in its campaign; in the holding pen, what the person is to the site."""
        if self.campaign_id is not None:
            return super().parts_of(person)
        return {"steward"} if person is not None and person.is_steward else set()

    @property
    def waits_for_a_person(self) -> bool:
        """Whether a lead still has to say what it is."""
        return self.handled_at is None and self.response_id is None and self.sort in {"unverified", "spam"}


class InboundFile(Model):
    """A file that came with a message."""

    mail: Any = peewee.ForeignKeyField(InboundMail, backref="files", on_delete="CASCADE")
    file: Any = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    position = peewee.IntegerField(default=0)

    class Meta:
        table_name = "inbound_file"
        indexes = ((("mail", "position"), True),)


class BelievedDomain(OfCampaign):
    """Leads say that mail from this domain, or this one address, comes from the organization."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="believed_domains", on_delete="CASCADE")
    organization: Any = peewee.ForeignKeyField(Organization, on_delete="CASCADE")
    # "meridale.example", or a whole address where many people share the domain.
    domain = peewee.TextField()
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)
    removed_by: Any = peewee.ForeignKeyField(Person, null=True, backref="removed_domains", on_delete="SET NULL")
    removed_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "believed_domain"
        indexes = ((("campaign", "organization"), False),)


class Bounce(Model):
    """A mail system says that a letter did not arrive. A report can be forged, so a lead says what is true."""

    delivery: Any = peewee.ForeignKeyField(Delivery, backref="bounces", on_delete="CASCADE")
    mail: Any = peewee.ForeignKeyField(InboundMail, null=True, backref="bounces", on_delete="SET NULL")
    # "failed" or "delayed", the status such as 5.1.1, and their system's own words.
    action = peewee.TextField()
    status = peewee.TextField(default="")
    reason = peewee.TextField(default="")
    recipient = peewee.TextField(default="")
    at = UTCDateTimeField(default=clock.now)
    settled_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    settled_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("delivery", "mail"), True),)
        constraints = [peewee.Check("action IN ('failed','delayed')")]


class PublicExcerpt(Model):
    """What everybody may read of an answer's own words: only the text as a lead left it, with its black places."""

    response: Any = peewee.ForeignKeyField(Response, unique=True, backref="public_excerpts", on_delete="CASCADE")
    text = peewee.TextField()
    shown_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    shown_at = UTCDateTimeField(default=clock.now)
    taken_back_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "public_excerpt"
