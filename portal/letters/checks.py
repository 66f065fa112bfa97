"""What to look at before the text is frozen. A list, not a gate: only what stands under `stops` keeps the text open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.letters.models import Block, Letter
from portal.letters.templates import gaps_in, minutes_to_read

LONGEST_MINUTES = 4
# Door numbers such as 11C, or "flat 12". Homes are named only by those who live there.
HOME_NUMBER = re.compile(r"\b\d{1,4}[A-Z]\b|\b(?:flat|apartment|apt|door)\.? \d{1,4}\b", re.IGNORECASE)
_LIKE_A_DOOR = re.compile(r"\d+[A-Z]")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `kind` names it, `places` says where: (block or None for the headline, detail).

    `state` is "ok", "look" (worth another look) or "stops" (the text cannot be frozen with it).
    """

    kind: str
    state: str
    places: tuple[tuple[Any, str], ...] = ()
    count: int = 0


def look_over(letter: Letter, blocks: Sequence[Block]) -> list[Finding]:
    """Everything to look at, in the order of the letter. `blocks` are those in it, in their order."""
    asks = [block for block in blocks if block.kind in ("demand", "question")]
    return [
        _target(letter),
        _gaps(letter, blocks),
        Finding("asks", "ok" if asks else "stops", count=len(asks)),
        _listed("demand_day", (block for block in blocks if block.kind == "demand" and not block.by_on)),
        _listed("demand_test", (block for block in blocks if block.kind == "demand" and not block.test)),
        _listed("claim", (block for block in blocks if block.kind == "fact" and not block.source)),
        _home_numbers(letter, blocks),
        _reading(letter, blocks),
    ]


def stops(findings: Sequence[Finding]) -> list[Finding]:
    """Those that keep the text from being frozen."""
    return [finding for finding in findings if finding.state == "stops"]


def _target(letter: Letter) -> Finding:
    target = letter.target
    if target is None:
        return Finding("target", "stops")
    if not (target.person_name or target.post):
        return Finding("target_name", "look")
    if not (target.email or target.postal_address):
        return Finding("target_address", "look")
    return Finding("target_known", "ok")


def _gaps(letter: Letter, blocks: Sequence[Block]) -> Finding:
    places: list[tuple[Any, str]] = [(None, gap) for gap in gaps_in(letter.title)]
    places += [(block, gap) for block in blocks for gap in gaps_in(block.text, block.test, block.source)]
    return Finding("gaps", "stops" if places else "ok", tuple(places), len(places))


def _listed(kind: str, blocks: Any) -> Finding:
    places = tuple((block, "") for block in blocks)
    return Finding(kind, "look" if places else "ok", places, len(places))


def _home_numbers(letter: Letter, blocks: Sequence[Block]) -> Finding:
    texts: list[tuple[Any, str]] = [(None, letter.title)]
    texts += [(block, text) for block in blocks for text in (block.text, block.test, block.source)]
    places = tuple((block, found) for block, text in texts for found in _doors(text))
    return Finding("home_numbers", "look" if places else "ok", places, len(places))


def _doors(text: str) -> list[str]:
    found = HOME_NUMBER.findall(text)
    # "5p" or "10m" are prices and lengths; doors are written with a capital letter.
    return [words for words in found if not words[0].isdigit() or _LIKE_A_DOOR.fullmatch(words)]


def _reading(letter: Letter, blocks: Sequence[Block]) -> Finding:
    minutes = minutes_to_read([letter.title, *(block.text for block in blocks)])
    return Finding("reading", "ok" if minutes <= LONGEST_MINUTES else "look", count=minutes)
