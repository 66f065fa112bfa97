"""Reading an answer together: readers, what they agree on, what was put right, silence, and a stop on publishing."""

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Letter(pw.Model):
    class Meta:
        table_name = "letter"


class Block(pw.Model):
    class Meta:
        table_name = "block"


class Response(pw.Model):
    class Meta:
        table_name = "response"


class Deadline(pw.Model):
    class Meta:
        table_name = "deadline"


class PublishingPause(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    why = pw.TextField(default="")
    begun_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    begun_at = pw.DateTimeField()
    lift_asked_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    lift_asked_at = pw.DateTimeField(null=True)
    lifted_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    lifted_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "publishing_pause"
        indexes = ((("campaign", "lifted_at"), False),)


class Reader(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    asked_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    asked_at = pw.DateTimeField(null=True)
    declined_at = pw.DateTimeField(null=True)
    kind = pw.TextField(null=True)
    read_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "reader"
        indexes = ((("response", "person"), True), (("person", "read_at"), False))


class RowNote(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    block = pw.ForeignKeyField(Block, on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    text = pw.TextField()
    at = pw.DateTimeField()

    class Meta:
        table_name = "row_note"
        indexes = ((("response", "block", "person"), True),)


class SettledRow(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    row_key = pw.IntegerField()
    verdict = pw.TextField()
    words = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "settled_row"
        indexes = ((("response", "row_key"), True),)


class WordCorrection(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    what = pw.TextField()
    was = pw.TextField()
    now = pw.TextField()
    why = pw.TextField()
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "word_correction"
        indexes = ((("response", "id"), False),)
        constraints = [pw.Check("what IN ('from_name','channel','text')"), pw.Check("why <> ''")]


class SetAside(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    channel = pw.TextField()
    received_on = pw.DateField()
    from_name = pw.TextField(default="")
    text = pw.TextField(default="")
    files = pw.TextField(default="[]")
    why = pw.TextField()
    logged_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    logged_at = pw.DateTimeField()
    by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "set_aside"
        indexes = ((("campaign", "id"), False),)
        constraints = [pw.Check("why <> ''")]


class Silence(pw.Model):
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    deadline = pw.ForeignKeyField(Deadline, null=True, on_delete="SET NULL")
    clock_key = pw.IntegerField()
    response = pw.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    due_on = pw.DateField()
    noted_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)
    ended_why = pw.TextField(default="")

    class Meta:
        table_name = "silence"
        indexes = ((("letter", "clock_key"), True), (("ended_at",), False))
        constraints = [pw.Check("ended_why IN ('','answered','moved','dropped')")]


class LegalStep(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    step = pw.TextField()
    note = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "legal_step"
        indexes = ((("response", "step"), True),)


class FactReview(pw.Model):
    response = pw.ForeignKeyField(Response, unique=True, on_delete="CASCADE")
    verdict = pw.TextField()
    words = pw.TextField()
    by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = pw.DateTimeField()
    note = pw.TextField(default="")
    published_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    published_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "fact_review"
        constraints = [pw.Check("verdict IN ('right','wrong','unsure')")]


class InfoRequest(pw.Model):
    response = pw.ForeignKeyField(Response, unique=True, on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    what = pw.TextField()
    by_on = pw.DateField()
    asked_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    asked_at = pw.DateTimeField()
    done_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    done_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "info_request"
        indexes = ((("person", "done_at"), False),)


TABLES = (
    PublishingPause,
    Reader,
    RowNote,
    SettledRow,
    WordCorrection,
    SetAside,
    Silence,
    LegalStep,
    FactReview,
    InfoRequest,
)
STUBS = (Person, Campaign, Letter, Block, Response, Deadline)


def up(migrator, db):
    db.execute_sql(
        'ALTER TABLE "answer" ADD COLUMN "confidence" TEXT DEFAULT \'\' NOT NULL '
        "CHECK (confidence IN ('','sure','fairly','unsure'))"
    )
    migrator.migrate(migrator.add_column("answer", "page", pw.IntegerField(null=True)))
    paused = pw.DateTimeField(null=True)
    migrator.migrate(migrator.add_column("campaign", "publishing_paused_at", paused))
    # Everything of a campaign, newest first, a page at a time.
    db.execute_sql(
        'CREATE INDEX "response_campaign_id_received_on_id" ON "response" ("campaign_id", "received_on", "id")'
    )
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)
    # Whoever filled in a sheet before is one of its readers. A letter that asked nothing has a reader too.
    db.execute_sql(
        "INSERT INTO reader (response_id, person_id, kind, read_at) "
        "SELECT answer.response_id, answer.reader_id, MAX(response.kind), MAX(answer.read_at) "
        "FROM answer JOIN response ON response.id = answer.response_id "
        "WHERE answer.reader_id IS NOT NULL AND response.kind IS NOT NULL "
        "GROUP BY answer.response_id, answer.reader_id"
    )
    db.execute_sql(
        "INSERT INTO reader (response_id, person_id, kind, read_at) "
        "SELECT id, read_by_id, kind, read_at FROM response "
        "WHERE read_by_id IS NOT NULL AND read_at IS NOT NULL AND kind IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM reader WHERE reader.response_id = response.id AND reader.person_id = response.read_by_id)"
    )


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
    db.execute_sql('DROP INDEX "response_campaign_id_received_on_id"')
    db.execute_sql('ALTER TABLE "campaign" DROP COLUMN "publishing_paused_at"')
    db.execute_sql('ALTER TABLE "answer" DROP COLUMN "page"')
    db.execute_sql('ALTER TABLE "answer" DROP COLUMN "confidence"')
