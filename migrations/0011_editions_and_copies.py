"""Each state of a letter, signatures under each version, translations, the annex, and papers."""

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


class LetterVersion(pw.Model):
    class Meta:
        table_name = "letter_version"


class Signature(pw.Model):
    class Meta:
        table_name = "signature"


class StoredFile(pw.Model):
    class Meta:
        table_name = "stored_file"


class LetterRevision(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="revisions", on_delete="CASCADE")
    number = pw.IntegerField()
    arrangement = pw.TextField()
    title = pw.TextField()
    change = pw.TextField(default="wrote")
    block = pw.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = pw.DateTimeField()
    why = pw.TextField(default="")
    name = pw.TextField(default="")
    named_by = pw.ForeignKeyField(Person, null=True, backref="named_revisions", on_delete="SET NULL")
    named_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "letter_revision"
        indexes = ((("letter", "number"), True),)
        constraints = [
            pw.Check("number > 0"),
            pw.Check("name IN ('','outline','proposed','frozen')"),
            pw.Check(
                "change IN ('began','added','wrote','merged','moved','removed','put_back','split','joined',"
                "'suggested','restored','heading','address','filled','reopened')"
            ),
        ]


class Reading(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="readings", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    kind = pw.TextField()
    number = pw.IntegerField()
    words = pw.TextField(default="")
    at = pw.DateTimeField()

    class Meta:
        table_name = "reading"
        indexes = ((("letter", "kind", "number"), False),)
        constraints = [pw.Check("kind IN ('second','aloud')")]


class RefusedChange(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="refused_changes", on_delete="CASCADE")
    by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    what = pw.TextField()
    at = pw.DateTimeField()

    class Meta:
        table_name = "refused_change"
        indexes = ((("letter", "id"), False),)


class SignedVersion(pw.Model):
    signature = pw.ForeignKeyField(Signature, backref="signed_versions", on_delete="CASCADE")
    version = pw.ForeignKeyField(LetterVersion, backref="signed_versions", on_delete="RESTRICT")
    how = pw.TextField(default="signed")
    at = pw.DateTimeField()

    class Meta:
        table_name = "signed_version"
        indexes = ((("signature", "version"), True),)
        constraints = [pw.Check("how IN ('signed','again','typo')")]


class Translation(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="translations", on_delete="CASCADE")
    version = pw.ForeignKeyField(LetterVersion, backref="translations", on_delete="CASCADE")
    language = pw.TextField()
    title = pw.TextField(default="")
    content = pw.TextField(default="[]")
    number = pw.IntegerField(default=1)
    made_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    changed_by = pw.ForeignKeyField(Person, null=True, backref="changed_translations", on_delete="SET NULL")
    changed_at = pw.DateTimeField()
    checked_by = pw.ForeignKeyField(Person, null=True, backref="checked_translations", on_delete="SET NULL")
    checked_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "translation"
        indexes = ((("version", "language"), True), (("letter", "id"), False))
        constraints = [pw.Check("number > 0"), pw.Check("checked_by_id IS NULL OR checked_by_id <> changed_by_id")]


class Complainant(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="complainants", on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, on_delete="CASCADE")
    signature = pw.ForeignKeyField(Signature, null=True, on_delete="CASCADE")
    name = pw.TextField()
    home_words = pw.TextField(default="")
    complaints = pw.TextField(default="")
    agreed_at = pw.DateTimeField()
    withdrawn_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "complainant"
        indexes = ((("letter", "person"), True), (("letter", "signature"), True))
        constraints = [pw.Check("(person_id IS NULL) <> (signature_id IS NULL)")]


class OwnTemplate(pw.Model):
    campaign = pw.ForeignKeyField(Campaign, backref="own_templates", on_delete="CASCADE")
    name = pw.TextField()
    about = pw.TextField(default="")
    content = pw.TextField()
    made_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    made_at = pw.DateTimeField()
    removed_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "own_template"
        indexes = ((("campaign", "id"), False),)


class PaperJob(pw.Model):
    letter = pw.ForeignKeyField(Letter, backref="paper_jobs", on_delete="CASCADE")
    version = pw.ForeignKeyField(LetterVersion, null=True, on_delete="CASCADE")
    kind = pw.TextField()
    made_of = pw.TextField()
    state = pw.TextField(default="waiting")
    done = pw.IntegerField(default=0)
    total = pw.IntegerField(default=0)
    problem = pw.TextField(default="")
    file = pw.ForeignKeyField(StoredFile, null=True, on_delete="SET NULL")
    asked_by = pw.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    asked_at = pw.DateTimeField()
    lease_until = pw.DateTimeField(null=True)
    finished_at = pw.DateTimeField(null=True)

    class Meta:
        table_name = "paper_job"
        indexes = ((("letter", "kind", "made_of"), True), (("state", "id"), False))
        constraints = [pw.Check("state IN ('waiting','working','done','failed')"), pw.Check("done >= 0 AND total >= 0")]


TABLES = (LetterRevision, Reading, RefusedChange, SignedVersion, Translation, Complainant, OwnTemplate, PaperJob)
STUBS = (Campaign, Person, Letter, Block, LetterVersion, Signature, StoredFile)


def up(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.create_tables(TABLES, safe=False)


def down(migrator, db):
    with db.bind_ctx(TABLES + STUBS):
        db.drop_tables(TABLES)
