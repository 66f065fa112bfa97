"""Who reads an answer, where they differ and what they agree on; what was put right; silence; steps after a threat."""

from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Campaign, OfCampaign
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Block, Letter
from portal.people.models import Person
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Response


class Reader(Model):
    """One person's reading of an answer: asked for by name, begun of their own accord, or finished."""

    response: Any = peewee.ForeignKeyField(Response, backref="readers", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    asked_at = UTCDateTimeField(null=True)
    declined_at = UTCDateTimeField(null=True)
    # What kind of answer they find it is; null until they have read it.
    kind = peewee.TextField(null=True)
    read_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "reader"
        indexes = ((("response", "person"), True), (("person", "read_at"), False))


class RowNote(Model):
    """Why somebody reads a row as they do, for talking a difference over."""

    response: Any = peewee.ForeignKeyField(Response, on_delete="CASCADE")
    block: Any = peewee.ForeignKeyField(Block, on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    text = peewee.TextField()
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "row_note"
        indexes = ((("response", "block", "person"), True),)


class SettledRow(Model):
    """What a lead says the readers agree on, for a row they read differently. It goes when one of them reads anew."""

    response: Any = peewee.ForeignKeyField(Response, backref="settled_rows", on_delete="CASCADE")
    # 0 stands for the kind of the whole answer, else the block of the row: a unique key takes no NULL.
    row_key = peewee.IntegerField()
    verdict = peewee.TextField()
    words = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "settled_row"
        indexes = ((("response", "row_key"), True),)


class WordCorrection(Model):
    """Something that was logged by hand was wrong and somebody put it right: both stay."""

    response: Any = peewee.ForeignKeyField(Response, backref="word_corrections", on_delete="CASCADE")
    what = peewee.TextField()
    was = peewee.TextField()
    now = peewee.TextField()
    why = peewee.TextField()
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "word_correction"
        indexes = ((("response", "id"), False),)
        constraints = [peewee.Check("what IN ('from_name','channel','text')"), peewee.Check("why <> ''")]


class SetAside(OfCampaign):
    """An answer that was logged by mistake: what it was, and why it no longer stands."""

    campaign: Any = peewee.ForeignKeyField(Campaign, on_delete="CASCADE")
    letter: Any = peewee.ForeignKeyField(Letter, on_delete="CASCADE")
    channel = peewee.TextField()
    received_on = peewee.DateField()
    from_name = peewee.TextField(default="")
    text = peewee.TextField(default="")
    # Names and fingerprints of its files (JSON). The bytes stay where they are kept.
    files = peewee.TextField(default="[]")
    why = peewee.TextField()
    logged_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    logged_at = UTCDateTimeField()
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "set_aside"
        indexes = ((("campaign", "id"), False),)
        constraints = [peewee.Check("why <> ''")]


class Silence(Model):
    """A due day passed without an answer: noted once for each clock, and no longer true when it turns out otherwise."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="silences", on_delete="CASCADE")
    deadline: Any = peewee.ForeignKeyField(Deadline, null=True, on_delete="SET NULL")
    # The clock, or 0 for the letter's own day where no clock runs: a unique key takes no NULL.
    clock_key = peewee.IntegerField()
    response: Any = peewee.ForeignKeyField(Response, null=True, backref="+", on_delete="SET NULL")
    due_on = peewee.DateField()
    noted_at = UTCDateTimeField(default=clock.now)
    ended_at = UTCDateTimeField(null=True)
    ended_why = peewee.TextField(default="")

    class Meta:
        table_name = "silence"
        indexes = ((("letter", "clock_key"), True), (("ended_at",), False))
        constraints = [peewee.Check("ended_why IN ('','answered','moved','dropped')")]


class LegalStep(Model):
    """A step that somebody has done after a threat of legal action."""

    response: Any = peewee.ForeignKeyField(Response, backref="legal_steps", on_delete="CASCADE")
    step = peewee.TextField()
    note = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "legal_step"
        indexes = ((("response", "step"), True),)


class FactReview(Model):
    """They say a fact is wrong: what we found when we looked, and what we say of it in public if they are right."""

    response: Any = peewee.ForeignKeyField(Response, unique=True, on_delete="CASCADE")
    verdict = peewee.TextField()
    words = peewee.TextField()
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    at = UTCDateTimeField(default=clock.now)
    note = peewee.TextField(default="")
    published_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    published_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "fact_review"
        constraints = [peewee.Check("verdict IN ('right','wrong','unsure')")]


class InfoRequest(Model):
    """They ask for something: who of us gives it to them, by when, and whether it is done."""

    response: Any = peewee.ForeignKeyField(Response, unique=True, on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    what = peewee.TextField()
    by_on = peewee.DateField()
    asked_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    asked_at = UTCDateTimeField(default=clock.now)
    done_by: Any = peewee.ForeignKeyField(Person, null=True, backref="+", on_delete="SET NULL")
    done_at = UTCDateTimeField(null=True)

    class Meta:
        table_name = "info_request"
        indexes = ((("person", "done_at"), False),)
