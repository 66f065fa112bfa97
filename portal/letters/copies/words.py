"""Sentences about what goes with a letter, for screen and paper alike."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.language import format_day


def kind_in_words(kind: str) -> str:
    """What kind of evidence it is."""
    return {
        "reports": _("Reports from neighbours"),
        "complaint": _("A complaint we made"),
        "photos": _("Photographs"),
        "measurement": _("Something measured"),
        "document": _("A document"),
        "public": _("A public source"),
    }[kind]


def days_in_words(first: date | None, last: date | None) -> str:
    """ "3 Mar 2026 to 9 May 2026", "since 3 Mar 2026", or nothing."""
    if first and last:
        return _day(first) if first == last else _("%(first)s to %(last)s", first=_day(first), last=_day(last))
    if first:
        return _("since %(day)s", day=_day(first))
    return _("until %(day)s", day=_day(last)) if last else ""


def homes_in_words(count: int | None, all_homes: int) -> str:
    """ "31 of 84 homes", "31 homes" where nobody knows how many there are, or nothing."""
    if count is None:
        return ""
    if not all_homes:
        return ngettext("%(num)d home", "%(num)d homes", count)
    return ngettext("%(part)d of %(num)d home", "%(part)d of %(num)d homes", all_homes, part=count)


def item_in_words(item: Any, all_homes: int) -> str:
    """Everything about an item but its title and its private notes, in one line."""
    parts = (
        kind_in_words(item.kind),
        homes_in_words(item.home_count, all_homes),
        days_in_words(item.from_on, item.to_on),
        item.reference and _("reference %(reference)s", reference=item.reference),
        item.withdrawn_at and _("withdrawn"),
    )
    return ", ".join(part for part in parts if part)


def annex_of(facts: Sequence[tuple[int, Any]], all_homes: int) -> list[dict[str, Any]]:
    """The evidence list that goes with a letter: each item once, with the facts that rest on it.

    `facts` are pairs of a fact's number and an item. Who counted and where it is kept stay in the circle.
    """
    rows: dict[int, dict[str, Any]] = {}
    for number, item in facts:
        row = rows.setdefault(
            item.id,
            {
                "title": item.title,
                "kind": kind_in_words(item.kind),
                "homes": homes_in_words(item.home_count, all_homes),
                "days": days_in_words(item.from_on, item.to_on),
                "reference": item.reference,
                "facts": [],
            },
        )
        if number not in row["facts"]:
            row["facts"].append(number)
    return list(rows.values())


def _day(day: date) -> str:
    words = format_day(day, weekday=False)
    return f"{words} {day.year}" if day.year == clock.today().year else words
