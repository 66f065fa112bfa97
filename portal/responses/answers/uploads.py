"""The files of a form that logs an answer: each is safe before anything can go wrong, and none is chosen twice."""

from typing import Any

from flask_babel import gettext as _

from portal import storage
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.storage import StoredFile
from portal.tokens import sign, unsign

MOST_FILES = 10
PURPOSE = "response-file"


def keep_files(form: Any, person: Person) -> tuple[list[StoredFile], str]:
    """What came with this form and with earlier presses of it, in their order, and what is wrong ("" when nothing is).

    The form's note of them is brought up to date, so that a page with errors keeps them. Somebody else's note is none.
    """
    kept = _noted(form, person)
    chosen = [one for one in form.file.data or [] if one and one.filename]
    wrong = ""
    for one in chosen:
        if len(kept) >= MOST_FILES:
            wrong = _("Choose %(most)s files or fewer. The first %(most)s are kept", most=MOST_FILES)
            break
        try:
            kept.append(storage.keep(one.stream, name=one.filename))
        except RuleBroken as broken:
            wrong = broken.message
    form.kept_file.data = sign(PURPOSE, [person.id, *(one.id for one in kept)]) if kept else ""
    return kept, wrong


def _noted(form: Any, person: Person) -> list[StoredFile]:
    noted = unsign(PURPOSE, form.kept_file.data or "")
    if not isinstance(noted, list) or not noted or noted[0] != person.id:
        return []
    found = {one.id: one for one in StoredFile.select().where(StoredFile.id.in_(noted[1 : MOST_FILES + 1]))}
    return [found[one] for one in noted[1:] if one in found]
