"""Who can be told about a letter, and whose words are in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import peewee

from portal.campaigns.models import Attachment, Campaign, Membership
from portal.letters.models import Letter
from portal.letters.talk.models import CoAuthor
from portal.people.models import Person

# Beyond that a list to tick is longer than what one came to say.
MOST_TICKS = 30
# "@Ben" or "@Ben Okafor": a word, and perhaps a second one.
_NAMED = re.compile(r"(?<!\w)@([^\W\d_][\w’'-]*)(?:[ \t]+([^\W\d_][\w’'-]*))?")


@dataclass(frozen=True)
class Neighbour:
    """Somebody in the circle, by what is needed to tell them something."""

    id: int
    name: str

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0]


def circle_column(campaign: Campaign) -> Any:
    """Everybody in the circle and the organizers who help it, as one column for `read_circle`."""
    belongs = Membership.select(Membership.person).where(
        Membership.campaign == campaign.id, Membership.left_at.is_null()
    )
    helps = Attachment.select(Attachment.person).where(
        Attachment.campaign == campaign.id, Attachment.accepted_at.is_null(False), Attachment.ended_at.is_null()
    )
    words = Person.id.cast("TEXT").concat(" ").concat(Person.name)
    return (
        Person.select(peewee.fn.string_agg(words, "\n"))
        .where(Person.id.in_(belongs) | Person.id.in_(helps), Person.closed_at.is_null(), Person.name != "")
        .alias("circle_words")
    )


def read_circle(words: str | None) -> list[Neighbour]:
    """The people in a column of `circle_column`, in the order of their names."""
    found = (line.partition(" ") for line in (words or "").split("\n") if line)
    return sorted((Neighbour(int(number), name) for number, _space, name in found), key=lambda one: one.name.casefold())


def circle_of(campaign: Campaign) -> list[Neighbour]:
    """Everybody in the circle and the organizers who help it, by name. One statement."""
    row = Campaign.select(circle_column(campaign)).where(Campaign.id == campaign.id).tuples().first()
    return read_circle(row[0] if row else None)


def named_in(text: str, circle: Iterable[Neighbour]) -> set[int]:
    """Who is meant by each “@Name” in a text. A first name that two share means both; a full name only the one."""
    everybody = list(circle)
    found: set[int] = set()
    for match in _NAMED.finditer(text):
        first, second = match.group(1), match.group(2)
        exact = {one.id for one in everybody if second and _same(one.name, f"{first} {second}")}
        found |= exact or {one.id for one in everybody if _same(one.first_name, first)}
    return found


def names_to_people(typed: str, circle: Iterable[Neighbour]) -> tuple[set[int], list[str]]:
    """Who is meant by names with commas between them, and the names that nobody here has."""
    everybody = list(circle)
    found: set[int] = set()
    unknown = []
    for name in (part.strip().removeprefix("@").strip() for part in typed.split(",")):
        meant = {one.id for one in everybody if _same(one.name, name)}
        meant = meant or {one.id for one in everybody if _same(one.first_name, name)}
        if name and not meant:
            unknown.append(name)
        found |= meant
    return found, unknown


def add_author(letter: Letter, person_id: int, *, how: str) -> bool:
    """Name somebody among those whose words are in the letter, inside its transaction. Returns whether they are new."""
    before = CoAuthor.select().where(CoAuthor.letter == letter.id, CoAuthor.person == person_id).exists()
    CoAuthor.insert(letter=letter.id, person=person_id, how=how).on_conflict_ignore().execute()
    return not before


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
