"""Mentoring."""

import peewee as pw


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class MentorPair(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="mentor_pairs", on_delete="CASCADE")
    mentor = pw.ForeignKeyField(Person, backref="pairs_as_mentor", on_delete="CASCADE")
    mentee = pw.ForeignKeyField(Person, backref="pairs_as_mentee", on_delete="CASCADE")
    proposed_by = pw.ForeignKeyField(Person, null=True, backref="pairs_proposed", on_delete="SET NULL")
    purpose = pw.TextField(default="")
    rhythm = pw.TextField(default="")
    proposed_at = pw.DateTimeField()
    mentor_accepted_at = pw.DateTimeField(null=True)
    mentee_accepted_at = pw.DateTimeField(null=True)
    declined_at = pw.DateTimeField(null=True)
    ended_at = pw.DateTimeField(null=True)
    ended_by = pw.ForeignKeyField(Person, null=True, backref="pairs_ended", on_delete="SET NULL")

    class Meta:
        table_name = "mentor_pair"
        indexes = ((("mentor", "ended_at"), False), (("mentee", "ended_at"), False))
        constraints = [pw.Check("mentor_id <> mentee_id")]


class PlanStep(pw.Model):
    pair = pw.ForeignKeyField(MentorPair, backref="steps", on_delete="CASCADE")
    text = pw.TextField()
    by_on = pw.DateField(null=True)
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()
    done_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "plan_step"


class First(pw.Model):
    pair = pw.ForeignKeyField(MentorPair, backref="firsts", on_delete="CASCADE")
    what = pw.TextField()
    on = pw.DateField()
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()

    class Meta:
        table_name = "first"


class OneToOne(pw.Model):
    pair = pw.ForeignKeyField(MentorPair, backref="one_to_ones", on_delete="CASCADE")
    logged_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    held_on = pw.DateField()
    where = pw.TextField(default="")
    cares_about = pw.TextField()
    next_step = pw.TextField()
    next_on = pw.DateField(null=True)
    logged_at = pw.DateTimeField()

    class Meta:
        table_name = "one_to_one"


TABLES = (MentorPair, PlanStep, First, OneToOne)
STUBS = (Campaign, Person)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
