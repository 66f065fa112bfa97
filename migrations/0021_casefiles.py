"""What became of deliveries, more to say of each, and case files."""

import hashlib

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Delivery(pw.Model):
    class Meta:
        table_name = "delivery"


class Agreement(pw.Model):
    class Meta:
        table_name = "agreement"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class DeliveryChange(pw.Model):
    delivery = pw.ForeignKeyField(Delivery, on_delete="CASCADE")
    what = pw.TextField()
    on = pw.DateField()
    why = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    is_by_machine = pw.BooleanField(default=False)
    at = pw.DateTimeField()

    class Meta:
        table_name = "delivery_change"
        indexes = ((("delivery", "id"), False),)
        constraints = [
            pw.Check("what IN ('refused','in_doubt','arrived','lost','called_off','came_back','stands_again')")
        ]


class CaseFile(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    letters = pw.TextField(default="[]")
    from_on = pw.DateField(null=True)
    until_on = pw.DateField(null=True)
    is_private = pw.BooleanField(default=False)
    agreement = pw.ForeignKeyField(Agreement, null=True, on_delete="SET NULL")
    asked_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    asked_at = pw.DateTimeField()
    state = pw.TextField(default="waiting")
    done = pw.IntegerField(default=0)
    total = pw.IntegerField(default=0)
    problem = pw.TextField(default="")
    lease_until = pw.DateTimeField(null=True)
    made_at = pw.DateTimeField(null=True)
    archive = pw.ForeignKeyField(StoredFile, null=True, on_delete="SET NULL")
    paper = pw.ForeignKeyField(StoredFile, null=True, on_delete="SET NULL")
    contents = pw.TextField(default="{}")

    class Meta:
        table_name = "case_file"
        indexes = ((("campaign", "id"), False), (("state", "id"), False))
        constraints = [
            pw.Check("state IN ('waiting','working','done','failed','swept')"),
            pw.Check("done >= 0 AND total >= 0"),
        ]


TABLES = (DeliveryChange, CaseFile)
STUBS = (Person, Campaign, Delivery, Agreement, StoredFile)
WAS = "kind IN ('go_public','freeze_letter','send_letter','close_campaign')"
BECOMES = "kind IN ('go_public','freeze_letter','send_letter','close_campaign','casefile_private')"


def change_check(db, table, column, was, becomes):
    """Put one CHECK in the place of another. No row is copied, so nothing that points at the table moves."""
    if not isinstance(db, pw.SqliteDatabase):
        name = f"{table}_{column}_check"
        db.execute_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        db.execute_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" CHECK ({becomes})')
        return
    # What SQLite's manual gives for a change of a table's words on which no stored byte depends.
    number = db.execute_sql("PRAGMA schema_version").fetchone()[0]
    db.execute_sql("PRAGMA writable_schema = ON")
    db.execute_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?", (was, becomes, table)
    )
    db.execute_sql(f"PRAGMA schema_version = {number + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")


def empty_text():
    return pw.TextField(default="", constraints=[pw.SQL("DEFAULT ''")])


# In this order they stand in the table.
COLUMNS = (
    ("happened_at", lambda: pw.DateTimeField(null=True)),
    ("reference", empty_text),
    ("pasted", empty_text),
    ("manner", empty_text),
    ("came_back_on", lambda: pw.DateField(null=True)),
    ("source_sha256", empty_text),
)


def fingerprint_what_was_sent(db):
    """The hash of each mail as it was handed over; later ones get theirs when they are put into the outbox."""
    mark = "?" if isinstance(db, pw.SqliteDatabase) else "%s"
    sent = db.execute_sql("SELECT id, mail_id FROM delivery WHERE mail_id IS NOT NULL ORDER BY id").fetchall()
    for delivery_id, mail_id in sent:
        found = db.execute_sql(f"SELECT source FROM outgoing_mail WHERE id = {mark}", (mail_id,)).fetchone()
        sha256 = hashlib.sha256(bytes(found[0])).hexdigest()
        db.execute_sql(f"UPDATE delivery SET source_sha256 = {mark} WHERE id = {mark}", (sha256, delivery_id))


def up(migrator, db):
    change_check(db, "agreement", "kind", WAS, BECOMES)
    for name, field in COLUMNS:
        migrator.migrate(migrator.add_column("delivery", name, field(), allow_not_null=True))
    fingerprint_what_was_sent(db)
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(tuple(reversed(TABLES)))
    for name, _field in reversed(COLUMNS):
        migrator.migrate(migrator.drop_column("delivery", name, cascade=False))
    db.execute_sql("DELETE FROM agreement WHERE kind = 'casefile_private'")
    change_check(db, "agreement", "kind", BECOMES, WAS)
