"""Campaigns and the people in them."""

import peewee as pw


class Place(pw.Model):
    class Meta:
        table_name = "place"


class Target(pw.Model):
    class Meta:
        table_name = "target"


class Person(pw.Model):
    class Meta:
        table_name = "person"


class Campaign(pw.Model):
    key = pw.CharField(max_length=32, unique=True)
    title = pw.TextField()
    problem = pw.TextField(default="")
    kind = pw.TextField(default="other")
    place = pw.ForeignKeyField(Place, unique=True, backref="campaigns", on_delete="RESTRICT")
    target = pw.ForeignKeyField(Target, null=True, backref="campaigns", on_delete="RESTRICT")
    state = pw.TextField(default="gathering")
    visibility = pw.TextField(default="circle")
    started_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = pw.DateTimeField()
    public_at = pw.DateTimeField(null=True)
    version = pw.IntegerField(default=1)
    member_count = pw.IntegerField(default=0)
    signature_count = pw.IntegerField(default=0)
    signed_home_count = pw.IntegerField(default=0)
    is_demo = pw.BooleanField(default=False)

    class Meta:
        table_name = "campaign"
        indexes = ((("visibility", "public_at", "id"), False),)
        constraints = [
            pw.Check("kind IN ('repairs','damp','safety','water','energy','charges','demolition','club','other')"),
            pw.Check("state IN ('gathering','active','paused','won','partly_won','lost','ended')"),
            pw.Check("visibility IN ('circle','link','public')"),
            pw.Check("member_count >= 0 AND signature_count >= 0 AND signed_home_count >= 0"),
        ]


class Beginning(pw.Model):
    person = pw.ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    answers = pw.TextField(default="{}")
    changed_at = pw.DateTimeField()

    class Meta:
        table_name = "beginning"


class Membership(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="memberships", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")
    joined_at = pw.DateTimeField()
    invited_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    how = pw.TextField(default="invitation")
    left_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "membership"
        indexes = ((("campaign", "person"), True), (("person", "left_at"), False))
        constraints = [pw.Check("how IN ('started','invitation','vouched','organizer')")]


class Role(pw.Model):
    membership = pw.ForeignKeyField(Membership, backref="roles", on_delete="CASCADE")
    name = pw.TextField()
    given_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    since_at = pw.DateTimeField()
    until_on = pw.DateField()
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "role"
        indexes = ((("membership", "name"), False),)
        constraints = [pw.Check("name IN ('lead','drafter','door_captain','secretary','spokesperson')")]


class Attachment(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="attachments", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, backref="attachments", on_delete="CASCADE")
    asked_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    asked_at = pw.DateTimeField()
    accepted_at = pw.DateTimeField(null=True)
    ended_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "attachment"
        indexes = ((("campaign", "person"), False), (("person", "ended_at"), False))


class Invitation(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="invitations", on_delete="CASCADE")
    nonce = pw.CharField(max_length=32, unique=True)
    made_by = pw.ForeignKeyField(Person, on_delete="CASCADE")
    note = pw.TextField(default="")
    is_poster = pw.BooleanField(default=False)
    created_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    closed_at = pw.DateTimeField(null=True)
    use_count = pw.IntegerField(default=0)

    class Meta:
        table_name = "invitation"


class JoinRequest(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="join_requests", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    words = pw.TextField(default="")
    created_at = pw.DateTimeField()
    decided_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    decided_at = pw.DateTimeField(null=True)
    was_let_in = pw.BooleanField(default=False)

    class Meta:
        table_name = "join_request"
        indexes = ((("campaign", "decided_at"), False),)


class Demand(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="demands", on_delete="CASCADE")
    position = pw.IntegerField(default=0)
    kind = pw.TextField(default="do")
    what = pw.TextField()
    who = pw.TextField(default="")
    by_on = pw.DateField(null=True)
    test = pw.TextField(default="")
    home_count = pw.IntegerField(null=True)
    first_win = pw.TextField(default="")
    worst_acceptable = pw.TextField(default="")
    withdrawn_at = pw.DateTimeField(null=True)
    created_at = pw.DateTimeField()

    class Meta:
        table_name = "demand"
        indexes = ((("campaign", "position"), False),)
        constraints = [pw.Check("kind IN ('do','stop','give','meet','promise','answer')")]


class Agreement(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="agreements", on_delete="CASCADE")
    kind = pw.TextField()
    subject_id = pw.IntegerField(default=0)
    terms = pw.TextField(default="{}")
    asked_by = pw.ForeignKeyField(Person, on_delete="CASCADE")
    asked_at = pw.DateTimeField()
    agreed_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    agreed_at = pw.DateTimeField(null=True)
    withdrawn_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    withdrawn_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "agreement"
        indexes = ((("campaign", "kind", "subject_id"), False),)
        constraints = [
            pw.Check("kind IN ('go_public','freeze_letter','send_letter','close_campaign')"),
            pw.Check("agreed_by_id IS NULL OR agreed_by_id <> asked_by_id"),
        ]


class Activity(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="activities", on_delete="CASCADE")
    verb = pw.TextField()
    side = pw.TextField(default="note")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    happened_on = pw.DateField()
    recorded_at = pw.DateTimeField()
    subject_kind = pw.TextField(default="")
    subject_id = pw.IntegerField(default=0)
    facts = pw.TextField(default="{}")
    is_public = pw.BooleanField(default=False)

    class Meta:
        table_name = "activity"
        indexes = ((("campaign", "happened_on", "id"), False), (("subject_kind", "subject_id"), False))
        constraints = [pw.Check("side IN ('ours','theirs','note')")]


class Closure(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="closures", on_delete="CASCADE")
    outcome = pw.TextField()
    story = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()
    reopened_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "closure"
        constraints = [pw.Check("outcome IN ('won','partly_won','lost','ended')")]


TABLES = (
    Campaign,
    Beginning,
    Membership,
    Role,
    Attachment,
    Invitation,
    JoinRequest,
    Demand,
    Agreement,
    Activity,
    Closure,
)
STUBS = (Place, Target, Person)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
