"""Words of a file beside the sheet, and copying a paragraph into a row."""

import re
from dataclasses import dataclass
from typing import Any

from portal.responses.answers import queries
from portal.responses.answers.file_text import pages_of
from portal.responses.models import Response

# Beside the sheet; the whole text has a page of its own.
MOST_BESIDE = 60
SHORT = 160
MOST_QUOTED = 500
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?=[^\s\da-z])")
_USE = re.compile(r"(\d{1,9})\.(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True)
class Piece:
    """A paragraph of a text: `mark` names it in a form, `page` is 0 where there are no pages."""

    mark: str
    page: int
    text: str


@dataclass(frozen=True)
class Beside:
    """The words of one file (or, with id 0, of the answer itself) beside the sheet. `is_cut`: there is more."""

    id: int
    name: str
    pieces: list[Piece]
    is_cut: bool = False


def texts_beside(response: Response) -> list[Beside]:
    """Everything that can be quoted, paragraph by paragraph. One statement."""
    found = []
    if response.text:
        found.append(_beside(0, "", response.text))
    for one in queries.files_of(response):
        if one.text:
            found.append(_beside(one.id, one.file.name, one.text))
    return found


def quotable(paragraph: str) -> list[str]:
    """A paragraph in pieces short enough to quote: whole sentences, as many as fit. A PDF knows no paragraphs."""
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(" ".join(paragraph.split())):
        if pieces and len(pieces[-1]) + len(sentence) < SHORT:
            pieces[-1] += " " + sentence
        else:
            pieces.append(sentence)
    return [piece for piece in pieces if piece]


def _beside(file_id: int, name: str, text: str) -> Beside:
    pages = pages_of(text)
    # What was typed or is one page long has no page to name.
    is_paged = file_id > 0 and len(pages) > 1
    pieces = [
        Piece(f"{file_id}.{number}.{place}", number if is_paged else 0, part)
        for number, page in enumerate(pages, start=1)
        for place, part in enumerate(piece for paragraph in page for piece in quotable(paragraph))
    ]
    return Beside(file_id, name, pieces[:MOST_BESIDE], len(pieces) > MOST_BESIDE)


def use_words(form: Any, files: list[Beside], mark: str, into: str) -> None:
    """Put the paragraph that `mark` names into the row of the block `into`. Anything else changes nothing."""
    field = form._fields.get(f"excerpt_{into}")
    piece = next((one for file in files for one in file.pieces if one.mark == mark), None)
    if field is None or piece is None or not _USE.fullmatch(mark):
        return
    words = " ".join(piece.text.split())
    field.data = words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 1].rsplit(" ", 1)[0] + "…"
    page = form._fields[f"page_{into}"]
    # Number fields show what was typed before what is set.
    page.data, page.raw_data = piece.page or None, None
