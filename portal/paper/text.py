"""Text from people, made fit for paper.

Nothing here looks at what the words say. It takes out what has no place on paper (control characters, marks that
turn the reading direction of the rest of the page, halves of characters) and replaces what no font of ours can draw,
so that one odd name never keeps a whole letter from being printed.
"""

import re
import unicodedata
from functools import lru_cache

from portal.paper.coverage import fonts_with

#: Shown in the place of a character that cannot be drawn.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# A few scripts put three or four marks on one letter, or join five letters into one. More than this is only ever done
# to smear ink over other lines or to upset the typesetter, which fails on a syllable of 128 signs.
MOST_MARKS = 8
MOST_JOINED_LETTERS = 8

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n)+")
_NEXT_TO_A_NAME = re.compile("(?<=])\u200d|\u200d(?=\\[)")

# Invisible, yet needed to spell Persian, Sinhala and other words, or to set a number into right-to-left text.
_NEEDED_AND_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u2060")
# The combining class of the signs that join a letter to the next one in the scripts of South and South-East Asia.
VIRAMA = 9

_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)  # alone they are coloured squares


def printable(text: str) -> str:
    """The same text with only characters that can be printed; line breaks are `\\n`.

    A picture character that no font of ours has becomes its name in brackets, any other becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", text)
    text = "".join(map(_printed, text))
    text = _NEXT_TO_A_NAME.sub("", text)
    return _BLANK_LINES.sub("\n\n", _well_formed(text))


@lru_cache(maxsize=4096)
def _printed(char: str) -> str:
    if char == "\n" or char in _NEEDED_AND_INVISIBLE:
        return char
    if char == "\t":
        return " "
    code = ord(char)
    if _is_invisible(char):
        return ""
    if fonts_with(char):
        return char
    if code in _FLAG_LETTERS:
        return chr(code - _FLAG_LETTERS.start + ord("A"))
    if unicodedata.category(char) == "So":
        return f"[{unicodedata.name(char, 'symbol').lower()}]"
    return REPLACEMENT


def _is_invisible(char: str) -> bool:
    code = ord(char)
    kind = unicodedata.category(char)
    is_arabic_number_sign = 0x600 <= code <= 0x8E2  # formatting by the book, yet drawn
    return (
        kind == "Cc"
        or (kind == "Cf" and not is_arabic_number_sign)
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or code in _SKIN_TONES
    )


def _well_formed(text: str) -> str:
    """Without marks that no word has: on no letter, in heaps, or on a letter of a script they do not belong to.

    The typesetter may fail on a letter and a mark that no font has together, and take the whole sheet down with it.
    """
    kept: list[str] = []
    fonts = marks = joins = 0
    was_joined = False
    for char in text:
        invisible = char in _NEEDED_AND_INVISIBLE
        if not invisible and unicodedata.category(char)[0] != "M":
            fonts = 0 if char.isspace() else fonts_with(char)
            joins = joins if was_joined else 0
            marks, was_joined = 0, False
            kept.append(char)
            continue
        marks += 1
        joins_next = unicodedata.combining(char) == VIRAMA
        joins += joins_next
        was_joined = was_joined or joins_next
        too_many = marks > MOST_MARKS or (joins_next and joins > MOST_JOINED_LETTERS)
        shared = fonts if invisible else fonts & fonts_with(char)
        if shared and not too_many and not (invisible and kept[-1] == char):
            fonts = shared
            kept.append(char)
    return "".join(kept)
