"""More ways in which a letter leaves and an answer comes, and who the mail system could prove it was from."""

import peewee as pw


class Response(pw.Model):
    class Meta:
        table_name = "response"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class ResponseFile(pw.Model):
    response = pw.ForeignKeyField(Response, on_delete="CASCADE")
    file = pw.ForeignKeyField(StoredFile, on_delete="RESTRICT")
    role = pw.TextField(default="attachment")
    text = pw.TextField(default="")
    pages = pw.IntegerField(null=True)
    text_state = pw.TextField(default="waiting")
    read_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "response_file"
        indexes = ((("response", "file"), True), (("text_state", "id"), False))
        constraints = [
            pw.Check("role IN ('original','attachment')"),
            pw.Check("text_state IN ('waiting','read','empty','failed','none')"),
        ]


KINDS = (
    "'acknowledgement','holding','request_info','refusal','partial','offer',"
    "'meeting_agreed','commitment','vague_promise','done_claimed','legal_threat','auto_reply',"
)
# table, column, the CHECK as it was, the CHECK as it becomes
CHANGES = (
    (
        "response",
        "channel",
        "channel IN ('email','letter','phone','visit','meeting','other')",
        "channel IN ('email','letter','phone','visit','meeting','other','web','noted')",
    ),
    (
        "response",
        "kind",
        f"kind IS NULL OR kind IN ({KINDS}'correction')",
        f"kind IS NULL OR kind IN ({KINDS}'bounce','silence','correction')",
    ),
    ("delivery", "channel", "channel IN ('email','post','hand')", "channel IN ('email','post','hand','web','public')"),
    (
        "commitment",
        "state",
        "state IN ('promised','kept','partly_kept','disputed','not_kept','cancelled')",
        "state IN ('promised','kept','partly_kept','disputed','not_kept','renegotiated','cancelled')",
    ),
)
# What the older schema has no word for, before its CHECKs come back.
TRANSLATED = (
    "UPDATE response SET channel = 'other' WHERE channel IN ('web','noted')",
    "UPDATE response SET kind = NULL WHERE kind IN ('bounce','silence')",
    "UPDATE delivery SET channel = 'hand' WHERE channel IN ('web','public')",
    "UPDATE commitment SET state = 'cancelled' WHERE state = 'renegotiated'",
)


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


def up(migrator, db):
    for table, column, was, becomes in CHANGES:
        change_check(db, table, column, was, becomes)
    # 'checked': our own receiver proved the sender's domain; 'unchecked': it came by mail and nobody proved it.
    sender = pw.TextField(default="by_hand", constraints=[pw.SQL("DEFAULT 'by_hand'")])
    migrator.migrate(migrator.add_column("response", "sender_check", sender, allow_not_null=True))
    with db.bind_ctx((Response, StoredFile, ResponseFile)):
        db.create_tables([ResponseFile], safe=False)
    db.execute_sql(
        "INSERT INTO response_file (response_id, file_id, role, text, text_state) "
        "SELECT id, file_id, 'original', '', 'waiting' FROM response WHERE file_id IS NOT NULL"
    )


def down(migrator, db):
    with db.bind_ctx((Response, StoredFile, ResponseFile)):
        db.drop_tables([ResponseFile], safe=False)
    migrator.migrate(migrator.drop_column("response", "sender_check", cascade=False))
    for sql in TRANSLATED:
        db.execute_sql(sql)
    for table, column, was, becomes in CHANGES:
        change_check(db, table, column, becomes, was)
