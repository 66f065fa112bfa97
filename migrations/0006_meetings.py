"""Meetings."""

import peewee as pw


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Meeting(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="meetings", on_delete="CASCADE")
    key = pw.CharField(max_length=32, unique=True)
    kind = pw.TextField(default="house")
    title = pw.TextField()
    starts_at = pw.DateTimeField()
    ends_at = pw.DateTimeField()
    where = pw.TextField()
    access = pw.TextField(default="")
    about = pw.TextField(default="")
    is_open = pw.BooleanField(default=True)
    called_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = pw.DateTimeField()
    sequence = pw.IntegerField(default=0)
    yes_count = pw.IntegerField(default=0)
    came_count = pw.IntegerField(default=0)
    cancelled_at = pw.DateTimeField(null=True)
    why_cancelled = pw.TextField(default="")
    closed_at = pw.DateTimeField(null=True)
    closed_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    next_on = pw.DateField(null=True)
    why_no_next = pw.TextField(default="")

    class Meta:
        table_name = "meeting"
        indexes = ((("campaign", "starts_at"), False),)
        constraints = [
            pw.Check("kind IN ('house','core','assembly','negotiation','evaluation','other')"),
            pw.Check("ends_at >= starts_at"),
            pw.Check("yes_count >= 0 AND came_count >= 0"),
        ]


class Rsvp(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="rsvps", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    name = pw.TextField()
    email = pw.TextField(default="")
    email_key = pw.TextField(null=True)
    answer = pw.TextField()
    brings_count = pw.IntegerField(default=0)
    needs = pw.TextField(default="")
    nonce = pw.CharField(max_length=32, unique=True)
    created_at = pw.DateTimeField()

    class Meta:
        table_name = "rsvp"
        indexes = ((("meeting", "email_key"), True), (("meeting", "person"), True))
        constraints = [pw.Check("answer IN ('yes','maybe','no')"), pw.Check("brings_count BETWEEN 0 AND 9")]


class Attendance(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="attendances", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    rsvp = pw.ForeignKeyField(Rsvp, null=True, on_delete="SET NULL")
    name = pw.TextField()
    is_new = pw.BooleanField(default=False)
    ticked_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="ticked_attendances")
    ticked_at = pw.DateTimeField()
    undone_at = pw.DateTimeField(null=True)
    undone_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="undone_attendances")

    class Meta:
        table_name = "attendance"
        indexes = ((("meeting", "undone_at"), False),)


class Decision(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="decisions", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    text = pw.TextField()

    class Meta:
        table_name = "decision"


class Undertaking(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="undertakings", on_delete="CASCADE")
    meeting = pw.ForeignKeyField(Meeting, null=True, backref="undertakings", on_delete="SET NULL")
    person = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    who = pw.TextField()
    what = pw.TextField()
    by_on = pw.DateField(null=True)
    created_at = pw.DateTimeField()
    done_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "undertaking"
        indexes = ((("campaign", "done_at", "by_on"), False), (("person", "done_at"), False))


TABLES = (Meeting, Rsvp, Attendance, Decision, Undertaking)
STUBS = (Campaign, Person)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
