"""Somebody read the letter as it stands: as a second reader, or aloud with others. A change of the text ends that."""

from flask_babel import gettext as _

from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.editions.models import Reading
from portal.letters.models import Letter
from portal.letters.operations import desk_changed
from portal.people.models import Person

KINDS = ("second", "aloud")


def note_reading(letter: Letter, *, kind: str, seen: int, words: str = "", by: Person) -> Reading:
    """Write down that `by` read the text as it was at version `seen`, with what should change, if anything.

    Raises RuleBroken when the text changed since, is fixed, or the lead author would be the second reader of their own
    words; ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    if kind == "second" and letter.lead_author_id == by.id:
        raise RuleBroken(_("You lead this letter. A second reader is somebody who did not write it"))
    with transaction():
        # Raises the desk's version, and takes the letter's row: no change slips in between.
        desk_changed(letter)
        now = Letter.get_by_id(letter.id)
        if not now.is_open_for_drafting:
            raise RuleBroken(_("The text is not being written now. There is nothing left to change"))
        if now.version != seen:
            raise RuleBroken(_("The text changed while you were reading. Read it once more"))
        mine = (Reading.letter == letter.id) & (Reading.person == by.id) & (Reading.kind == kind)
        Reading.delete().where(mine, Reading.number == seen).execute()
        return Reading.create(letter=letter, person=by, kind=kind, number=seen, words=words)


def readings_of(letter: Letter) -> list[Reading]:
    """Readings of exactly the text as it stands, oldest first, with who read. One statement."""
    return list(
        Reading.select(Reading, Person)
        .left_outer_join(Person)
        .where(Reading.letter == letter.id, Reading.number == letter.version)
        .order_by(Reading.id)
    )


def lacks_second_reader(letter: Letter) -> bool:
    """Whether a second reader is needed and nobody but the lead author has read exactly this text."""
    if not letter.needs_second_reader:
        return False
    return not any(
        reading.kind == "second" and reading.person_id not in (None, letter.lead_author_id)
        for reading in readings_of(letter)
    )
