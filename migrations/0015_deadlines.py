"""Clocks of letters, and days off that no calendar knows."""

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


class Delivery(pw.Model):
    class Meta:
        table_name = "delivery"


class Response(pw.Model):
    class Meta:
        table_name = "response"


class OneOffDay(pw.Model):
    calendar = pw.TextField()
    day = pw.DateField()
    name = pw.TextField()
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()

    class Meta:
        table_name = "one_off_day"
        indexes = ((("calendar", "day"), True),)
        constraints = [pw.Check("calendar IN ('gb-eng-wls','gb-sct','gb-nir','gb-union')")]


class Deadline(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    rule_id = pw.TextField()
    terms = pw.TextField()
    awaits = pw.TextField()
    trigger_event = pw.TextField(default="")
    trigger_on = pw.DateField(null=True)
    due_on = pw.DateField(null=True)
    due_at = pw.DateTimeField(null=True)
    working = pw.TextField(default="")
    extended_on = pw.DateField(null=True)
    extension_reason = pw.TextField(default="")
    extended_by = pw.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    override_on = pw.DateField(null=True)
    override_reason = pw.TextField(default="")
    override_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    satisfied_by = pw.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    satisfied_on = pw.DateField(null=True)
    settled_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    chosen_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    chosen_at = pw.DateTimeField()
    dropped_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "deadline"
        indexes = ((("letter", "rule_id"), True),)
        constraints = [
            pw.Check("awaits IN ('acknowledgement','answer','meeting','work','information','comments')"),
            pw.Check("override_on IS NULL OR override_reason <> ''"),
            pw.Check("extended_on IS NULL OR extension_reason <> ''"),
        ]


class DeadlineChange(pw.Model):
    deadline = pw.ForeignKeyField(Deadline, on_delete="CASCADE")
    at = pw.DateTimeField()
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    what = pw.TextField()
    was_on = pw.DateField(null=True)
    now_on = pw.DateField(null=True)
    why = pw.TextField(default="")

    class Meta:
        table_name = "deadline_change"
        indexes = ((("deadline", "id"), False),)
        constraints = [
            pw.Check(
                "what IN ('chosen','dropped','started','recomputed','stopped','extended','overridden',"
                "'override_removed','kept','open_again')"
            )
        ]


class LetterEvent(pw.Model):
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    event = pw.TextField()
    day = pw.DateField()
    moment = pw.DateTimeField(null=True)
    noted_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    noted_at = pw.DateTimeField()

    class Meta:
        table_name = "letter_event"
        indexes = ((("letter", "event"), True),)


class LetterClock(pw.Model):
    letter = pw.ForeignKeyField(Letter, unique=True, on_delete="CASCADE")
    seen_delivery_id = pw.IntegerField(default=0)
    is_stale = pw.BooleanField(default=False)

    class Meta:
        table_name = "letter_clock"
        indexes = ((("is_stale",), False), (("seen_delivery_id",), False))


class DayCorrection(pw.Model):
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    delivery = pw.ForeignKeyField(Delivery, null=True, on_delete="CASCADE")
    response = pw.ForeignKeyField(Response, null=True, on_delete="CASCADE")
    was_on = pw.DateField()
    now_on = pw.DateField()
    why = pw.TextField()
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()

    class Meta:
        table_name = "day_correction"
        indexes = ((("letter", "id"), False),)
        constraints = [pw.Check("(delivery_id IS NULL) <> (response_id IS NULL)")]


TABLES = (OneOffDay, Deadline, DeadlineChange, LetterEvent, LetterClock, DayCorrection)
STUBS = (Person, Campaign, Letter, Delivery, Response)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
