"""Letters, versions, signatures, deliveries."""

import peewee as pw


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Target(pw.Model):
    class Meta:
        table_name = "target"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Home(pw.Model):
    class Meta:
        table_name = "home"


class OutgoingMail(pw.Model):
    class Meta:
        table_name = "outgoing_mail"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class Letter(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="letters", on_delete="CASCADE")
    key = pw.CharField(max_length=32, unique=True)
    title = pw.TextField()
    target = pw.ForeignKeyField(Target, null=True, on_delete="RESTRICT")
    template_name = pw.TextField(default="empty")
    language = pw.TextField(default="en")
    is_formal_complaint = pw.BooleanField(default=False)
    lead_author = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    chases = pw.ForeignKeyField("self", null=True, backref="chasers", on_delete="SET NULL")
    created_at = pw.DateTimeField()
    version = pw.IntegerField(default=1)
    frozen_at = pw.DateTimeField(null=True)
    sent_on = pw.DateField(null=True)
    answer_due_on = pw.DateField(null=True)
    withdrawn_at = pw.DateTimeField(null=True)
    signature_count = pw.IntegerField(default=0)
    signed_home_count = pw.IntegerField(default=0)

    class Meta:
        table_name = "letter"
        indexes = ((("campaign", "created_at"), False),)
        constraints = [pw.Check("signature_count >= 0 AND signed_home_count >= 0 AND version > 0")]


class Block(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="blocks", on_delete="CASCADE")
    kind = pw.TextField()
    position = pw.IntegerField(default=0)
    text = pw.TextField(default="")
    test = pw.TextField(default="")
    by_on = pw.DateField(null=True)
    source = pw.TextField(default="")
    version = pw.IntegerField(default=1)
    edited_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    edited_at = pw.DateTimeField()
    removed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "block"
        indexes = ((("letter", "position"), False),)
        constraints = [
            pw.Check("kind IN ('greeting','fact','harm','demand','question','meeting','closing')"),
            pw.Check("version > 0"),
        ]


class BlockRevision(pw.Model):
    block = pw.ForeignKeyField(Block, backref="revisions", on_delete="CASCADE")
    version = pw.IntegerField()
    text = pw.TextField(default="")
    test = pw.TextField(default="")
    by_on = pw.DateField(null=True)
    source = pw.TextField(default="")
    saved_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    saved_at = pw.DateTimeField()
    is_beside = pw.BooleanField(default=False)

    class Meta:
        table_name = "block_revision"
        indexes = ((("block", "version"), False),)


class LetterVersion(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="versions", on_delete="CASCADE")
    number = pw.IntegerField()
    canonical_text = pw.TextField()
    sha256 = pw.CharField(max_length=64)
    content = pw.TextField()
    frozen_at = pw.DateTimeField()
    asked_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "letter_version"
        indexes = ((("letter", "number"), True),)
        constraints = [pw.Check("length(sha256) = 64"), pw.Check("number > 0")]


class Signature(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="signatures", on_delete="CASCADE")
    version = pw.ForeignKeyField(LetterVersion, backref="signatures", on_delete="RESTRICT")
    name = pw.TextField()
    email = pw.TextField(default="")
    email_key = pw.TextField(null=True)
    home = pw.ForeignKeyField(Home, null=True, on_delete="SET NULL")
    home_words = pw.TextField(default="")
    display = pw.TextField(default="hidden")
    show_to_target = pw.BooleanField(default=False)
    wants_news = pw.BooleanField(default=False)
    state = pw.TextField(default="pending")
    is_held = pw.BooleanField(default=False)
    is_blocked = pw.BooleanField(default=False)
    wording = pw.TextField(default="sign-1")
    network_key = pw.TextField(default="")
    mail_count = pw.IntegerField(default=0)
    created_at = pw.DateTimeField()
    confirmed_at = pw.DateTimeField(null=True)
    withdrawn_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "signature"
        indexes = ((("letter", "email_key"), True), (("letter", "state", "id"), False), (("letter", "home"), False))
        constraints = [
            pw.Check("display IN ('hidden','resident','first_name','full')"),
            pw.Check("state IN ('pending','confirmed','withdrawn','expired')"),
            pw.Check("state <> 'confirmed' OR confirmed_at IS NOT NULL"),
        ]


class ReplyAddress(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="reply_addresses", on_delete="CASCADE")
    target = pw.ForeignKeyField(Target, on_delete="RESTRICT")
    token = pw.TextField(unique=True)
    created_at = pw.DateTimeField()
    closed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "reply_address"


class Delivery(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, backref="deliveries", on_delete="CASCADE")
    version = pw.ForeignKeyField(LetterVersion, on_delete="RESTRICT")
    channel = pw.TextField()
    to_name = pw.TextField(default="")
    to_address = pw.TextField(default="")
    mail = pw.ForeignKeyField(OutgoingMail, null=True, on_delete="RESTRICT")
    happened_on = pw.DateField(null=True)
    note = pw.TextField(default="")
    proof = pw.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    paper = pw.ForeignKeyField(StoredFile, null=True, backref="paper_deliveries", on_delete="RESTRICT")
    signature_count = pw.IntegerField(default=0)
    home_count = pw.IntegerField(default=0)
    recorded_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    recorded_at = pw.DateTimeField()

    class Meta:
        table_name = "delivery"
        indexes = ((("letter", "id"), False),)
        constraints = [pw.Check("channel IN ('email','post','hand')")]


TABLES = (Letter, Block, BlockRevision, LetterVersion, Signature, ReplyAddress, Delivery)
STUBS = (Campaign, Target, Person, Home, OutgoingMail, StoredFile)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
