"""Whether some text is a frozen letter: the words of every part, in their order, with nothing else between them.

Plain functions over plain words: what people paste is broken into lines otherwise, has our numbers and dates in it, and
an address above and names below.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.letters.canonical import numbered

_WORD = re.compile(r"\w+")
_FULL = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{4}\s?){15}[0-9a-f]{4}(?![0-9a-f])")
_SHORT = re.compile(r"(?<![0-9a-f] )(?<![0-9a-f])[0-9a-f]{4} [0-9a-f]{4}(?![0-9a-f])(?! [0-9a-f]{4})")
_KEY = re.compile(r"/letters/([\w-]{16,32})")
# What page, paper and bare text put between the parts.
BETWEEN = frozenset(
    re.findall(
        r"\w+",
        "we ask that you also to answer by done when source from fact demand question harm meeting closing greeting q "
        "what it does us the for claim day of is",
    )
)
_MONTHS = re.findall(r"\w+", "january february march april may june july august september october november december")
_DAYS = re.findall(r"\w+", "monday tuesday wednesday thursday friday saturday sunday")


@dataclass(frozen=True)
class Claims:
    """What a text says about itself: whole fingerprints, short ones (8 digits), keys of letters in addresses."""

    full: frozenset[str]
    short: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True)
class Match:
    """How well a text is a version. `missing` and `strange` name parts (kind, number): words that are not there as
    they were frozen, and parts after which other words stand."""

    found: int
    total: int
    missing: list[tuple[str, int | None]] = field(default_factory=list)
    strange: list[tuple[str, int | None]] = field(default_factory=list)
    has_title: bool = True

    @property
    def is_same(self) -> bool:
        """Whether every part is there as it was frozen, and nothing between them."""
        return bool(self.total) and not self.missing and not self.strange

    @property
    def share(self) -> float:
        """How much of the version was found, 0 to 1."""
        return self.found / self.total if self.total else 0.0


def words_of(text: str) -> list[str]:
    """The words, however they are broken into lines, spelled or punctuated."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def claims_of(text: str) -> Claims:
    """Fingerprints and keys that stand in a text."""
    low = text.casefold()
    full = {re.sub(r"\s", "", found) for found in _FULL.findall(low)}
    short = {found.replace(" ", "") for found in _SHORT.findall(low)} | {found[:8] for found in full}
    return Claims(frozenset(full), frozenset(sorted(short)[:20]), frozenset(sorted(_KEY.findall(text))[:20]))


def match(content: Mapping[str, Any], text: str) -> Match:
    """How well `text` is the frozen letter with this content (`sheet.frozen_content`)."""
    hay = _joined(words_of(text))
    blocks = [block for block in content["blocks"] if words_of(block["text"])]
    numbers = numbered(block["kind"] for block in blocks)
    missing: list[tuple[str, int | None]] = []
    strange: list[tuple[str, int | None]] = []
    at, before = 0, None
    for block, number in zip(blocks, numbers, strict=True):
        needle = _joined(words_of(block["text"]))
        place = hay.find(needle, at)
        if place < 0:
            missing.append((block["kind"], number))
            continue
        if before is not None and not _fits(before, hay[at:place], number):
            strange.append((before[0]["kind"], before[1]))
        # The space that ends these words begins what comes next.
        at, before = place + len(needle) - 1, (block, number)
    if before is not None and not _has_terms(before[0], hay[at : at + 4000]):
        strange.append((before[0]["kind"], before[1]))
    has_title = _joined(words_of(content["title"])) in hay
    return Match(len(blocks) - len(missing), len(blocks), missing, strange, has_title)


def _joined(words: list[str]) -> str:
    return f" {' '.join(words)} "


def _fits(before: tuple[Mapping[str, Any], int | None], gap: str, next_number: int | None) -> bool:
    block, _number = before
    if not _has_terms(block, gap):
        return False
    rest = gap
    for name in ("test", "source"):
        own = words_of(block[name] or "")
        if own:
            rest = rest.replace(_joined(own), " ", 1)
    allowed = BETWEEN | _day_words(block["by_on"]) | {str(next_number), f"q{next_number}"}
    return set(rest.split()) <= allowed


def _has_terms(block: Mapping[str, Any], gap: str) -> bool:
    """Whether the test and the day of a demand stand behind it."""
    test = words_of(block["test"] or "")
    if test and _joined(test) not in gap:
        return False
    if not block["by_on"]:
        return True
    day = date.fromisoformat(block["by_on"])
    found = set(gap.split())
    return bool({str(day.day), f"{day.day:02}"} & found) and bool(
        {_MONTHS[day.month - 1], _MONTHS[day.month - 1][:3], f"{day.month:02}", str(day.month)} & found
    )


def _day_words(by_on: str | None) -> set[str]:
    if not by_on:
        return set()
    day = date.fromisoformat(by_on)
    month, weekday = _MONTHS[day.month - 1], _DAYS[day.weekday()]
    return {
        *by_on.split("-"), str(day.day), str(day.month), month, month[:3], weekday, weekday[:3], "sept",
    }  # fmt: skip
