"""What came back: the original, how people read it, and the promises in it."""

from datetime import date
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Block, Letter
from portal.people.models import Person
from portal.places.models import Home
from portal.responses.folding import Folded, fold
from portal.storage import StoredFile

# `web`: the organization used our correction page; `noted`: the portal noted it itself.
CHANNELS = ("email", "letter", "phone", "visit", "meeting", "other", "web", "noted")
KINDS = (
    "acknowledgement",
    "holding",
    "request_info",
    "refusal",
    "partial",
    "offer",
    "meeting_agreed",
    "commitment",
    "vague_promise",
    "done_claimed",
    "legal_threat",
    "auto_reply",
    "bounce",
    "silence",
    "correction",
)
VERDICTS = ("yes", "partly", "no", "not_answered", "unclear")
CONFIDENCES = ("sure", "fairly", "unsure")
CHECKS = ("fixed", "partly", "not_fixed", "cannot_tell")
# Whom a promise touches: one matter, the homes that are listed, or everybody in the building.
REACHES = ("matter", "homes", "building")
# No longer asked about: called off, or another promise stands in its place.
GONE = ("cancelled", "renegotiated")


class Response(OfCampaign):
    """An answer to a letter, logged by hand. Its meaning is unset until a person reads it; private until published."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="responses", on_delete="CASCADE")
    letter: Any = peewee.ForeignKeyField(Letter, backref="responses", on_delete="CASCADE")
    received_on = peewee.DateField()
    channel = peewee.TextField()
    from_name = peewee.TextField(default="")
    text = peewee.TextField(default="")
    # The original, byte for byte.
    file: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    kind = peewee.TextField(null=True)
    logged_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    logged_at = UTCDateTimeField(default=clock.now)
    read_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    read_at = UTCDateTimeField(null=True)
    published_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    published_at = UTCDateTimeField(null=True)
    # What the public page says of it, in the members' words.
    public_words = peewee.TextField(default="")
    # The verdicts as they stood when a lead published them (JSON): a later reading changes nothing in public.
    public_sheet = peewee.TextField(default="")
    # "by_hand": a person entered it; "checked": our own receiver proved the sender's domain; "unchecked": it did not.
    sender_check = peewee.TextField(default="by_hand")

    class Meta:
        indexes = ((("letter", "received_on"), False), (("campaign", "received_on", "id"), False))
        constraints = [
            peewee.Check("channel IN ('email','letter','phone','visit','meeting','other','web','noted')"),
            peewee.Check(
                "kind IS NULL OR kind IN ('acknowledgement','holding','request_info','refusal','partial','offer',"
                "'meeting_agreed','commitment','vague_promise','done_claimed','legal_threat','auto_reply','bounce',"
                "'silence','correction')"
            ),
        ]

    @property
    def folded(self) -> Folded:
        """Its words for the screen: in a mail, what it quotes and signs with comes apart from what is new."""
        return fold(self.text) if self.channel == "email" else Folded(self.text)


class ResponseFile(Model):
    """A file that came with an answer, the original itself among them, and the words that could be read in it."""

    response: Any = peewee.ForeignKeyField(Response, backref="files", on_delete="CASCADE")
    file: Any = peewee.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    role = peewee.TextField(default="attachment")
    # For search and quoting; the file is what came. "empty" is a scan, "none" is no kind of file that has words.
    text = peewee.TextField(default="")
    pages = peewee.IntegerField(null=True)
    text_state = peewee.TextField(default="waiting")
    read_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "response_file"
        indexes = ((("response", "file"), True), (("text_state", "id"), False))
        constraints = [
            peewee.Check("role IN ('original','attachment')"),
            peewee.Check("text_state IN ('waiting','read','empty','failed','none')"),
        ]


class Answer(Model):
    """A row of the answer sheet: what one reader finds a response says to one demand or question."""

    response: Any = peewee.ForeignKeyField(Response, backref="answers", on_delete="CASCADE")
    block: Any = peewee.ForeignKeyField(Block, on_delete="RESTRICT")
    reader: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    verdict = peewee.TextField()
    excerpt = peewee.TextField(default="")
    promised_on = peewee.DateField(null=True)
    read_at = UTCDateTimeField(default=clock.now)
    # How sure this reader is; "" where they were never asked.
    confidence = peewee.TextField(default="")
    # On which page of the answer the excerpt stands.
    page = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("response", "block", "reader"), True),)
        constraints = [
            peewee.Check("verdict IN ('yes','partly','no','not_answered','unclear')"),
            peewee.Check("confidence IN ('','sure','fairly','unsure')"),
        ]


class Commitment(OfCampaign):
    """A promise they made. Only residents mark it as kept."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="commitments", on_delete="CASCADE")
    response: Any = peewee.ForeignKeyField(Response, null=True, backref="commitments", on_delete="SET NULL")
    block: Any = peewee.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    what = peewee.TextField()
    due_on = peewee.DateField(null=True)
    made_on = peewee.DateField()
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)
    # What residents found, kept in step with the checks by the operation that records one.
    state = peewee.TextField(default="promised")
    claimed_done_on = peewee.DateField(null=True)
    settled_at = UTCDateTimeField(null=True)
    fixed_count = peewee.IntegerField(default=0)
    partly_count = peewee.IntegerField(default=0)
    not_fixed_count = peewee.IntegerField(default=0)
    cannot_tell_count = peewee.IntegerField(default=0)
    is_public = peewee.BooleanField(default=False)
    # Raised by whoever corrects its words, day or reach.
    version = peewee.IntegerField(default=1)
    reach = peewee.TextField(default="matter")
    # For what touches many homes: how many in a hundred have to say fixed.
    needed_share = peewee.IntegerField(default=60)
    # The homes it touches, counted when the reach is chosen and whenever somebody looks.
    home_count = peewee.IntegerField(default=0)
    kept_at = UTCDateTimeField(null=True)
    reopened_count = peewee.IntegerField(default=0)
    # What was said before it broke again counts no more, except of homes that each have their own.
    reopened_at = UTCDateTimeField(null=True)
    # The due day whose passing stands on the timeline.
    passed_on = peewee.DateField(null=True)
    replaced_by: Any = peewee.ForeignKeyField("self", null=True, backref="replaces", on_delete="SET NULL")

    class Meta:
        indexes = ((("campaign", "due_on"), False),)
        constraints = [
            peewee.Check("state IN ('promised','kept','partly_kept','disputed','not_kept','renegotiated','cancelled')"),
            peewee.Check("reach IN ('matter','homes','building')"),
            peewee.Check("needed_share BETWEEN 1 AND 100"),
        ]

    @property
    def is_gone(self) -> bool:
        """Whether it is called off, or another promise stands in its place."""
        return self.state in GONE

    def is_late(self, on: date) -> bool:
        """Whether its day has passed without residents finding it kept. Computed when read, never stored."""
        return self.due_on is not None and self.due_on < on and self.state not in {"kept", *GONE}


class CommitmentCheck(Model):
    """What was found by one resident, or told for one home without an account. The newest word replaces the one before.

    `voice` says whose word it is: "person:7" or "home:12".
    """

    commitment: Any = peewee.ForeignKeyField(Commitment, backref="checks", on_delete="CASCADE")
    voice = peewee.TextField()
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="CASCADE")
    home: Any = peewee.ForeignKeyField(Home, null=True, on_delete="CASCADE")
    verdict = peewee.TextField()
    note = peewee.TextField(default="")
    # As it came, with whatever the camera wrote into it. For the circle only.
    photo: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    # "own": said by themselves; "beside" and "phone": told to a neighbour; "door_list": ticked on paper.
    how = peewee.TextField(default="own")
    entered_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)
    # A lead has talked to them since, and this is what they say now.
    talked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    talked_at = UTCDateTimeField(null=True)
    talk_note = peewee.TextField(default="")

    class Meta:
        table_name = "commitment_check"
        indexes = ((("commitment", "voice"), True),)
        constraints = [
            peewee.Check("verdict IN ('fixed','partly','not_fixed','cannot_tell','nobody_in')"),
            peewee.Check("how IN ('own','beside','phone','door_list')"),
            peewee.Check("person_id IS NOT NULL OR home_id IS NOT NULL"),
        ]
