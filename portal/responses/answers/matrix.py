"""What did they actually answer? Demands and questions down, their answers across, a sign in each cell. No database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.language import format_day
from portal.responses.reading import ANSWERED

# More columns than this nobody can read; the newest are shown.
MOST_COLUMNS = 12
# What stands in a cell beside the verdicts: readers differ; nobody has read it in.
DIFFER, UNREAD = "differ", "unread"
SIGNS = {"yes": "✔", "partly": "~", "no": "✘", "not_answered": "–", "unclear": "?", DIFFER: "≠", UNREAD: ""}
# Of the drawing, in pixels: a row, a column, what stands before the first column and above the first row.
ROW, COLUMN, LABEL, HEAD = 40, 52, 40, 34


@dataclass(frozen=True)
class Row:
    """A demand or question with what each answer says to it."""

    kind: str
    number: int
    text: str
    cells: tuple[str, ...]

    @property
    def label(self) -> str:
        """ "3" or "Q1"."""
        return _("Q%(number)s", number=self.number) if self.kind == "question" else str(self.number)

    @property
    def is_answered(self) -> bool:
        """Whether any of the answers says yes, partly or no to it."""
        return any(cell in ANSWERED for cell in self.cells)


@dataclass(frozen=True)
class Column:
    """One of their answers: its day, what kind it is, and the page about it ("" when there is none)."""

    on: date
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Matrix:
    """The picture, and the same as a table."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    @property
    def width(self) -> int:
        """Of the drawing, in pixels."""
        return LABEL + COLUMN * len(self.columns)

    @property
    def height(self) -> int:
        """Of the drawing, in pixels."""
        return HEAD + ROW * len(self.rows)

    @property
    def finding(self) -> str:
        """What it shows, as a sentence or two."""
        asked, answered = len(self.rows), sum(row.is_answered for row in self.rows)
        begin = ngettext("After %(num)d answer:", "After %(num)d answers:", len(self.columns))
        if answered == asked:
            said = _("everything we asked has an answer, be it yes, partly or no.")
        elif not answered:
            said = _("nothing that we asked has an answer.")
        else:
            said = _("of %(asked)s things we asked, %(answered)s have an answer.", asked=asked, answered=answered)
        never = [row.label for row in self.rows if not row.is_answered]
        if answered and 0 < len(never) <= 5:
            said += " " + _("Still nothing to: %(which)s.", which=", ".join(never))
        return f"{begin} {said}"

    def left(self, column: int) -> int:
        """Where a column begins, counted from 0."""
        return LABEL + COLUMN * column

    def top(self, row: int) -> int:
        """Where a row begins, counted from 0."""
        return HEAD + ROW * row

    def day_of(self, column: Column) -> str:
        """The head of a column, short."""
        return format_day(column.on, weekday=False)


def cell_of(verdicts: list[str]) -> str:
    """What stands in a cell where readers found this: the one verdict they share, DIFFER, or UNREAD."""
    if not verdicts:
        return UNREAD
    return verdicts[0] if len(set(verdicts)) == 1 else DIFFER


def matrix_of(
    asks: Sequence[Any], columns: Sequence[Column], cells: Sequence[Mapping[tuple[str, int], list[str]]]
) -> Matrix | None:
    """The matrix of answers in their order. `cells` has for each column the verdicts by kind and number of the ask.

    None when nothing was asked or nothing was answered.
    """
    columns, cells = columns[-MOST_COLUMNS:], cells[-MOST_COLUMNS:]
    if not asks or not columns:
        return None
    rows = [
        Row(ask.kind, ask.number, ask.text, tuple(cell_of(found.get((ask.kind, ask.number), [])) for found in cells))
        for ask in asks
    ]
    return Matrix(tuple(rows), tuple(columns))
