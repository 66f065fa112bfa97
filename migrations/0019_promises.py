"""Promises: which homes one touches, what a home without an account says, and what happened to it."""

import peewee as pw


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Home(pw.Model):
    class Meta:
        table_name = "home"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class Commitment(pw.Model):
    class Meta:
        table_name = "commitment"


class CommitmentCheck(pw.Model):
    commitment = pw.ForeignKeyField(Commitment, backref="checks", on_delete="CASCADE")
    voice = pw.TextField()
    person = pw.ForeignKeyField(Person, null=True, on_delete="CASCADE")
    home = pw.ForeignKeyField(Home, null=True, on_delete="CASCADE")
    verdict = pw.TextField()
    note = pw.TextField(default="")
    photo = pw.ForeignKeyField(StoredFile, null=True, on_delete="RESTRICT")
    how = pw.TextField(default="own")
    entered_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = pw.DateTimeField()
    talked_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    talked_at = pw.DateTimeField(null=True)
    talk_note = pw.TextField(default="")

    class Meta:
        table_name = "commitment_check"
        indexes = ((("commitment", "voice"), True),)
        constraints = [
            pw.Check("verdict IN ('fixed','partly','not_fixed','cannot_tell','nobody_in')"),
            pw.Check("how IN ('own','beside','phone','door_list')"),
            pw.Check("person_id IS NOT NULL OR home_id IS NOT NULL"),
        ]


class CommitmentHome(pw.Model):
    commitment = pw.ForeignKeyField(Commitment, backref="homes", on_delete="CASCADE")
    home = pw.ForeignKeyField(Home, on_delete="CASCADE")

    class Meta:
        table_name = "commitment_home"
        indexes = ((("commitment", "home"), True),)


class CommitmentChange(pw.Model):
    commitment = pw.ForeignKeyField(Commitment, backref="changes", on_delete="CASCADE")
    at = pw.DateTimeField()
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    what = pw.TextField()
    was = pw.TextField(default="")
    now = pw.TextField(default="")
    why = pw.TextField(default="")

    class Meta:
        table_name = "commitment_change"
        indexes = ((("commitment", "id"), False),)
        constraints = [
            pw.Check(
                "what IN ('state','words','day','reach','claim','day_passed','talked','reopened','replaced',"
                "'cancelled','restored')"
            )
        ]


class CheckBefore(pw.Model):
    """The table of checks as it was made first."""

    commitment = pw.ForeignKeyField(Commitment, backref="+", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE", backref="+")
    verdict = pw.TextField()
    note = pw.TextField(default="")
    at = pw.DateTimeField()

    class Meta:
        table_name = "commitment_check"
        indexes = ((("commitment", "person"), True),)
        constraints = [pw.Check("verdict IN ('fixed','partly','not_fixed','cannot_tell')")]


TABLES = (CommitmentHome, CommitmentChange)
STUBS = (Person, Home, StoredFile, Commitment)


def _number(default):
    return pw.IntegerField(default=default, constraints=[pw.SQL(f"DEFAULT {default}")])


# What promises gain. Every column has a default, so that the code before this one runs on.
def _columns():
    reach = [pw.SQL("DEFAULT 'matter'"), pw.Check("reach IN ('matter','homes','building')")]
    share = [pw.SQL("DEFAULT 60"), pw.Check("needed_share BETWEEN 1 AND 100")]
    return (
        ("version", _number(1)),
        ("reach", pw.TextField(default="matter", constraints=reach)),
        ("needed_share", pw.IntegerField(default=60, constraints=share)),
        ("home_count", _number(0)),
        ("partly_count", _number(0)),
        ("cannot_tell_count", _number(0)),
        ("kept_at", pw.DateTimeField(null=True)),
        ("reopened_count", _number(0)),
        ("reopened_at", pw.DateTimeField(null=True)),
        ("passed_on", pw.DateField(null=True)),
        (
            "replaced_by_id",
            pw.ForeignKeyField(Commitment, field=Commitment.id, null=True, on_delete="SET NULL", backref="+"),
        ),
    )


def _rebuild_checks(db, model, columns, taken_from, only=""):
    """Make the table of checks anew in another form. Nothing points at its rows, so they may get new numbers."""
    db.execute_sql("CREATE TEMPORARY TABLE kept_check AS SELECT * FROM commitment_check")
    db.execute_sql("DROP TABLE commitment_check")
    db.create_tables([model], safe=False)
    db.execute_sql(f"INSERT INTO commitment_check ({columns}) SELECT {taken_from} FROM kept_check {only} ORDER BY id")
    db.execute_sql("DROP TABLE kept_check")


def up(migrator, db):
    with db.bind_ctx((*TABLES, *STUBS, CommitmentCheck)):
        columns = _columns()
        adding = (migrator.add_column("commitment", name, field, allow_not_null=True) for name, field in columns)
        migrator.migrate(*adding)
        db.execute_sql("UPDATE commitment SET kept_at = settled_at WHERE state = 'kept'")
        for verdict in ("partly", "cannot_tell"):
            db.execute_sql(
                f"UPDATE commitment SET {verdict}_count = (SELECT count(*) FROM commitment_check "
                f"WHERE commitment_id = commitment.id AND verdict = '{verdict}')"
            )
        _rebuild_checks(
            db,
            CommitmentCheck,
            "commitment_id, voice, person_id, verdict, note, how, at, talk_note",
            "commitment_id, 'person:' || CAST(person_id AS TEXT), person_id, verdict, note, 'own', at, ''",
        )
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx((*TABLES, *STUBS, CheckBefore)):
        db.drop_tables(TABLES)
        # What homes without an account said has no place in the older table.
        _rebuild_checks(
            db,
            CheckBefore,
            "commitment_id, person_id, verdict, note, at",
            "commitment_id, person_id, verdict, note, at",
            "WHERE person_id IS NOT NULL AND verdict <> 'nobody_in'",
        )
        migrator.migrate(migrator.drop_index("commitment", "commitment_replaced_by_id"))
        for name, _field in reversed(_columns()):
            migrator.migrate(migrator.drop_column("commitment", name, cascade=False))
