"""Who signed: the names on show, page by page, and the leads' list."""

from dataclasses import dataclass
from typing import Any

import peewee

from portal.letters.models import Letter, LetterVersion, Signature
from portal.places.models import Home

PAGE = 60


def shown_name(signature: Any) -> str:
    """The name that stands in public, as its owner chose; nothing for those shown without one."""
    if signature.display == "full":
        return signature.name
    return signature.name.split()[0] if signature.display == "first_name" and signature.name else ""


def counted(letter: Letter) -> "peewee.ModelSelect[Any]":
    """Signatures that count: confirmed and not held."""
    return Signature.select().where(
        Signature.letter == letter.id,
        Signature.state == "confirmed",
        Signature.is_held == False,  # noqa: E712
    )


@dataclass(frozen=True)
class Names:
    """One page of the names on show: the names, how many more are there "as a resident", and the id to go on from."""

    names: list[str]
    resident_count: int
    more: int | None


def public_names(letter: Letter, *, before: int | None = None) -> Names:
    """One page of those who chose to be shown, newest first. One statement."""
    query = counted(letter).where(Signature.display != "hidden")
    if before is not None:
        query = query.where(Signature.id < before)
    rows = list(query.order_by(Signature.id.desc()).limit(PAGE + 1))
    shown = [shown_name(row) for row in rows[:PAGE]]
    names = [name for name in shown if name]
    return Names(names, len(shown) - len(names), rows[PAGE - 1].id if len(rows) > PAGE else None)


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
