"""The public timeline as a table for a spreadsheet, as data for a program, and as a feed for a reader.

Plain lines in, bytes out. A spreadsheet never takes a cell of ours for a formula.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask_babel import gettext as _

from portal.dashboards.public_queries import Line, plain

FEED_LINES = 50
ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What a spreadsheet may take for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
ElementTree.register_namespace("", ATOM)


@dataclass(frozen=True)
class About:
    """What the lines are about, all public. Links are absolute."""

    key: str
    title: str
    place: str
    addressee: str
    state: str
    page: str
    created_at: datetime
    public_at: datetime
    language: str


# Makes the absolute link to an open letter from its key.
LinkToLetter = Callable[[str], str]


def guarded(text: str) -> str:
    """A cell that stays text: one that begins like a formula gets an apostrophe, as spreadsheets write it."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_SIGNS) else text


def as_csv(lines: Sequence[Line], link: LinkToLetter) -> bytes:
    """One row for each line, days as 2026-11-26. Begins with the mark by which spreadsheets know any script."""
    sides = {"ours": _("us"), "theirs": _("them")}
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["date", "side", "kind", "what", "words", "letter"])
    for line in lines:
        letter = link(line.letter_key) if line.letter_key else ""
        cells = [sides.get(line.side, ""), line.verb, line.what, line.words, letter]
        rows.writerow([line.on.isoformat(), *map(guarded, cells)])
    return out.getvalue().encode("utf-8-sig")


def as_json(about: About, lines: Sequence[Line], link: LinkToLetter, *, is_complete: bool) -> bytes:
    """The same as data. `is_complete` is false when older lines were left out."""
    whole = {
        "campaign": {
            "title": about.title,
            "place": about.place,
            "writes_to": about.addressee,
            "state": about.state,
            "page": about.page,
            "public_since": about.public_at.date().isoformat(),
        },
        "is_complete": is_complete,
        "lines": [
            {
                "date": line.on.isoformat(),
                "side": line.side,
                "kind": line.verb,
                "what": line.what,
                "words": line.words,
                "letter": link(line.letter_key) if line.letter_key else None,
            }
            for line in lines
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def as_atom(about: About, lines: Sequence[Line], link: LinkToLetter, *, own: str) -> bytes:
    """A feed (RFC 4287) of the newest lines. `own` is its absolute address; the ids never change."""
    mark = f"tag:{urlsplit(about.page).hostname},{about.created_at:%Y-%m-%d}:campaign/{about.key}"
    shown = lines[:FEED_LINES]
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {XML_LANG: about.language})
    _add(feed, "title", plain(about.title))
    _add(
        feed,
        "subtitle",
        _("What has happened at %(place)s, as the neighbours made it public", place=plain(about.place)),
    )
    _add(feed, "id", mark)
    _add(feed, "updated", _moment(max([about.public_at, *(line.updated_at for line in shown)])))
    _link(feed, "self", own, "application/atom+xml")
    _link(feed, "alternate", about.page, "text/html")
    _add(_add(feed, "author"), "name", _("Neighbours of %(place)s", place=plain(about.place)))
    for line in shown:
        entry = _add(feed, "entry")
        _add(entry, "title", line.what)
        _add(entry, "id", f"{mark}/line/{line.id}")
        _add(entry, "updated", _moment(line.updated_at))
        _add(entry, "published", _moment(datetime(line.on.year, line.on.month, line.on.day, tzinfo=UTC)))
        _link(entry, "alternate", link(line.letter_key) if line.letter_key else about.page, "text/html")
        _add(entry, "content", line.words or line.what).set("type", "text")
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text:
        made.text = text
    return made


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": href})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
