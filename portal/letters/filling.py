"""Filling what only the neighbours know: every open gap of a letter at once, wherever it stands."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask_babel import gettext as _

from portal import clock
from portal.database import transaction
from portal.letters.blocks import Words
from portal.letters.finding import blocks_of
from portal.letters.models import Block, Letter
from portal.letters.operations import Change, hold_open, keep_revision, text_changed
from portal.letters.templates import LetterTemplate, TemplateField, gaps_in
from portal.people.models import Person

_SENTENCE_END = re.compile(r"(?<=[.!?”])[ \t]+(?=[^\W\d_a-z]|[\[“\d])")


@dataclass(frozen=True)
class OpenGap:
    """A gap that still stands in a letter, and the parts it stands in (None for the headline)."""

    field: TemplateField
    places: tuple[Block | None, ...]

    @property
    def gap(self) -> str:
        """The gap as it stands, brackets and all."""
        return self.field.gap

    @property
    def name(self) -> str:
        """A short name for a form field: the same gap always has the same."""
        return "gap_" + hashlib.sha256(self.gap.encode()).hexdigest()[:12]

    @property
    def suggestion(self) -> date | None:
        """The day that the template suggests, counted from today."""
        return clock.today() + timedelta(days=self.field.in_days) if self.field.in_days else None


def open_gaps(letter: Letter, blocks: Sequence[Block], template: LetterTemplate | None) -> list[OpenGap]:
    """Every gap in the letter once, in the order of the letter. What the template knows of it comes with it."""
    known = {one.gap: one for one in (template.fields if template is not None else ())}
    found: dict[str, list[Block | None]] = {gap: [None] for gap in gaps_in(letter.title)}
    for block in blocks:
        for gap in gaps_in(block.text, block.test, block.source):
            places = found.setdefault(gap, [])
            if block not in places:
                places.append(block)
    return [OpenGap(known.get(gap) or TemplateField("", gap[1:-1]), tuple(places)) for gap, places in found.items()]


def in_words(value: object, language: str) -> str:
    """A typed answer as it stands in the letter: days in full, with their year."""
    if isinstance(value, date):
        return format_date(value, "d MMMM y", locale="en_GB" if language == "en" else language)
    return str(value)


def fill_gaps(letter: Letter, values: Mapping[str, str], left_out: Collection[str], *, by: Person) -> Change:
    """Put `values`, by gap, wherever each stands; take out the sentences around gaps that are `left_out`.

    One transaction over all parts, into the texts as they are now: what others wrote meanwhile stays. A part of which
    nothing is left is taken out and can be put back. Raises RuleBroken when the text is frozen.
    """
    with transaction():
        now = hold_open(letter)
        title = _filled(now.title, values, left_out)
        changed = False
        if title and title != now.title:
            Letter.update(title=title).where(Letter.id == letter.id).execute()
            changed = True
        for block in blocks_of(letter):
            if block.removed_at is None:
                changed = _fill_block(block, values, left_out, by) or changed
        if not changed:
            return Change()
        stopped = text_changed(letter, by=by, change="filled", why=_("Filled in what only we know"))
    return Change(None, stopped)


def _fill_block(block: Block, values: Mapping[str, str], left_out: Collection[str], by: Person) -> bool:
    before = Words.of(block)
    block.text = _filled(block.text, values, left_out, ends=True)
    block.test = _filled(block.test, values, left_out)
    block.source = _filled(block.source, values, left_out)
    if Words.of(block) == before:
        return False
    block.version += 1
    block.edited_by, block.edited_at = by, clock.now()
    change = "filled"
    if not block.text:
        # Its words stay readable in its history, and it can be put back.
        block.text, block.removed_at, change = before.text, clock.now(), "removed"
    only = [Block.text, Block.test, Block.source, Block.version, Block.edited_by, Block.edited_at, Block.removed_at]
    block.save(only=only)
    keep_revision(block, by=by, change=change)
    return True


def _filled(text: str, values: Mapping[str, str], left_out: Collection[str], *, ends: bool = False) -> str:
    for gap in left_out:
        if gap in text:
            text = without(text, gap)
    for gap, value in values.items():
        while value and gap in text and gap not in value:
            before, after = text.split(gap, 1)
            text = f"{before}{_fitted(value, after, ends=ends)}{after}"
    return text


def _fitted(value: str, after: str, *, ends: bool) -> str:
    """The value with or without a full stop, as the words after it ask for."""
    if after[:1] in (".", ",", ";", ":", "?") or after[:2] == "”.":
        return value.rstrip(". ")
    runs_on = bool(after) and not re.match(r"\s+[A-Z“\[]", after)
    return value if runs_on or not ends or value[-1] in ".!?”:" else f"{value}."


def without(text: str, gap: str) -> str:
    """The text without every sentence that holds the gap."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        lines = [
            " ".join(sentence for sentence in _SENTENCE_END.split(line) if gap not in sentence)
            for line in paragraph.split("\n")
        ]
        paragraphs.append("\n".join(line for line in lines if line.strip()))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
