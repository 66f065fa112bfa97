"""Taking names and homes out of somebody else's words, and seeing to it that nothing is put in. No database."""

import re
from collections.abc import Iterable

from portal.responses import naming

BLACK = "▇▇▇▇"
GAP = "[…]"
MOST_MARKED = 60
_CUTS = re.compile(r"▇+|\[\s*(?:…|\.\.\.)\s*\]")
_SPACE = re.compile(r"\s+")
_QUOTE_MARK = re.compile(r"^(?:> ?)+", re.MULTILINE)


def find_marks(text: str, *, names: Iterable[str], labels: Iterable[str]) -> list[str]:
    """The pieces of a text that may tell who lives where, in their order, each once: names, homes, numbers, addresses.

    A help for whoever looks, never proof that the rest is clean.
    """
    found = naming.find_homes(text) + naming.find_names(text, names)
    said = {label for label in labels if len(label) > 1}
    found += [label for label in sorted(said) if _piece(label).search(text)]
    places: dict[str, int] = {}
    left = text
    for piece in sorted(set(found), key=lambda one: (-len(one), one)):
        # "2A" that stands only within "Flat 2A" goes with it.
        if _piece(piece).search(left):
            places[piece] = text.casefold().find(piece.casefold())
            left = black_out(left, [piece])
    return sorted(places, key=lambda piece: (places[piece], piece))[:MOST_MARKED]


def black_out(text: str, pieces: Iterable[str]) -> str:
    """The text with these pieces black wherever they stand. All bars are as long, so that none tells a length."""
    for piece in sorted(set(pieces), key=len, reverse=True):
        if piece.strip():
            text = _piece(piece).sub(BLACK, text)
    return text


def is_from(excerpt: str, source: str) -> bool:
    """Whether an excerpt, but for what is black or left out, stands in the source, in its order."""
    whole, at = _plain(source), 0
    parts = [part for part in (_plain(one) for one in _CUTS.split(excerpt)) if part]
    for part in parts:
        found = whole.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return bool(parts)


def _piece(piece: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in piece.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", _QUOTE_MARK.sub("", text)).strip().casefold()
