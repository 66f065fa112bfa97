"""Responses, answers, promises."""

import peewee as pw


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Letter(pw.Model):
    class Meta:
        table_name = "letter"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Block(pw.Model):
    class Meta:
        table_name = "block"


class Response(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="responses", on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, backref="responses", on_delete="CASCADE")
    received_on = pw.DateField()
    channel = pw.TextField()
    from_name = pw.TextField(default="")
    text = pw.TextField(default="")
    file = pw.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    kind = pw.TextField(null=True)
    logged_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    logged_at = pw.DateTimeField()
    read_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    read_at = pw.DateTimeField(null=True)
    published_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    published_at = pw.DateTimeField(null=True)
    public_words = pw.TextField(default="")
    public_sheet = pw.TextField(default="")

    class Meta:
        table_name = "response"
        indexes = ((("letter", "received_on"), False),)
        constraints = [
            pw.Check("channel IN ('email','letter','phone','visit','meeting','other')"),
            pw.Check(
                "kind IS NULL OR kind IN ('acknowledgement','holding','request_info','refusal','partial','offer',"
                "'meeting_agreed','commitment','vague_promise','done_claimed','legal_threat','auto_reply','correction')"
            ),
        ]


class Answer(pw.Model):
    response = pw.ForeignKeyField(Response, backref="answers", on_delete="CASCADE")
    block = pw.ForeignKeyField(Block, on_delete="RESTRICT")
    reader = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    verdict = pw.TextField()
    excerpt = pw.TextField(default="")
    promised_on = pw.DateField(null=True)
    read_at = pw.DateTimeField()

    class Meta:
        table_name = "answer"
        indexes = ((("response", "block", "reader"), True),)
        constraints = [pw.Check("verdict IN ('yes','partly','no','not_answered','unclear')")]


class Commitment(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="commitments", on_delete="CASCADE")
    response = pw.ForeignKeyField(Response, null=True, backref="commitments", on_delete="SET NULL")
    block = pw.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    what = pw.TextField()
    due_on = pw.DateField(null=True)
    made_on = pw.DateField()
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()
    state = pw.TextField(default="promised")
    claimed_done_on = pw.DateField(null=True)
    settled_at = pw.DateTimeField(null=True)
    fixed_count = pw.IntegerField(default=0)
    not_fixed_count = pw.IntegerField(default=0)
    is_public = pw.BooleanField(default=False)

    class Meta:
        table_name = "commitment"
        indexes = ((("campaign", "due_on"), False),)
        constraints = [pw.Check("state IN ('promised','kept','partly_kept','disputed','not_kept','cancelled')")]


class CommitmentCheck(pw.Model):
    commitment = pw.ForeignKeyField(Commitment, backref="checks", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    verdict = pw.TextField()
    note = pw.TextField(default="")
    at = pw.DateTimeField()

    class Meta:
        table_name = "commitment_check"
        indexes = ((("commitment", "person"), True),)
        constraints = [pw.Check("verdict IN ('fixed','partly','not_fixed','cannot_tell')")]


TABLES = (Response, Answer, Commitment, CommitmentCheck)
STUBS = (Campaign, Letter, StoredFile, Person, Block)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
