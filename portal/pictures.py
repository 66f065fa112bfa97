"""What server-drawn pictures share: how wide words are, before anybody has drawn them.

Pictures take their colours from the tokens by class (`pic`, `fill-…`, `stroke-…`), never from attributes, so that they
follow dark mode, high contrast and paper.
"""

# Shares of the type size, for the portal's own sans: narrow, wide and all other characters.
_NARROW, _WIDE, _REST = 0.3, 0.86, 0.56
_NARROW_CHARACTERS = frozenset("iljtf.,:;'|!()[] ")
_WIDE_CHARACTERS = frozenset("mwMW@%—")


def text_width(text: str, size: float) -> float:
    """About how wide a line of text is, in the units of `size` (the type size). Never too narrow by much."""
    return (
        sum(
            _NARROW if one in _NARROW_CHARACTERS else _WIDE if one in _WIDE_CHARACTERS or ord(one) > 0x2E7F else _REST
            for one in text
        )
        * size
    )


def shorten(text: str, size: float, room: float) -> str:
    """The text, cut with "…" so that it fits into `room`."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"
