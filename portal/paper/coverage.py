"""Which characters the vendored fonts can draw, and which of them can be drawn together.

The answer is kept in `fonts/coverage.txt`, so that printing needs no font reader: a line for each font with its
ranges of code points. After a change to the fonts, `python -m tests.paper.font_coverage` writes the file anew; a test
fails when the two differ.
"""

from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
COVERAGE_FILE = FONTS / "coverage.txt"


@lru_cache(maxsize=8192)
def fonts_with(char: str) -> int:
    """The fonts that have a glyph for this one character, as a bit for each: 0 when it cannot be drawn."""
    code = ord(char)
    found = 0
    for bit, (starts, ends) in enumerate(_fonts()):
        index = bisect_right(starts, code) - 1
        if index >= 0 and code <= ends[index]:
            found |= 1 << bit
    return found


@lru_cache(maxsize=1)
def _fonts() -> list[tuple[list[int], list[int]]]:
    fonts = []
    for line in COVERAGE_FILE.read_text("ascii").splitlines():
        pairs = [item.split("-") for item in line.split()[1:]]
        fonts.append(([int(pair[0], 16) for pair in pairs], [int(pair[-1], 16) for pair in pairs]))
    return fonts
