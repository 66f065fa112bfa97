"""Each state of a letter's text, readings of it, refused changes, and signatures under each frozen version."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.people.models import Person

NAMES = ("", "outline", "proposed", "frozen")
# What a change was, for the history.
CHANGES = (
    "began",
    "added",
    "wrote",
    "merged",
    "moved",
    "removed",
    "put_back",
    "split",
    "joined",
    "suggested",
    "restored",
    "heading",
    "address",
    "filled",
    "reopened",
)


class LetterRevision(Model):
    """The whole letter as it stood after one change: which parts in which order, each at which version."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="revisions", on_delete="CASCADE")
    # Equal to the letter's version after the change.
    number = peewee.IntegerField()
    # [[block id, block version], …] in their order, removed parts left out (JSON).
    arrangement = peewee.TextField()
    title = peewee.TextField()
    change = peewee.TextField(default="wrote")
    block: Any = peewee.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)
    why = peewee.TextField(default="")
    # "outline", "proposed" or "frozen" where somebody named this state; otherwise empty.
    name = peewee.TextField(default="")
    named_by: Any = peewee.ForeignKeyField(Person, null=True, backref="named_revisions", on_delete="SET NULL")
    named_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "letter_revision"
        indexes = ((("letter", "number"), True),)
        constraints = [
            peewee.Check("number > 0"),
            peewee.Check("name IN ('','outline','proposed','frozen')"),
            peewee.Check(
                "change IN ('began','added','wrote','merged','moved','removed','put_back','split','joined',"
                "'suggested','restored','heading','address','filled','reopened')"
            ),
        ]


class Reading(Model):
    """Somebody read the letter as it was at one version: as a second reader, or aloud."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="readings", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    kind = peewee.TextField()
    number = peewee.IntegerField()
    words = peewee.TextField(default="")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        indexes = ((("letter", "kind", "number"), False),)
        constraints = [peewee.Check("kind IN ('second','aloud')")]


class RefusedChange(Model):
    """Somebody tried to change a text that is frozen. Nothing changed; the leads can see that it was tried."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="refused_changes", on_delete="CASCADE")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    # The route that was tried, never the words.
    what = peewee.TextField()
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "refused_change"
        indexes = ((("letter", "id"), False),)


class SignedVersion(Model):
    """A signature stands under a frozen version: signed, signed again, or carried over with a typo."""

    signature: Any = peewee.ForeignKeyField(Signature, backref="signed_versions", on_delete="CASCADE")
    version: Any = peewee.ForeignKeyField(LetterVersion, backref="signed_versions", on_delete="RESTRICT")
    how = peewee.TextField(default="signed")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "signed_version"
        indexes = ((("signature", "version"), True),)
        constraints = [peewee.Check("how IN ('signed','again','typo')")]
