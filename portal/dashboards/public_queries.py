"""The public lines of a campaign's timeline as plain text, for those who want them outside of a page."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee
from flask import current_app
from markupsafe import Markup

from portal.campaigns.activity import VERBS
from portal.campaigns.models import Activity, Campaign
from portal.dashboards.timeline import Entry, Facts
from portal.letters.models import Letter, LetterVersion
from portal.responses.models import Response

# As many as anybody has had by far. Who asks for more gets the newest, and is told so.
MOST_LINES = 1000
# Between the title and the rest of a line; no text that people type holds it.
PART = "\x1f"


@dataclass(frozen=True)
class Line:
    """One public line: the day it happened, whose side it stands on, and what it says."""

    id: int
    on: date
    side: str
    verb: str
    what: str
    words: str
    # When it, or what it shows now, became known here.
    updated_at: datetime
    # The key of the open letter it is about, where there is one to read.
    letter_key: str = ""


def find_lines(campaign: Campaign, *, most: int = MOST_LINES) -> tuple[list[Line], bool]:
    """The public lines, newest first, and whether these are all. One statement.

    Without names of people and without small numbers of them, as on the public page.
    """
    about = Activity.subject_kind
    published = (about == "response") & (Activity.subject_id == Response.id) & Response.published_at.is_null(False)
    readable = (
        (about == "letter")
        & (Activity.subject_id == Letter.id)
        & Letter.frozen_at.is_null(False)
        & Letter.withdrawn_at.is_null()
    )
    rows: Any = (
        Activity.select(
            Activity.id,
            Activity.verb,
            Activity.side,
            Activity.happened_on,
            Activity.recorded_at,
            Activity.subject_kind,
            Activity.subject_id,
            Activity.facts,
            Response.public_words,
            Response.published_at,
            Letter.key,
        )
        .join(Response, peewee.JOIN.LEFT_OUTER, on=published)
        .join_from(Activity, Letter, peewee.JOIN.LEFT_OUTER, on=readable)
        .where(
            Activity.campaign == campaign.id,
            Activity.is_public == True,  # noqa: E712
            Activity.verb.in_(list(VERBS)),
        )
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
        .limit(most + 1)
        .tuples()
    )
    found = [_line(*row) for row in rows]
    return found[:most], len(found) <= most


def _line(
    id_: int,
    verb: str,
    side: str,
    on: date,
    recorded_at: datetime,
    kind: str,
    subject_id: int,
    facts: str,
    public_words: str | None,
    published_at: datetime | None,
    letter_key: str | None,
) -> Line:
    entry = Entry(verb, side, on, id_, kind, subject_id, Facts.read(facts)).outside()
    what, words = _said(entry, {subject_id: public_words} if public_words else {})
    updated_at = max(recorded_at, published_at) if published_at else recorded_at
    return Line(id_, on, side, verb, what, words, updated_at, letter_key or "")


def _said(entry: Entry, published: dict[int, str]) -> tuple[str, str]:
    """The sentence of the page, without its markup: one home for the words."""
    spine: Any = current_app.jinja_env.get_template("timeline/spine.html").module
    place = {"key": "", "is_inside": False, "letter_keys": {}, "published": published, "part": PART}
    what, _part, words = str(spine.line(entry, place)).partition(PART)
    return plain(Markup(what).striptags()), plain(Markup(words).striptags())


def plain(text: str) -> str:
    """Text without control characters, on one line: it goes into files that have rules of their own."""
    kept = "".join(
        " " if unicodedata.category(char)[0] == "C" and char not in "\u200c\u200d" else char for char in text
    )
    return " ".join(kept.split())


def find_fingerprints(campaign: Campaign) -> dict[int, LetterVersion]:
    """The newest frozen version of each of the campaign's newest letters, by the letter's id. One statement."""
    newest = (
        LetterVersion.select(LetterVersion.letter, peewee.fn.MAX(LetterVersion.number).alias("newest"))
        .join(Letter)
        .where(Letter.campaign == campaign.id, Letter.withdrawn_at.is_null())
        .group_by(LetterVersion.letter)
    )
    found = (
        LetterVersion.select(LetterVersion.letter, LetterVersion.number, LetterVersion.sha256, LetterVersion.frozen_at)
        .join(newest, on=(LetterVersion.letter == newest.c.letter_id) & (LetterVersion.number == newest.c.newest))
        .order_by(LetterVersion.letter.desc())
        .limit(20)
    )
    return {version.letter_id: version for version in found}
