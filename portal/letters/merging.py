"""Two people began from the same text and both changed it: one text with the changes of both, or a conflict.

The texts are compared word by word (see `differences`). Each change is a stretch of the old text and the words that
took its place. Changes of the two that lie apart are all made. Changes that overlap, touch at a seam, or put different
words into the same place are a conflict: what two people mean at the same seam no machine should guess. Where both made
exactly the same change it is made once.

The laws (tests/letters/test_merging.py): who changed alone wins; equal changes agree; it does not matter who came
first; what one of them put in is in the merged text, and what one of them took out is not; a conflict keeps both texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.letters.differences import WordCode, engine


@dataclass(frozen=True)
class Edit:
    """Words `start` to `end` of the old text became `new`. All three count and hold coded words."""

    start: int
    end: int
    new: str

    def touches(self, other: "Edit") -> bool:
        """Whether the two overlap or meet, so that no word of the old text stands between them."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True)
class Conflict:
    """Both changed the same place. Holds all three texts, whole."""

    base: str
    mine: str
    theirs: str


def merge(base: str, mine: str, theirs: str) -> str | Conflict:
    """The text that holds the changes of both `mine` and `theirs` to `base`, or the conflict between them."""
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    code = WordCode()
    old = code.coded(base)
    # In an order of their own, so that it does not matter who of the two is called mine.
    first, second = sorted((mine, theirs))
    together = _together(_edits(old, code.coded(first)), _edits(old, code.coded(second)))
    if together is None:
        return Conflict(base, mine, theirs)
    return code.words("".join(_applied(old, together)))


def _edits(old: str, new: str) -> list[Edit]:
    """What became of the old words, in their order; no two of these touch."""
    differ = engine()
    changes = differ.diff_main(old, new, False)
    # Without this two rewritten sentences would be shredded into the words they happen to share.
    differ.diff_cleanupSemantic(changes)
    edits: list[Edit] = []
    at, start, put = 0, None, ""
    for kind, codes in [*changes, (differ.DIFF_EQUAL, "")]:
        if kind == differ.DIFF_EQUAL:
            if start is not None:
                edits.append(Edit(start, at, put))
                start, put = None, ""
            at += len(codes)
            continue
        start = at if start is None else start
        if kind == differ.DIFF_DELETE:
            at += len(codes)
        else:
            put += codes
    return edits


def _together(first: list[Edit], second: list[Edit]) -> list[Edit] | None:
    """All changes of both in the order of the text, or None when two that differ touch."""
    merged: list[Edit] = []
    for edit in sorted({*first, *second}, key=lambda one: (one.start, one.end)):
        # Neither side's own changes touch each other, so whatever touches here comes from both.
        if merged and merged[-1].touches(edit):
            return None
        merged.append(edit)
    return merged


def _applied(old: str, edits: list[Edit]) -> Iterator[str]:
    at = 0
    for edit in edits:
        yield old[at : edit.start]
        yield edit.new
        at = edit.end
    yield old[at:]
