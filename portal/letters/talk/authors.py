"""Whose words are in a letter, and when it was saved last: columns for the query that finds it."""

from datetime import datetime
from typing import Any

import peewee

from portal.database import UTCDateTimeField
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Letter
from portal.letters.talk.models import CoAuthor
from portal.people.models import Person


def author_columns() -> tuple[Any, Any, Any]:
    """For the query of one letter: who wrote it, when it was saved last, and to whom the lead is offered.

    `read_authors` and `last_saved` take them apart again.
    """
    words = CoAuthor.id.cast("TEXT").concat(" ").concat(Person.name)
    writers = (
        CoAuthor.select(peewee.fn.string_agg(words, "\n"))
        .join(Person, on=(CoAuthor.person == Person.id))
        .where(CoAuthor.letter == Letter.id, Person.closed_at.is_null())
    )
    saved = LetterRevision.select(peewee.fn.MAX(LetterRevision.at)).where(LetterRevision.letter == Letter.id)
    offered = Person.alias()
    name = offered.select(offered.name).where(offered.id == Letter.lead_offered_to)
    return writers.alias("writer_words"), saved.alias("saved_words"), name.alias("offered_name")


def read_authors(letter: Letter) -> list[str]:
    """The names of those whose words are in the letter, in the order in which they came to it."""
    lines = [line.partition(" ") for line in (letter.writer_words or "").split("\n") if line]
    return [name for _number, _space, name in sorted(lines, key=lambda line: int(line[0])) if name]


def last_saved(letter: Letter) -> datetime:
    """When anything in the letter was saved last."""
    return UTCDateTimeField().python_value(letter.saved_words) or letter.created_at
