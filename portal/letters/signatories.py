"""Who signed: the names on show, page by page, and the leads' list."""

from typing import Any

import peewee
from flask_babel import gettext as _

from portal.letters.models import Letter, LetterVersion, Signature
from portal.places.models import Home

PAGE = 60


def shown_name(signature: Any, place: str) -> str:
    """The words that stand for a signer in public: as they chose, and nothing for those who are only counted."""
    if signature.display == "full":
        return signature.name
    if signature.display == "first_name":
        return signature.name.split()[0] if signature.name else ""
    return _("A resident of %(place)s", place=place) if signature.display == "resident" else ""


def counted(letter: Letter) -> "peewee.ModelSelect[Any]":
    """Signatures that count: confirmed and not held."""
    return Signature.select().where(
        Signature.letter == letter.id, Signature.state == "confirmed", Signature.is_held == False  # noqa: E712
    )


def public_names(letter: Letter, place: str, *, before: int | None = None) -> tuple[list[str], int | None]:
    """One page of the names on show, newest first, and the id to go on from (None at the end)."""
    query = counted(letter).where(Signature.display != "hidden")
    if before is not None:
        query = query.where(Signature.id < before)
    rows = list(query.order_by(Signature.id.desc()).limit(PAGE + 1))
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return [shown_name(row, place) for row in rows[:PAGE]], more


def for_leads(letter: Letter, *, before: int | None = None) -> tuple[list[Signature], int | None]:
    """One page of signatures for the leads: confirmed and held ones, newest first, and the id to go on from."""
    query = (
        Signature.select(Signature, Home, LetterVersion)
        .join_from(Signature, Home, peewee.JOIN.LEFT_OUTER)
        .join_from(Signature, LetterVersion)
        .where(Signature.letter == letter.id, Signature.state == "confirmed")
    )
    if before is not None:
        query = query.where(Signature.id < before)
    rows = list(query.order_by(Signature.id.desc()).limit(PAGE + 1))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
