"""The canonical text of a letter: what is agreed to, fingerprinted, and stands above each signature.

It is plain text that anybody can check without the portal:

    doorstep letter 1
    Headline:
      We ask for dry walls
    Language:
      en
    To:
      Philippa Stroud, director of homes, Meridale Homes
    Demand 2:
      Meet us in the community room
    Done when:
      You came
    By:
      2026-12-14

* UTF-8, composed (NFC), lines ended by one line feed, one line feed at the end.
* First line: the name and number of this format. Then headline, language and addressee, then every block
  in its order.
* A block begins with its kind in English (Greeting, Fact, Harm, Demand, Question, Meeting, Closing). Facts,
  demands and questions carry their number, counted by kind from 1. "Done when", "By" (an ISO date) and
  "Source" follow where filled in.
* What people wrote is set in by two spaces, line for line. A line that begins at the edge is therefore never
  theirs, and two different letters never have the same canonical text.

The day, the sender's number of homes and the signatures are not part of it: they may change while the words stand.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

FORMAT = "doorstep letter 1"
NUMBERED = frozenset({"fact", "demand", "question"})
# Fields of a block after its text, and the label of each.
EXTRAS = (("test", "Done when"), ("by_on", "By"), ("source", "Source"))


def composed(text: str) -> str:
    """The same text in the one form that is compared: NFC, lines ended by a line feed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def numbered(kinds: Iterable[str]) -> list[int | None]:
    """The number of each block in its order: facts, demands and questions count by kind from 1, others have none."""
    counts: dict[str, int] = {}
    numbers: list[int | None] = []
    for kind in kinds:
        if kind in NUMBERED:
            counts[kind] = counts.get(kind, 0) + 1
        numbers.append(counts.get(kind) if kind in NUMBERED else None)
    return numbers


def canonical_text(content: Mapping[str, Any]) -> str:
    """The canonical text of a letter's content (see `sheet.content_of`); `by_on` may be a date or its ISO text."""
    to = content["to"]
    parts = [
        f"{FORMAT}\n",
        _part("Headline", content["title"]),
        _part("Language", content["language"]),
        _part("To", ", ".join(to[name] for name in ("name", "post", "organization") if to.get(name))),
    ]
    blocks = content["blocks"]
    for block, number in zip(blocks, numbered(block["kind"] for block in blocks), strict=True):
        label = block["kind"].capitalize()
        parts.append(_part(f"{label} {number}" if number else label, block["text"]))
        parts += [_part(label, str(block[name])) for name, label in EXTRAS if block.get(name)]
    return "".join(parts)


def fingerprint_of(canonical: str) -> str:
    """SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()


def _part(label: str, text: str) -> str:
    lines = composed(text).split("\n")
    return f"{label}:\n" + "".join(f"  {line}\n" for line in lines)
