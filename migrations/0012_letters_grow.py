"""What letters, their parts and their versions gain for writing together, filled from what is there."""

import json

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


def _count(**given):
    return pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")], **given)


def _text(default=""):
    return pw.TextField(default=default, constraints=[pw.SQL(f"DEFAULT '{default}'")])


def _person():
    return pw.ForeignKeyField(Person, field=Person.id, null=True, on_delete="SET NULL", backref="+")


# What older tables gain. Every column has a default, so that the code before this one runs on.
def _columns():
    return (
        ("letter", "reopened_at", pw.DateTimeField(null=True)),
        ("letter", "desk_version", pw.IntegerField(default=1, constraints=[pw.SQL("DEFAULT 1")])),
        ("letter", "comment_count", _count()),
        ("letter", "talk_count", _count()),
        ("letter", "needs_second_reader", pw.BooleanField(default=False, constraints=[pw.SQL("DEFAULT FALSE")])),
        ("letter", "lead_offered_to_id", _person()),
        ("letter", "lead_offered_at", pw.DateTimeField(null=True)),
        ("block", "suggestion_count", _count()),
        ("block", "comment_count", _count()),
        ("block", "clash_count", _count()),
        ("block_revision", "change", _text("wrote")),
        ("block_revision", "why", _text()),
        ("block_revision", "based_on", pw.IntegerField(null=True)),
        ("block_revision", "settled_by_id", _person()),
        ("block_revision", "settled_at", pw.DateTimeField(null=True)),
        ("letter_version", "kind", _text("first")),
        ("letter_version", "change_note", _text()),
        ("letter_version", "sign_off_id", pw.IntegerField(null=True)),
        ("letter_version", "signature_count", _count()),
        ("letter_version", "signed_home_count", _count()),
    )


# Texts that lost a race before there was a choice to make are history, not a question.
SETTLED = "UPDATE block_revision SET settled_at = saved_at WHERE is_beside"
COUNTED = """
UPDATE letter_version SET
  signature_count = (SELECT count(*) FROM signature
                     WHERE version_id = letter_version.id AND state = 'confirmed' AND NOT is_held),
  signed_home_count = (SELECT count(DISTINCT home_id) FROM signature
                       WHERE version_id = letter_version.id AND state = 'confirmed' AND NOT is_held)
"""
UNDER = """
INSERT INTO signed_version (signature_id, version_id, how, at)
SELECT id, version_id, 'signed', confirmed_at FROM signature WHERE state = 'confirmed'
"""
AUTHORS = """
INSERT INTO co_author (letter_id, person_id, how, since_at)
SELECT id, lead_author_id, 'started', created_at FROM letter WHERE lead_author_id IS NOT NULL
"""
# Two leads no longer freeze: the members vote. What waited for a second lead is asked anew, as a vote.
NOT_ASKED = """
UPDATE agreement SET withdrawn_at = asked_at
WHERE kind = 'freeze_letter' AND agreed_at IS NULL AND withdrawn_at IS NULL
"""


def _begin_histories(db):
    """Each letter that is there gets one revision: how it stands now."""
    mark = "?" if isinstance(db, pw.SqliteDatabase) else "%s"
    letters = db.execute_sql("SELECT id, version, title, created_at, frozen_at, lead_author_id FROM letter").fetchall()
    for letter_id, version, title, created_at, frozen_at, author in letters:
        rows = db.execute_sql(
            f"SELECT id, version FROM block WHERE letter_id = {mark} AND removed_at IS NULL ORDER BY position, id",
            (letter_id,),
        ).fetchall()
        name = "frozen" if frozen_at is not None else ""
        values = (letter_id, version, json.dumps([list(row) for row in rows]), title, "began", author, created_at, name)
        db.execute_sql(
            "INSERT INTO letter_revision (letter_id, number, arrangement, title, change, by_id, at, name, why) "
            f"VALUES ({', '.join([mark] * len(values))}, '')",
            values,
        )


def up(migrator, db):
    columns = _columns()
    migrator.migrate(*(migrator.add_column(table, name, field, allow_not_null=True) for table, name, field in columns))
    for sql in (SETTLED, COUNTED, UNDER, AUTHORS, NOT_ASKED):
        db.execute_sql(sql)
    _begin_histories(db)


def down(migrator, db):
    for table, name, field in reversed(_columns()):
        if isinstance(field, pw.ForeignKeyField):
            migrator.migrate(migrator.drop_index(table, f"{table}_{name}"))
        migrator.migrate(migrator.drop_column(table, name, cascade=False))
