"""The open letter: blocks while it is written, a frozen version, signatures bound to it, and how it was delivered."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.evidence.models import EvidenceItem
from portal.letters import counts
from portal.outbox import OutgoingMail
from portal.people.models import Person
from portal.places.models import Home
from portal.storage import StoredFile
from portal.targets.models import Target

BLOCK_KINDS = ("greeting", "fact", "harm", "demand", "question", "meeting", "closing")
DISPLAYS = ("hidden", "resident", "first_name", "full")
SIGNATURE_STATES = ("pending", "confirmed", "withdrawn", "expired")
CHANNELS = ("email", "post", "hand", "web", "public")
# Mails in these states did not reach anybody.
NOT_ARRIVED = frozenset({"failed", "cancelled"})


class Letter(OfCampaign):
    """One open letter to one decision-maker. Drafted in blocks, then frozen; signatures belong to a frozen version."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="letters", on_delete="CASCADE")
    # The address of its public page.
    key = peewee.CharField(max_length=32, unique=True)
    title = peewee.TextField()
    target: Any = peewee.ForeignKeyField(Target, null=True, on_delete="RESTRICT")
    template_name = peewee.TextField(default="empty")
    language = peewee.TextField(default="en")
    is_formal_complaint = peewee.BooleanField(default=False)
    lead_author: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    chases: Any = peewee.ForeignKeyField("self", null=True, backref="chasers", on_delete="SET NULL")
    created_at = UTCDateTimeField(default=clock.now)
    # Raised with every change to the text; a save and a freeze name the one they saw.
    version = peewee.IntegerField(default=1)
    frozen_at = UTCDateTimeField(null=True)
    # The day of the earliest delivery; null until sent.
    sent_on = peewee.DateField(null=True)
    answer_due_on = peewee.DateField(null=True)
    withdrawn_at = UTCDateTimeField(null=True)
    # Since when a frozen letter is being written anew. The frozen version stands until the next one is frozen.
    reopened_at = UTCDateTimeField(null=True)
    # Raised with everything that shows at the desk, words or talk: the answer of a poll.
    desk_version = peewee.IntegerField(default=1)
    # Open remarks on the letter as a whole, and open suggestions and remarks of all parts together.
    comment_count = peewee.IntegerField(default=0)
    talk_count = peewee.IntegerField(default=0)
    needs_second_reader = peewee.BooleanField(default=False)
    # To whom the lead author offers to hand over.
    lead_offered_to: Any = peewee.ForeignKeyField(Person, null=True, backref="offered_letters", on_delete="SET NULL")
    lead_offered_at = UTCDateTimeField(null=True)
    # Of those who stand under the newest frozen version.
    signature_count = peewee.IntegerField(default=0)
    signed_home_count = peewee.IntegerField(default=0)
    # What two leads have to agree on about its text (a typo, withdrawing it), and its last sign-off vote, where
    # `find_letter` looked for them. Never stored.
    asking: Any = None
    vote: Any = None
    refused_count = 0
    # Whose words are in it, and to whom the lead is offered, by name; set where `find_letter` looked.
    author_names: list[str] = []
    offered_name: str | None = None

    class Meta:
        indexes = ((("campaign", "created_at"), False),)
        constraints = [peewee.Check("signature_count >= 0 AND signed_home_count >= 0 AND version > 0")]

    @property
    def is_frozen(self) -> bool:
        """Whether there is a frozen version. It never changes, also while a later one is being written."""
        return self.frozen_at is not None

    @property
    def is_fixed(self) -> bool:
        """Whether the frozen version is all there is: nobody writes a later one now."""
        return self.frozen_at is not None and self.reopened_at is None

    @property
    def is_sent(self) -> bool:
        """Whether it is known to have left."""
        return self.sent_on is not None

    @property
    def is_open_for_drafting(self) -> bool:
        """Whether its text may be changed."""
        return (self.frozen_at is None or self.reopened_at is not None) and self.withdrawn_at is None

    @property
    def is_open_for_signing(self) -> bool:
        """Whether people may put their names to it."""
        return self.is_frozen and self.withdrawn_at is None


class Block(Model):
    """One piece of a letter, with a version number of its own."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="blocks", on_delete="CASCADE")
    kind = peewee.TextField()
    position = peewee.IntegerField(default=0)
    text = peewee.TextField(default="")
    # For a demand: how people will know it is done, and by when. For a fact: where it comes from.
    test = peewee.TextField(default="")
    by_on = peewee.DateField(null=True)
    source = peewee.TextField(default="")
    version = peewee.IntegerField(default=1)
    edited_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    edited_at = UTCDateTimeField(default=clock.now)
    removed_at = UTCDateTimeField(null=True)
    # Open suggestions about it, open threads of remarks, and texts that lost a race and wait for a choice.
    suggestion_count = peewee.IntegerField(default=0)
    comment_count = peewee.IntegerField(default=0)
    clash_count = peewee.IntegerField(default=0)
    # Which fact, demand or question it is. Set where a letter's blocks are listed, never stored.
    number: int | None = None
    # Who wrote the newest of the texts that wait beside it. Likewise.
    clash_by: str | None = None
    # What it rests on, without what is withdrawn. Set where a letter's blocks are listed, never stored; None asks.
    items: list[EvidenceItem] | None = None

    class Meta:
        indexes = ((("letter", "position"), False),)
        constraints = [
            peewee.Check("kind IN ('greeting','fact','harm','demand','question','meeting','closing')"),
            peewee.Check("version > 0"),
        ]

    @property
    def said(self) -> str:
        """Its text as the letter shows it: `{count}` is filled in from what it rests on. Its letter is loaded."""
        if counts.COUNT not in self.text:
            return self.text
        if self.items is None:
            self.items = list(
                EvidenceItem.select()
                .join(BlockEvidence)
                .where(BlockEvidence.block == self.id, EvidenceItem.withdrawn_at.is_null())
            )
        letter = self.letter
        homes = letter.campaign.place.home_count
        return counts.filled(self.text, self.items, homes=homes, language=letter.language)


class BlockRevision(Model):
    """One saved text of a block: nothing typed and saved is ever lost."""

    block: Any = peewee.ForeignKeyField(Block, backref="revisions", on_delete="CASCADE")
    version = peewee.IntegerField()
    text = peewee.TextField(default="")
    test = peewee.TextField(default="")
    by_on = peewee.DateField(null=True)
    source = peewee.TextField(default="")
    saved_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    saved_at = UTCDateTimeField(default=clock.now)
    # What the save was (a change of `LetterRevision`), and why, in the saver's words.
    change = peewee.TextField(default="wrote")
    why = peewee.TextField(default="")
    # A text that lost a race is kept too, beside the one that won, with the version it began from. It waits for
    # somebody to choose between the two until it is settled.
    is_beside = peewee.BooleanField(default=False)
    based_on = peewee.IntegerField(null=True)
    settled_by: Any = peewee.ForeignKeyField(Person, null=True, backref="settled_revisions", on_delete="SET NULL")
    settled_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "block_revision"
        indexes = ((("block", "version"), False),)


class BlockEvidence(Model):
    """A part of a letter rests on something in the register of evidence."""

    block: Any = peewee.ForeignKeyField(Block, backref="evidence", on_delete="CASCADE")
    item: Any = peewee.ForeignKeyField(EvidenceItem, backref="blocks", on_delete="CASCADE")
    added_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "block_evidence"
        indexes = ((("block", "item"), True),)


class LetterVersion(Model):
    """The frozen text. Never changes; its fingerprint is the SHA-256 of the canonical text."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="versions", on_delete="CASCADE")
    number = peewee.IntegerField()
    canonical_text = peewee.TextField()
    sha256 = peewee.CharField(max_length=64)
    # The blocks as they were, for screen and paper (JSON).
    content = peewee.TextField()
    frozen_at = UTCDateTimeField(default=clock.now)
    # Who froze it; for a typo the second lead, too.
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    # "first", "new" (those who signed are asked again) or "typo" (two leads say that nothing changed in meaning).
    kind = peewee.TextField(default="first")
    change_note = peewee.TextField(default="")
    # The vote that agreed to it (a row of sign_off), where there was one.
    sign_off_id = peewee.IntegerField(null=True)
    # Those who stand under exactly this version: kept in step with SignedVersion.
    signature_count = peewee.IntegerField(default=0)
    signed_home_count = peewee.IntegerField(default=0)

    class Meta:
        table_name = "letter_version"
        indexes = ((("letter", "number"), True),)
        constraints = [peewee.Check("length(sha256) = 64"), peewee.Check("number > 0")]

    @property
    def fingerprint(self) -> str:
        """The short code that page, print and PDF show."""
        return f"{self.sha256[:4]} {self.sha256[4:8]}"


class Signature(Model):
    """Somebody put their name to a frozen version. Counted only when confirmed."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="signatures", on_delete="CASCADE")
    version: Any = peewee.ForeignKeyField(LetterVersion, backref="signatures", on_delete="RESTRICT")
    name = peewee.TextField()
    email = peewee.TextField(default="")
    # A keyed fingerprint of the address in the form in which two spellings meet; unique for one letter. It outlives a
    # withdrawal, so that nobody is counted twice, and tells nobody the address.
    email_key = peewee.TextField(null=True)
    home: Any = peewee.ForeignKeyField(Home, null=True, on_delete="SET NULL")
    # What the signer typed for their home; shown to leads only.
    home_words = peewee.TextField(default="")
    display = peewee.TextField(default="hidden")
    show_to_target = peewee.BooleanField(default=False)
    wants_news = peewee.BooleanField(default=False)
    state = peewee.TextField(default="pending")
    # Over a limit: confirmed by its owner, but not counted until a lead has looked.
    is_held = peewee.BooleanField(default=False)
    # "This was not me": the address is never asked again for this letter.
    is_blocked = peewee.BooleanField(default=False)
    wording = peewee.TextField(default="sign-1")
    network_key = peewee.TextField(default="")
    mail_count = peewee.IntegerField(default=0)
    created_at = UTCDateTimeField(default=clock.now)
    confirmed_at = UTCDateTimeField(null=True)
    withdrawn_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("letter", "email_key"), True), (("letter", "state", "id"), False), (("letter", "home"), False))
        constraints = [
            peewee.Check("display IN ('hidden','resident','first_name','full')"),
            peewee.Check("state IN ('pending','confirmed','withdrawn','expired')"),
            peewee.Check("state <> 'confirmed' OR confirmed_at IS NOT NULL"),
        ]


class ReplyAddress(Model):
    """Where the addressee answers: one for each letter and target. Can be closed."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="reply_addresses", on_delete="CASCADE")
    target: Any = peewee.ForeignKeyField(Target, on_delete="RESTRICT")
    token = peewee.TextField(unique=True)
    created_at = UTCDateTimeField(default=clock.now)
    closed_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "reply_address"


class Delivery(OfCampaign):
    """One way in which the letter reached them, or is on its way."""

    campaign: Any = peewee.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter: Any = peewee.ForeignKeyField(Letter, backref="deliveries", on_delete="CASCADE")
    version: Any = peewee.ForeignKeyField(LetterVersion, on_delete="RESTRICT")
    channel = peewee.TextField()
    to_name = peewee.TextField(default="")
    to_address = peewee.TextField(default="")
    # For e-mail this is the truth of the outbox row; by post and by hand it is recorded by a person.
    mail: Any = peewee.ForeignKeyField(OutgoingMail, null=True, on_delete="RESTRICT")
    happened_on = peewee.DateField(null=True)
    # The hour, where a person wrote it down.
    happened_at = UTCDateTimeField(null=True)
    note = peewee.TextField(default="")
    # The number of the certificate of posting, or the one that their form gave.
    reference = peewee.TextField(default="")
    # What was put into their form, word for word.
    pasted = peewee.TextField(default="")
    # In public: "read_out", "put_up" or "published".
    manner = peewee.TextField(default="")
    # It came back on that day, and does not count as having reached them. Why and who says so is in its changes.
    came_back_on = peewee.DateField(null=True)
    # Of the mail as it was handed over, byte for byte.
    source_sha256 = peewee.TextField(default="")
    proof: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    # The PDF exactly as it was sent.
    paper: Any = peewee.ForeignKeyField(StoredFile, null=True, backref="paper_deliveries", on_delete="RESTRICT")
    signature_count = peewee.IntegerField(default=0)
    home_count = peewee.IntegerField(default=0)
    recorded_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    recorded_at = UTCDateTimeField(default=clock.now)

    class Meta:
        indexes = ((("letter", "id"), False),)
        constraints = [peewee.Check("channel IN ('email','post','hand','web','public')")]

    @property
    def stands(self) -> bool:
        """Whether it counts as having reached them, as far as anybody knows. Its mail is loaded.

        What was shown to everybody tells the neighbours, not them.
        """
        is_lost = self.mail_id is not None and self.mail.state in NOT_ARRIVED
        return self.channel != "public" and self.happened_on is not None and self.came_back_on is None and not is_lost
