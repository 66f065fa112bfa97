"""What in a text seems to name a home or a resident. A warning for whoever publishes, never proof of a clean text."""

import re
from collections.abc import Iterable

_PATTERNS = (
    # "Flat 12", "apartment 3b", "no. 7", "number 14"
    re.compile(r"\b(?:flat|flats|apartment|apt|unit|room|house|door|number|no\.)\s*\d{1,4}\s?[a-z]?\b", re.IGNORECASE),
    # "2A", "11c", "14/3"
    re.compile(r"\b\d{1,3}[A-Za-z]\b"),
    re.compile(r"\b\d{1,3}/\d{1,3}\b(?!/)"),
    # British postcodes
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"),
    # e-mail addresses and telephone numbers
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w"),
    re.compile(r"(?:\+|\b0)\d[\d \-()]{7,}\d\b"),
)


def find_homes(text: str) -> list[str]:
    """The pieces of a text that look like a home, an address or a telephone number, in their order, each once."""
    hits = sorted((m.start(), m.group().strip()) for pattern in _PATTERNS for m in pattern.finditer(text))
    found = list(dict.fromkeys(piece for _at, piece in hits))
    # "12B" inside "Flat 12B" says nothing more.
    return [piece for piece in found if not any(piece != other and piece in other for other in found)]


def find_names(text: str, names: Iterable[str]) -> list[str]:
    """The names, whole or in part, that a text holds: "Dot" is found for Dot Maddox. Short words are left alone."""
    parts = {part for name in names for part in name.split() if len(part) > 2 and not part.islower()}
    words = set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text))
    words |= {word.removesuffix("'s").removesuffix("’s") for word in words}
    return sorted(parts & words)
