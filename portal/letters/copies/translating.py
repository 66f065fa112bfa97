"""Translations of a frozen version. The version's own text stays the one that counts.

A translation is a draft until somebody else than its last writer has checked it; every save makes it a draft again. It
is out of date when its version is not the newest: that is never stored, so it can never be wrong.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters.copies.models import Translation
from portal.letters.models import Letter, LetterVersion
from portal.letters.sheet import frozen_content
from portal.people.models import Person

FIELDS = ("text", "test", "source")
Parts = Sequence[Mapping[str, str]]


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. `translation` is how it stands now; nothing was overwritten."""

    def __init__(self, translation: Translation) -> None:
        super().__init__(
            _("Somebody saved while you were writing. Theirs stands beside yours below. Save again to keep yours")
        )
        self.translation = translation


def start_translation(letter: Letter, version: LetterVersion, language: str, *, by: Person) -> Translation:
    """Start a translation into a language, or return the one that is there.

    Raises RuleBroken when it is the letter's own language.
    """
    content = frozen_content(version)
    if language == content["language"]:
        raise RuleBroken(_("The letter is written in this language. Choose another"), field="language")
    empty = [dict.fromkeys(FIELDS, "") for _block in content["blocks"]]
    with transaction():
        Translation.insert(
            letter=letter.id,
            version=version.id,
            language=language,
            content=json.dumps(empty),
            made_by=by.id,
            changed_by=by.id,
            changed_at=clock.now(),
        ).on_conflict_ignore().execute()
        return Translation.get(Translation.version == version.id, Translation.language == language)


def save_translation(translation: Translation, *, title: str, parts: Parts, seen: int, by: Person) -> None:
    """Save over number `seen`; the same again changes nothing. It is a draft afterwards.

    Raises ChangedMeanwhile when somebody else saved first.
    """
    content = json.dumps([{name: part.get(name, "") for name in FIELDS} for part in parts], ensure_ascii=False)
    with transaction():
        now = Translation.get_by_id(translation.id)
        if (now.title, json.loads(now.content)) == (title, json.loads(content)):
            return
        taken = (
            Translation.update(
                title=title,
                content=content,
                number=Translation.number + 1,
                changed_by=by.id,
                changed_at=clock.now(),
                checked_by=None,
                checked_at=None,
            )
            .where(Translation.id == translation.id, Translation.number == seen)
            .execute()
        )
        if not taken:
            raise ChangedMeanwhile(now)


def check_translation(translation: Translation, version: LetterVersion, *, seen: int, by: Person) -> None:
    """Say as a second speaker that it says the same as the letter.

    Raises RuleBroken when `by` wrote it last, a part is missing, or it changed since number `seen` was read.
    """
    if missing(translation, version):
        raise RuleBroken(_("Some parts are not translated yet. Finish them first"))
    with transaction():
        now = Translation.get_by_id(translation.id)
        if now.changed_by_id == by.id:
            raise RuleBroken(_("You wrote the last change. Ask somebody else who speaks the language"))
        taken = (
            Translation.update(checked_by=by.id, checked_at=clock.now())
            .where(Translation.id == translation.id, Translation.number == seen)
            .execute()
        )
        if not taken:
            raise RuleBroken(_("It changed while you were reading. Read it again, then check it"))


def renew_translation(translation: Translation, letter: Letter, newest: LetterVersion, *, by: Person) -> Translation:
    """Bring it to the newest version: parts whose words did not change come along, the others are left empty.

    Returns the translation of the newest version that is there already, where somebody was faster.
    """
    old_version = LetterVersion.get_by_id(translation.version_id)
    old, new = frozen_content(old_version), frozen_content(newest)
    known = {
        tuple(block[name] for name in FIELDS): part
        for block, part in zip(old["blocks"], parts_of(translation), strict=False)
    }
    empty = dict.fromkeys(FIELDS, "")
    parts = [known.get(tuple(block[name] for name in FIELDS), empty) for block in new["blocks"]]
    with transaction():
        Translation.insert(
            letter=letter.id,
            version=newest.id,
            language=translation.language,
            title=translation.title if old["title"] == new["title"] else "",
            content=json.dumps(parts, ensure_ascii=False),
            made_by=translation.made_by_id or by.id,
            changed_by=by.id,
            changed_at=clock.now(),
        ).on_conflict_ignore().execute()
        return Translation.get(Translation.version == newest.id, Translation.language == translation.language)


def parts_of(translation: Translation) -> list[dict[str, str]]:
    """Its parts in the order of the version's blocks."""
    return json.loads(translation.content)


def missing(translation: Translation, version: LetterVersion) -> int:
    """How many texts of the version have no translation yet, the headline among them."""
    content = frozen_content(version)
    pairs = zip(content["blocks"], parts_of(translation), strict=False)
    open_texts = sum(bool(block[name]) and not part.get(name) for block, part in pairs for name in ("text", "test"))
    return open_texts + (not translation.title)


def translated_content(translation: Translation, version: LetterVersion) -> dict[str, Any]:
    """The letter's content in the translation's language; what is not translated yet stays in the letter's own."""
    content = frozen_content(version)
    parts = parts_of(translation)
    for block, part in zip(content["blocks"], parts, strict=False):
        block.update({name: part[name] for name in FIELDS if part.get(name)})
    return {**content, "title": translation.title or content["title"], "language": translation.language}


def translations_of(letter: Letter) -> list[Translation]:
    """Every translation of the letter, of older versions too, with the people in it; the newest version first."""
    changer, checker = Person.alias(), Person.alias()
    return list(
        Translation.select(Translation, LetterVersion, changer, checker)
        .join_from(Translation, LetterVersion)
        .join_from(
            Translation, changer, peewee.JOIN.LEFT_OUTER, on=(Translation.changed_by == changer.id), attr="changed_by"
        )
        .join_from(
            Translation, checker, peewee.JOIN.LEFT_OUTER, on=(Translation.checked_by == checker.id), attr="checked_by"
        )
        .where(Translation.letter == letter.id)
        .order_by(LetterVersion.number.desc(), Translation.language)
    )


def checked_languages(version: LetterVersion) -> list[str]:
    """The languages in which everybody may read this version. One statement."""
    rows = (
        Translation.select(Translation.language)
        .where(Translation.version == version.id, Translation.checked_at.is_null(False))
        .order_by(Translation.language)
    )
    return [language for (language,) in rows.tuples()]
