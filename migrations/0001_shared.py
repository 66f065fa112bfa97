"""Shared tables: form keys, files, outgoing mail."""

import peewee as pw


class OnceKey(pw.Model):
    key_hash = pw.TextField(unique=True)
    answer = pw.TextField(null=True)
    created_at = pw.DateTimeField(index=True)

    class Meta:
        table_name = "once_key"


class StoredFile(pw.Model):
    sha256 = pw.CharField(max_length=64, index=True)
    name = pw.TextField()
    content_type = pw.TextField()
    size = pw.IntegerField()
    stored_at = pw.DateTimeField()

    class Meta:
        table_name = "stored_file"
        constraints = [pw.Check("size > 0"), pw.Check("length(sha256) = 64")]


class OutgoingMail(pw.Model):
    kind = pw.TextField()
    to = pw.TextField()
    subject = pw.TextField()
    source = pw.BlobField()
    message_id = pw.TextField(unique=True)
    dedupe_key = pw.TextField(unique=True)
    state = pw.TextField(default="queued")
    is_letter = pw.BooleanField(default=False)
    attempt_count = pw.IntegerField(default=0)
    due_at = pw.DateTimeField(null=True)
    lease_until = pw.DateTimeField(null=True)
    last_reply = pw.TextField(default="")
    created_at = pw.DateTimeField()
    sent_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "outgoing_mail"
        indexes = ((("state", "due_at"), False),)
        constraints = [
            pw.Check("state IN ('queued','sending','sent','deferred','failed','unknown','cancelled')"),
            pw.Check("attempt_count >= 0"),
        ]


TABLES = (OnceKey, StoredFile, OutgoingMail)
STUBS = ()


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
