"""Everything that stands on the page of one answer, in one statement: the page has five to spend."""

from datetime import date
from typing import Any, NamedTuple

import peewee

from portal.people.models import Person
from portal.responses.answers.models import Reader, RowNote, SettledRow
from portal.responses.models import Answer, Commitment, Response, ResponseFile
from portal.storage import StoredFile


class Line(NamedTuple):
    """A row of any of them; `what` says which: "answer", "promise", "settled", "note", "reader" or "file"."""

    what: str
    id: int
    block_id: int | None
    verdict: str
    words: str
    on: Any
    person_id: int | None
    person: str | None
    made_on: Any
    claimed_on: Any
    # Also the page of an excerpt, and the pages of a file.
    fixed: Any
    # Also the bytes of a file.
    not_fixed: Any
    is_public: Any
    # How sure a reader is, what a reader has done so far, or a file's fingerprint.
    more: str


class ReaderLine(NamedTuple):
    """Who reads: state is "asked", "declined" or "read"; kind is what kind of answer they find."""

    person_id: int
    name: str
    state: str
    kind: str


class FileLine(NamedTuple):
    """A file that came with it, and how far its words are: "waiting", "read", "empty", "failed" or "none"."""

    id: int
    name: str
    kind: str
    state: str
    pages: int | None
    size: int
    sha256: str


def lines_of(response: Response) -> list[Line]:
    """All of them, oldest first. One statement."""
    left = peewee.JOIN.LEFT_OUTER
    value, nothing = peewee.Value, peewee.SQL("NULL")
    answers = (
        Answer.select(
            value("answer"),
            Answer.id,
            Answer.block,
            Answer.verdict,
            Answer.excerpt,
            Answer.promised_on,
            Answer.reader,
            Person.name,
            nothing,
            nothing,
            Answer.page,
            nothing,
            nothing,
            Answer.confidence,
        )
        .join(Person, left, on=(Answer.reader == Person.id))
        .where(Answer.response == response.id)
    )
    # The first two say of which kind each column is; the rest may leave gaps.
    promises = Commitment.select(
        value("promise"),
        Commitment.id,
        Commitment.block,
        Commitment.state,
        Commitment.what,
        Commitment.due_on,
        nothing,
        nothing,
        Commitment.made_on,
        Commitment.claimed_done_on,
        Commitment.fixed_count,
        Commitment.not_fixed_count,
        Commitment.is_public,
        value(""),
    ).where(Commitment.response == response.id)
    gap = [nothing] * 5
    settled = (
        SettledRow.select(
            value("settled"),
            SettledRow.id,
            SettledRow.row_key,
            SettledRow.verdict,
            SettledRow.words,
            nothing,
            SettledRow.by,
            Person.name,
            *gap,
            value(""),
        )
        .join(Person, left, on=(SettledRow.by == Person.id))
        .where(SettledRow.response == response.id)
    )
    notes = (
        RowNote.select(
            value("note"),
            RowNote.id,
            RowNote.block,
            value(""),
            RowNote.text,
            nothing,
            RowNote.person,
            Person.name,
            *gap,
            value(""),
        )
        .join(Person)
        .where(RowNote.response == response.id)
    )
    state = peewee.Case(
        None, [(Reader.read_at.is_null(False), "read"), (Reader.declined_at.is_null(), "asked")], "declined"
    )
    readers = (
        Reader.select(
            value("reader"),
            Reader.id,
            nothing,
            peewee.fn.COALESCE(Reader.kind, ""),
            value(""),
            nothing,
            Reader.person,
            Person.name,
            *gap,
            state,
        )
        .join(Person)
        .where(Reader.response == response.id)
    )
    files = (
        ResponseFile.select(
            value("file"),
            ResponseFile.id,
            nothing,
            ResponseFile.text_state,
            StoredFile.name,
            nothing,
            nothing,
            StoredFile.content_type,
            nothing,
            nothing,
            ResponseFile.pages,
            StoredFile.size,
            nothing,
            StoredFile.sha256,
        )
        .join(StoredFile)
        .where(ResponseFile.response == response.id)
    )
    rows = (answers | promises | settled | notes | readers | files).tuples()
    return sorted((Line(*row) for row in rows), key=lambda line: (line.what, line.id))


def day_of(found: Any) -> date | None:
    """A day of a line: SQLite gives the columns of a union back as text."""
    return date.fromisoformat(found[:10]) if isinstance(found, str) else found
