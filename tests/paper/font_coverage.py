"""Reads the fonts themselves: `python -m tests.paper.font_coverage` writes `portal/paper/fonts/coverage.txt` anew."""

from collections.abc import Iterable

from fontTools.ttLib import TTFont

from portal.paper.coverage import COVERAGE_FILE, FONTS


def read_fonts() -> str:
    """What `coverage.txt` must say: a line for each font with the code points it has glyphs for."""
    lines = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            lines.append(f"{path.name} {as_ranges(font.getBestCmap())}\n")
    return "".join(lines)


def as_ranges(code_points: Iterable[int]) -> str:
    """`20-7e ad` for the code points 20 to 7e and ad."""
    runs: list[list[int]] = []
    for code in sorted(set(code_points)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in runs)


if __name__ == "__main__":
    COVERAGE_FILE.write_text(read_fonts(), "ascii")
