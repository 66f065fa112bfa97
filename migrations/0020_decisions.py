"""Questions for the members, the plan for when they do not answer, and what a group brings to a meeting with them."""

import peewee as pw


class Campaign(pw.Model):
    class Meta:
        table_name = "campaign"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Letter(pw.Model):
    class Meta:
        table_name = "letter"


class Demand(pw.Model):
    class Meta:
        table_name = "demand"


class Meeting(pw.Model):
    class Meta:
        table_name = "meeting"


class Ballot(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="+", on_delete="CASCADE")
    kind = pw.TextField()
    question = pw.TextField()
    options = pw.TextField()
    why = pw.TextField(default="")
    subject_kind = pw.TextField(default="")
    subject_id = pw.IntegerField(default=0)
    subject_words = pw.TextField(default="")
    is_strategy = pw.BooleanField(default=True)
    electorate = pw.TextField(default="members")
    opened_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    opened_at = pw.DateTimeField()
    closes_at = pw.DateTimeField()
    least_voters = pw.IntegerField(default=3)
    core_percent = pw.IntegerField(default=50)
    core_count = pw.IntegerField(default=0)
    elector_count = pw.IntegerField(default=0)
    voter_count = pw.IntegerField(default=0)
    outcome = pw.TextField(null=True)
    winner = pw.IntegerField(null=True)
    closed_at = pw.DateTimeField(null=True)
    stopped_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    stopped_why = pw.TextField(default="")

    class Meta:
        table_name = "ballot"
        indexes = (
            (("campaign", "id"), False),
            (("subject_kind", "subject_id"), False),
            (("outcome", "closes_at"), False),
        )
        constraints = [
            pw.Check("kind IN ('yes_no','choice')"),
            pw.Check("electorate IN ('members','present')"),
            pw.Check("outcome IS NULL OR outcome IN ('passed','failed','tied','cancelled')"),
            pw.Check("(outcome IS NULL) = (closed_at IS NULL)"),
            pw.Check("outcome IS NULL OR outcome <> 'cancelled' OR stopped_why <> ''"),
            pw.Check("least_voters >= 2 AND core_percent BETWEEN 0 AND 100"),
        ]


class BallotElector(pw.Model):
    ballot = pw.ForeignKeyField(Ballot, backref="+", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    is_core = pw.BooleanField(default=False)
    nudged_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "ballot_elector"
        indexes = ((("ballot", "person"), True),)


class BallotVote(pw.Model):
    ballot = pw.ForeignKeyField(Ballot, backref="+", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    number = pw.IntegerField(default=1)
    choice = pw.IntegerField()
    worry = pw.TextField(default="")
    cast_at = pw.DateTimeField()
    entered_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    checked_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    checked_at = pw.DateTimeField(null=True)
    replaced_at = pw.DateTimeField(null=True)
    other_view = pw.TextField(default="")
    viewed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "ballot_vote"
        indexes = ((("ballot", "person", "number"), True),)
        constraints = [
            pw.Check("choice BETWEEN 0 AND 5"),
            pw.Check("checked_by_id IS NULL OR checked_by_id <> entered_by_id"),
        ]


class Rung(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="+", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    kind = pw.TextField()
    what = pw.TextField()
    who_role = pw.TextField(default="")
    who = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    trigger = pw.TextField()
    letter = pw.ForeignKeyField(Letter, null=True, backref="+", on_delete="SET NULL")
    days = pw.IntegerField(null=True)
    on_day = pw.DateField(null=True)
    earliest_on = pw.DateField(null=True)
    consent = pw.TextField(default="vote")
    agreed_at = pw.DateTimeField(null=True)
    agreed_by_ballot = pw.ForeignKeyField(Ballot, null=True, backref="+", on_delete="SET NULL")
    started_at = pw.DateTimeField(null=True)
    started_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    done_at = pw.DateTimeField(null=True)
    done_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    came_of_it = pw.TextField(default="")
    has_helped = pw.BooleanField(null=True)
    skipped_at = pw.DateTimeField(null=True)
    skipped_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    skipped_why = pw.TextField(default="")
    removed_at = pw.DateTimeField(null=True)
    added_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    added_at = pw.DateTimeField()

    class Meta:
        table_name = "rung"
        indexes = ((("campaign", "position"), False),)
        constraints = [
            pw.Check("trigger IN ('deadline','silence','broken','refusal','offer','day','before')"),
            pw.Check("consent IN ('vote','ahead')"),
            pw.Check("trigger <> 'silence' OR days > 0"),
            pw.Check("trigger <> 'day' OR on_day IS NOT NULL"),
            pw.Check("started_at IS NULL OR agreed_at IS NOT NULL"),
            pw.Check("done_at IS NULL OR started_at IS NOT NULL"),
            pw.Check("(done_at IS NULL) = (has_helped IS NULL)"),
            pw.Check("skipped_at IS NULL OR skipped_why <> ''"),
        ]


class RankedDemand(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="+", on_delete="CASCADE")
    demand = pw.ForeignKeyField(Demand, backref="+", on_delete="CASCADE")
    position = pw.IntegerField()
    weight = pw.TextField(default="must")
    note = pw.TextField(default="")

    class Meta:
        table_name = "ranked_demand"
        indexes = ((("meeting", "demand"), True),)
        constraints = [pw.Check("weight IN ('must','wait','trade')")]


class Duty(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="+", on_delete="CASCADE")
    name = pw.TextField()
    person = pw.ForeignKeyField(Person, backref="+", on_delete="CASCADE")

    class Meta:
        table_name = "duty"
        indexes = ((("meeting", "name"), True),)
        constraints = [pw.Check("name IN ('chair','facts','story','notes','time')")]


class Fallback(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="+", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    what = pw.TextField()
    who = pw.TextField(default="")
    by_on = pw.DateField(null=True)
    rung = pw.ForeignKeyField(Rung, null=True, backref="+", on_delete="SET NULL")

    class Meta:
        table_name = "fallback"


class RoomQuestion(pw.Model):
    meeting = pw.ForeignKeyField(Meeting, backref="+", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    text = pw.TextField()

    class Meta:
        table_name = "room_question"


class HandCount(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="+", on_delete="CASCADE")
    meeting = pw.ForeignKeyField(Meeting, backref="+", on_delete="CASCADE")
    question = pw.TextField()
    yes_count = pw.IntegerField()
    no_count = pw.IntegerField()
    neither_count = pw.IntegerField(default=0)
    counted_by = pw.TextField()
    entered_by = pw.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    entered_at = pw.DateTimeField()
    withdrawn_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "hand_count"
        indexes = ((("meeting", "id"), False),)
        constraints = [pw.Check("yes_count >= 0 AND no_count >= 0 AND neither_count >= 0")]


OTHERS = [Campaign, Person, Letter, Demand, Meeting]
TABLES = [Ballot, BallotElector, BallotVote, Rung, RankedDemand, Duty, Fallback, RoomQuestion, HandCount]


def up(migrator, db):
    with db.bind_ctx([*OTHERS, *TABLES]):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx([*OTHERS, *TABLES]):
        db.drop_tables(TABLES, safe=False)
