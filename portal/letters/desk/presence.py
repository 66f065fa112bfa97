"""Who is at the desk, and in which part. A courtesy that runs out by itself, never a lock."""

from dataclasses import dataclass
from datetime import timedelta

import peewee

from portal import clock
from portal.database import as_stored, transaction
from portal.letters.models import Block, Letter
from portal.letters.talk.models import Presence
from portal.people.models import Person
from portal.quick_statements import Written, blank

LEASE_SECONDS = 60


@dataclass(frozen=True)
class Somebody:
    """A person at the desk; `block_id` is the part they are writing in, or None."""

    person_id: int
    name: str
    block_id: int | None


def be_here(letter: Letter, *, block_id: int | None, by: Person) -> None:
    """Say that `by` is at the desk for the next minute, in this part of it or in none.

    A part of another letter counts as none. Renewed as often as one likes; nothing else waits for it.
    """
    with transaction():
        until = as_stored(clock.now() + timedelta(seconds=LEASE_SECONDS))
        _BE_HERE.run(letter=letter.id, person=by.id, block=block_id, until=until)


def who_is_here(letter_id: int) -> list[Somebody]:
    """Everybody whose minute has not run out: first those who write, each group by name. One statement."""
    rows = _HERE.run(letter=letter_id, now=as_stored(clock.now())).fetchall()
    return [Somebody(person_id, Person(name=name).first_name, block_id) for person_id, name, block_id in rows]


# A part of another letter is none: the inner question finds nothing.
_BE_HERE = Written(
    lambda: Presence.insert(
        letter=blank("letter"),
        person=blank("person"),
        block=Block.select(Block.id).where(Block.id == blank("block"), Block.letter == blank("letter")),
        until_at=blank("until"),
    ).on_conflict(
        conflict_target=[Presence.letter, Presence.person],
        update={Presence.block: peewee.EXCLUDED.block_id, Presence.until_at: peewee.EXCLUDED.until_at},
    )
)
_HERE = Written(
    lambda: (
        Presence.select(Presence.person, Person.name, Presence.block)
        .join(Person)
        .where(Presence.letter == blank("letter"), Presence.until_at > blank("now"))
        .order_by(Presence.block.is_null(), peewee.fn.LOWER(Person.name), Person.id)
    )
)
