"""How people want to be reminded, and what they were told; which dates went by, and pictures of published times."""

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class ReminderChoice(pw.Model):
    person = pw.ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    way = pw.TextField(default="daily")
    changed_at = pw.DateTimeField()

    class Meta:
        table_name = "reminder_choice"
        constraints = [pw.Check("way IN ('daily','at_once','none')")]


class ReminderMark(pw.Model):
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    kind = pw.TextField()
    subject_id = pw.IntegerField()
    step = pw.TextField()
    marked_at = pw.DateTimeField()

    class Meta:
        table_name = "reminder_mark"
        indexes = ((("person", "kind", "subject_id", "step"), True), (("kind", "marked_at"), False))


TABLES = (ReminderChoice, ReminderMark)


def up(migrator, db):
    proof = pw.ForeignKeyField(StoredFile, field=StoredFile.id, null=True, on_delete="RESTRICT", backref="+")
    migrator.migrate(
        migrator.add_column("deadline", "passed_on", pw.DateField(null=True)),
        migrator.add_column("deadline", "proof_id", proof),
    )
    with db.bind_ctx((*TABLES, Person)):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    db.execute_sql("DROP INDEX deadline_proof_id")
    migrator.migrate(
        migrator.drop_column("deadline", "proof_id", cascade=False),
        migrator.drop_column("deadline", "passed_on", cascade=False),
    )
    with db.bind_ctx((*TABLES, Person)):
        db.drop_tables(TABLES)
