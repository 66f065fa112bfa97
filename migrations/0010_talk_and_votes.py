"""The register of evidence, what is said about a letter, and the sign-off vote."""

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


class Block(pw.Model):
    class Meta:
        table_name = "block"


class EvidenceItem(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="evidence", on_delete="CASCADE")
    kind = pw.TextField()
    title = pw.TextField()
    reference = pw.TextField(default="")
    source = pw.TextField(default="")
    home_count = pw.IntegerField(null=True)
    from_on = pw.DateField(null=True)
    to_on = pw.DateField(null=True)
    recorded_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    recorded_at = pw.DateTimeField()
    version = pw.IntegerField(default=1)
    withdrawn_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "evidence_item"
        indexes = ((("campaign", "id"), False),)
        constraints = [
            pw.Check("kind IN ('reports','complaint','photos','measurement','document','public')"),
            pw.Check("home_count IS NULL OR home_count >= 0"),
            pw.Check("to_on IS NULL OR from_on IS NULL OR to_on >= from_on"),
        ]


class BlockEvidence(pw.Model):
    block = pw.ForeignKeyField(Block, backref="evidence", on_delete="CASCADE")
    item = pw.ForeignKeyField(EvidenceItem, backref="blocks", on_delete="CASCADE")
    added_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    added_at = pw.DateTimeField()

    class Meta:
        table_name = "block_evidence"
        indexes = ((("block", "item"), True),)


class CoAuthor(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="co_authors", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    how = pw.TextField(default="wrote")
    since_at = pw.DateTimeField()

    class Meta:
        table_name = "co_author"
        indexes = ((("letter", "person"), True),)
        constraints = [pw.Check("how IN ('started','wrote','suggested','took_lead')")]


class Presence(pw.Model):
    letter = pw.ForeignKeyField(Letter, on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    block = pw.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    until_at = pw.DateTimeField()

    class Meta:
        table_name = "presence"
        indexes = ((("letter", "person"), True),)


class Suggestion(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="suggestions", on_delete="CASCADE")
    kind = pw.TextField()
    block = pw.ForeignKeyField(Block, null=True, backref="suggestions", on_delete="SET NULL")
    block_kind = pw.TextField()
    based_on = pw.IntegerField(default=0)
    old_text = pw.TextField(default="")
    old_test = pw.TextField(default="")
    old_by_on = pw.DateField(null=True)
    old_source = pw.TextField(default="")
    text = pw.TextField(default="")
    test = pw.TextField(default="")
    by_on = pw.DateField(null=True)
    source = pw.TextField(default="")
    why = pw.TextField(default="")
    by = pw.ForeignKeyField(Person, null=True, backref="suggestions", on_delete="SET NULL")
    made_at = pw.DateTimeField()
    state = pw.TextField(default="open")
    decided_by = pw.ForeignKeyField(Person, null=True, backref="decided_suggestions", on_delete="SET NULL")
    decided_at = pw.DateTimeField(null=True)
    answer = pw.TextField(default="")

    class Meta:
        table_name = "suggestion"
        indexes = ((("letter", "state", "id"), False), (("block", "state"), False))
        constraints = [
            pw.Check("kind IN ('replace','insert','remove')"),
            pw.Check("state IN ('open','accepted','merged','refused','withdrawn')"),
            pw.Check("block_kind IN ('greeting','fact','harm','demand','question','meeting','closing')"),
            pw.Check("state = 'open' OR decided_at IS NOT NULL"),
            pw.Check("state <> 'refused' OR answer <> ''"),
        ]


class Comment(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="comments", on_delete="CASCADE")
    block = pw.ForeignKeyField(Block, null=True, backref="comments", on_delete="SET NULL")
    thread = pw.ForeignKeyField("self", null=True, backref="answers", on_delete="CASCADE")
    by = pw.ForeignKeyField(Person, null=True, backref="comments", on_delete="SET NULL")
    text = pw.TextField()
    made_at = pw.DateTimeField()
    settled_by = pw.ForeignKeyField(Person, null=True, backref="settled_comments", on_delete="SET NULL")
    settled_at = pw.DateTimeField(null=True)
    suggestion = pw.ForeignKeyField(Suggestion, null=True, backref="comments", on_delete="SET NULL")
    taken_back_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "comment"
        indexes = ((("letter", "id"), False), (("block", "id"), False))


class Mention(pw.Model):
    comment = pw.ForeignKeyField(Comment, backref="mentions", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        table_name = "mention"
        indexes = ((("comment", "person"), True),)


class SignOff(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="sign_offs", on_delete="CASCADE")
    number = pw.IntegerField()
    sha256 = pw.CharField(max_length=64)
    opened_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    opened_at = pw.DateTimeField()
    closes_at = pw.DateTimeField()
    pass_percent = pw.IntegerField(default=50)
    core_percent = pw.IntegerField(default=50)
    least_voters = pw.IntegerField(default=3)
    elector_count = pw.IntegerField(default=0)
    core_count = pw.IntegerField(default=0)
    voter_count = pw.IntegerField(default=0)
    core_voter_count = pw.IntegerField(default=0)
    closed_at = pw.DateTimeField(null=True)
    closed_by = pw.ForeignKeyField(Person, null=True, backref="closed_sign_offs", on_delete="SET NULL")
    outcome = pw.TextField(null=True)
    cancelled_for = pw.TextField(default="")

    class Meta:
        table_name = "sign_off"
        indexes = ((("letter", "id"), False),)
        constraints = [
            pw.Check("length(sha256) = 64"),
            pw.Check("pass_percent BETWEEN 50 AND 99 AND core_percent BETWEEN 0 AND 100 AND least_voters >= 2"),
            pw.Check("outcome IS NULL OR outcome IN ('passed','failed','cancelled')"),
            pw.Check("(outcome IS NULL) = (closed_at IS NULL)"),
        ]


class Elector(pw.Model):
    sign_off = pw.ForeignKeyField(SignOff, backref="electors", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    is_core = pw.BooleanField(default=False)
    nudged_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "elector"
        indexes = ((("sign_off", "person"), True),)


class Vote(pw.Model):
    sign_off = pw.ForeignKeyField(SignOff, backref="votes", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, on_delete="CASCADE")
    number = pw.IntegerField(default=1)
    choice = pw.TextField()
    reason = pw.TextField(default="")
    cast_at = pw.DateTimeField()
    entered_by = pw.ForeignKeyField(Person, null=True, backref="entered_votes", on_delete="SET NULL")
    checked_by = pw.ForeignKeyField(Person, null=True, backref="checked_votes", on_delete="SET NULL")
    checked_at = pw.DateTimeField(null=True)
    replaced_at = pw.DateTimeField(null=True)
    answer = pw.TextField(default="")
    answered_by = pw.ForeignKeyField(Person, null=True, backref="answered_votes", on_delete="SET NULL")
    answered_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "vote"
        indexes = ((("sign_off", "person", "number"), True),)
        constraints = [
            pw.Check("choice IN ('agree','worry','not_yet')"),
            pw.Check("choice <> 'not_yet' OR reason <> ''"),
            pw.Check("checked_by_id IS NULL OR checked_by_id <> entered_by_id"),
        ]


TABLES = (EvidenceItem, BlockEvidence, CoAuthor, Presence, Suggestion, Comment, Mention, SignOff, Elector, Vote)
STUBS = (Campaign, Person, Letter, Block)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
