"""Numbers that fill themselves: `{count}` in a fact becomes "31 of 84 homes, since March 2026".

Computed whenever the letter is read, on the screen, on paper and in the canonical text, so that a letter that is still
open never shows an old number. A frozen letter keeps the words it was frozen with.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

COUNT = "{count}"
# What a writer typed where the number could fill itself: "31 of our 84 homes", "[How many homes] of the 84 homes".
TYPED = re.compile(r"(?:\[[^\[\]\n]{1,80}\]|\b\d[\d,]*) of (?:the |our )?(?:\d[\d,]*|\[[^\[\]\n]{1,80}\]) homes", re.I)
_RUNS_ON = re.compile(re.escape(COUNT) + r"(?=\s+[^\W\d_])")


def counted(items: Sequence[Any]) -> Any:
    """The item that a number comes from: the one about most homes, for two lists may name the same home. Or None."""
    known = [item for item in items if item.home_count is not None]
    return max(known, key=lambda item: (item.home_count, -item.id), default=None)


def filled(text: str, items: Sequence[Any], *, homes: int, language: str) -> str:
    """`text` with `{count}` filled in from `items` in the letter's language; a gap where no item has a number.

    `homes` is how many there are, 0 where nobody knows.
    """
    item = counted(items)
    with force_locale(_locale(language)):
        if item is None:
            return text.replace(COUNT, _("[how many homes]"))
        words, when = _homes(item.home_count, homes, language), _when(item.from_on, item.to_on, language)
    whole = f"{words}, {when}" if when else words
    # "31 of 84 homes, since March 2026, have damp": what is put in between two commas reads on.
    return (_RUNS_ON.sub(f"{whole},", text) if when else text).replace(COUNT, whole)


def with_count(text: str) -> str:
    """The text with `{count}` in it: where a number was typed, or at its beginning."""
    if COUNT in text:
        return text
    replaced = TYPED.sub(COUNT, text, count=1)
    return replaced if replaced != text else f"{COUNT}: {text}"


def _homes(count: int, homes: int, language: str) -> str:
    if not _is_known(language):
        return f"{count}/{homes}" if homes else str(count)
    if not homes:
        return ngettext("%(num)d home", "%(num)d homes", count)
    return ngettext("%(part)d of %(num)d home", "%(part)d of %(num)d homes", homes, part=count)


def _when(first: date | None, last: date | None, language: str) -> str:
    # In a language without a catalogue only the figures are put in: no English words in a letter in Somali.
    if not _is_known(language) or not (first or last):
        return ""
    if first and last:
        if (first.year, first.month) == (last.year, last.month):
            return _("in %(month)s", month=_month(first, language))
        begin = _month(first, language, with_year=first.year != last.year)
        return _("%(first)s to %(last)s", first=begin, last=_month(last, language))
    if first:
        return _("since %(day)s", day=_month(first, language))
    assert last is not None
    return _("until %(day)s", day=_month(last, language))


def _month(day: date, language: str, *, with_year: bool = True) -> str:
    return format_date(day, "MMMM y" if with_year else "LLLL", locale=_locale(language))


def _locale(language: str) -> str:
    return "en_GB" if language == "en" or not _is_known(language) else language


def _is_known(language: str) -> bool:
    """Whether the portal can write sentences in it."""
    if language == "en":
        return True
    known = current_app.extensions["babel"].instance.list_translations()
    return language in {locale.language for locale in known}
