"""Translations, named complainants, a campaign's own templates, and papers that take a while."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Letter, LetterVersion, Signature
from portal.people.models import Person
from portal.storage import StoredFile

PAPERS = ("letter", "addressee", "large")


class Translation(Model):
    """A frozen version in another language. The version's own text stays the one that counts."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="translations", on_delete="CASCADE")
    version: Any = peewee.ForeignKeyField(LetterVersion, backref="translations", on_delete="CASCADE")
    language = peewee.TextField()
    title = peewee.TextField(default="")
    # The blocks in the order of the version, as {"text", "test", "source"} (JSON).
    content = peewee.TextField(default="[]")
    # Raised with each save; a save names the one it began from.
    number = peewee.IntegerField(default=1)
    made_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    changed_by: Any = peewee.ForeignKeyField(Person, null=True, backref="changed_translations", on_delete="SET NULL")
    changed_at = UTCDateTimeField(default=clock.now)
    checked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="checked_translations", on_delete="SET NULL")
    checked_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("version", "language"), True), (("letter", "id"), False))
        constraints = [
            peewee.Check("number > 0"),
            peewee.Check("checked_by_id IS NULL OR checked_by_id <> changed_by_id"),
        ]


class Complainant(Model):
    """Somebody who agreed to be named to the addressee, and to nobody else, with their home and their complaints."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="complainants", on_delete="CASCADE")
    # A member of the campaign, or a signer by their own link.
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="CASCADE")
    signature: Any = peewee.ForeignKeyField(Signature, null=True, on_delete="CASCADE")
    name = peewee.TextField()
    home_words = peewee.TextField(default="")
    # Numbers and days of earlier complaints, as they were given.
    complaints = peewee.TextField(default="")
    agreed_at = UTCDateTimeField(default=clock.now)
    withdrawn_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("letter", "person"), True), (("letter", "signature"), True))
        constraints = [peewee.Check("(person_id IS NULL) <> (signature_id IS NULL)")]


class OwnTemplate(OfCampaign):
    """A letter that a campaign keeps to begin from again."""

    campaign: Any = peewee.ForeignKeyField(Campaign, backref="own_templates", on_delete="CASCADE")
    name = peewee.TextField()
    about = peewee.TextField(default="")
    # The same shape as the files in letters/templates (JSON).
    content = peewee.TextField()
    made_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    made_at = UTCDateTimeField(default=clock.now)
    removed_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "own_template"
        indexes = ((("campaign", "id"), False),)


class PaperJob(Model):
    """A PDF that takes a while: made by the job worker, with its progress."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="paper_jobs", on_delete="CASCADE")
    version: Any = peewee.ForeignKeyField(LetterVersion, null=True, on_delete="CASCADE")
    kind = peewee.TextField()
    # Says what the paper was made of, so that the same paper is made once.
    made_of = peewee.TextField()
    state = peewee.TextField(default="waiting")
    done = peewee.IntegerField(default=0)
    total = peewee.IntegerField(default=0)
    problem = peewee.TextField(default="")
    file: Any = peewee.ForeignKeyField(StoredFile, null=True, on_delete="SET NULL")
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    asked_at = UTCDateTimeField(default=clock.now)
    lease_until = UTCDateTimeField(null=True)
    finished_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "paper_job"
        indexes = ((("letter", "kind", "made_of"), True), (("state", "id"), False))
        constraints = [
            peewee.Check("state IN ('waiting','working','done','failed')"),
            peewee.Check("done >= 0 AND total >= 0"),
        ]
