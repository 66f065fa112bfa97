"""Named states of a letter's text: the outline, what was proposed, what was frozen."""

from portal import clock
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Letter
from portal.letters.operations import keep_letter
from portal.people.models import Person


def name_revision(letter: Letter, name: str, *, by: Person) -> None:
    """Name the state of the text at the letter's version, inside the transaction of what gives it its name."""
    here = (LetterRevision.letter == letter.id) & (LetterRevision.number == letter.version)
    named = LetterRevision.update(name=name, named_by=by.id, named_at=clock.now()).where(here)
    if not named.execute():
        keep_letter(letter, by=by, change="wrote")
        named.execute()
