"""Suggestions, comments, co-authors, and who is at the desk."""

from typing import Any

import peewee

from portal import clock
from portal.database import Model, UTCDateTimeField
from portal.letters.models import Block, Letter
from portal.people.models import Person

SUGGESTION_KINDS = ("replace", "insert", "remove")
SUGGESTION_STATES = ("open", "accepted", "merged", "refused", "withdrawn")


class CoAuthor(Model):
    """Somebody whose words are in the letter."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="co_authors", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    how = peewee.TextField(default="wrote")
    since_at = UTCDateTimeField(default=clock.now)

    class Meta:
        table_name = "co_author"
        indexes = ((("letter", "person"), True),)
        constraints = [peewee.Check("how IN ('started','wrote','suggested','took_lead')")]


class Presence(Model):
    """Somebody is at the desk, perhaps in one part: a courtesy that runs out by itself, never a lock."""

    letter: Any = peewee.ForeignKeyField(Letter, on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    block: Any = peewee.ForeignKeyField(Block, null=True, on_delete="SET NULL")
    until_at = UTCDateTimeField()

    class Meta:
        indexes = ((("letter", "person"), True),)


class Suggestion(Model):
    """Other words for a part, a new part, or leaving one out, with a reason. The author sees what became of it."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="suggestions", on_delete="CASCADE")
    kind = peewee.TextField()
    # The part it is about; for a new one, the part that it would follow (null: first in the letter).
    block: Any = peewee.ForeignKeyField(Block, null=True, backref="suggestions", on_delete="SET NULL")
    block_kind = peewee.TextField()
    # The version of the part that the author read, and its words then: they tell whether it has moved on.
    based_on = peewee.IntegerField(default=0)
    old_text = peewee.TextField(default="")
    old_test = peewee.TextField(default="")
    old_by_on = peewee.DateField(null=True)
    old_source = peewee.TextField(default="")
    text = peewee.TextField(default="")
    test = peewee.TextField(default="")
    by_on = peewee.DateField(null=True)
    source = peewee.TextField(default="")
    why = peewee.TextField(default="")
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="suggestions", on_delete="SET NULL")
    made_at = UTCDateTimeField(default=clock.now)
    state = peewee.TextField(default="open")
    decided_by: Any = peewee.ForeignKeyField(Person, null=True, backref="decided_suggestions", on_delete="SET NULL")
    decided_at = UTCDateTimeField(null=True)
    # Why it was refused, or what was made of it.
    answer = peewee.TextField(default="")

    class Meta:
        indexes = ((("letter", "state", "id"), False), (("block", "state"), False))
        constraints = [
            peewee.Check("kind IN ('replace','insert','remove')"),
            peewee.Check("state IN ('open','accepted','merged','refused','withdrawn')"),
            peewee.Check("block_kind IN ('greeting','fact','harm','demand','question','meeting','closing')"),
            peewee.Check("state = 'open' OR decided_at IS NOT NULL"),
            peewee.Check("state <> 'refused' OR answer <> ''"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.state == "open"

    @property
    def is_stale(self) -> bool:
        """Whether its part has moved on since it was written. A new part has nothing that could move on."""
        if not self.is_open or self.kind == "insert":
            return False
        return self.block is None or self.block.removed_at is not None or self.block.version != self.based_on


class Comment(Model):
    """A remark on a part or on the whole letter. Answers hang under the first one; a thread can be settled."""

    letter: Any = peewee.ForeignKeyField(Letter, backref="comments", on_delete="CASCADE")
    block: Any = peewee.ForeignKeyField(Block, null=True, backref="comments", on_delete="SET NULL")
    # The first remark of the thread; null for the first itself.
    thread: Any = peewee.ForeignKeyField("self", null=True, backref="answers", on_delete="CASCADE")
    by: Any = peewee.ForeignKeyField(Person, null=True, backref="comments", on_delete="SET NULL")
    text = peewee.TextField()
    made_at = UTCDateTimeField(default=clock.now)
    settled_by: Any = peewee.ForeignKeyField(Person, null=True, backref="settled_comments", on_delete="SET NULL")
    settled_at = UTCDateTimeField(null=True)
    # What the remark grew into.
    suggestion: Any = peewee.ForeignKeyField(Suggestion, null=True, backref="comments", on_delete="SET NULL")
    # Taken back by its author: the words are gone, the place in the thread stays.
    taken_back_at = UTCDateTimeField(null=True)
    # Whom it told, by name; set where threads are listed, never stored.
    told_names: list[str] = []

    class Meta:
        indexes = ((("letter", "id"), False), (("block", "id"), False))


class Mention(Model):
    """A member was named in a remark and is told once."""

    comment: Any = peewee.ForeignKeyField(Comment, backref="mentions", on_delete="CASCADE")
    person: Any = peewee.ForeignKeyField(Person, on_delete="CASCADE")

    class Meta:
        indexes = ((("comment", "person"), True),)
