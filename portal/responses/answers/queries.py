"""Reads of answers: all of a campaign or of a letter, what stands in their files, and who may be asked to read."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from portal.campaigns.models import Campaign, Membership
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.answers.file_text import NEXT_PAGE
from portal.responses.answers.models import FactReview, Reader, SetAside, SettledRow
from portal.responses.models import Answer, Response, ResponseFile
from portal.storage import StoredFile

PAGE = 20
AROUND = 90


@dataclass(frozen=True)
class Page:
    """One page of answers, newest first, and the key of the next older page ("" when there is none)."""

    rows: list[Response]
    older: str


@dataclass(frozen=True)
class Hit:
    """Where somebody's words were found: around them, in which file and on which page (0 for the text itself)."""

    before: str
    found: str
    after: str
    file_name: str = ""
    page: int = 0


def read_key(typed: str) -> tuple[date, int] | None:
    """The place in the list that a pager's key names ("2026-11-03.17"), or None when it is not one."""
    day, _dot, row_id = typed.partition(".")
    try:
        return (date.fromisoformat(day), int(row_id)) if row_id.isascii() and len(row_id) < 10 else None
    except ValueError:
        return None


def list_answers(
    campaign: Campaign, *, letter: Letter | None = None, words: str = "", unread: bool = False, before: str = ""
) -> Page:
    """Answers, newest first, each with its letter's title, `reader_count` and `file_count`. One statement.

    `words` leaves those in whose text, files, or sender they stand.
    """
    readers = Reader.select(peewee.fn.COUNT(Reader.id)).where(
        Reader.response == Response.id, Reader.read_at.is_null(False)
    )
    files = ResponseFile.select(peewee.fn.COUNT(ResponseFile.id)).where(ResponseFile.response == Response.id)
    rows = (
        Response.select(
            Response.id,
            Response.campaign,
            Response.received_on,
            Response.channel,
            Response.from_name,
            Response.kind,
            Response.read_at,
            Response.published_at,
            Letter.id,
            Letter.title,
            readers.alias("reader_count"),
            files.alias("file_count"),
        )
        .join(Letter)
        .where(Response.campaign == campaign.id)
    )
    if letter is not None:
        rows = rows.where(Response.letter == letter.id)
    if unread:
        rows = rows.where(Response.read_at.is_null())
    if words:
        rows = rows.where(_holds(words))
    key = read_key(before)
    if key is not None:
        day, row_id = key
        rows = rows.where((Response.received_on < day) | ((Response.received_on == day) & (Response.id < row_id)))
    found = list(rows.order_by(Response.received_on.desc(), Response.id.desc()).limit(PAGE + 1))
    shown = found[:PAGE]
    older = f"{shown[-1].received_on.isoformat()}.{shown[-1].id}" if len(found) > PAGE else ""
    return Page(shown, older)


def _holds(words: str) -> Any:
    in_files = ResponseFile.select(ResponseFile.response).where(ResponseFile.text.contains(words))
    return Response.text.contains(words) | Response.from_name.contains(words) | Response.id.in_(in_files)


def count_unread(campaign: Campaign) -> int:
    """How many answers nobody has read yet."""
    return Response.select().where(Response.campaign == campaign.id, Response.read_at.is_null()).count()


def hits_in(rows: list[Response], words: str) -> dict[int, Hit]:
    """For each answer, by its id, the first place where `words` stand. One statement."""
    ids = [row.id for row in rows]
    texts = Response.select(Response.id, Response.text, peewee.Value(""), peewee.Value(0)).where(
        Response.id.in_(ids), Response.text.contains(words)
    )
    filed = (
        ResponseFile.select(ResponseFile.response, ResponseFile.text, StoredFile.name, ResponseFile.id)
        .join(StoredFile)
        .where(ResponseFile.response.in_(ids), ResponseFile.text.contains(words))
    )
    found: dict[int, Hit] = {}
    for response_id, text, name, _file_id in sorted((texts | filed).tuples(), key=lambda row: row[3]):
        hit = _hit(text, words, name)
        if hit is not None:
            found.setdefault(response_id, hit)
    return found


def _hit(text: str, words: str, name: str) -> Hit | None:
    at = text.casefold().find(words.casefold())
    if at < 0:
        return None
    end = at + len(words)
    page = text.count(NEXT_PAGE, 0, at) + 1 if name else 0
    before, after = text[max(0, at - AROUND) : at].split(NEXT_PAGE)[-1], text[end : end + AROUND].split(NEXT_PAGE)[0]
    return Hit(re.sub(r"\s+", " ", before), text[at:end], re.sub(r"\s+", " ", after), name, page)


def verdicts_of(rows: list[Response]) -> dict[int, dict[int, list[str]]]:
    """What the readers of each answer found, by its id and the block of the ask: what was settled, else all of them.

    One statement.
    """
    ids = [row.id for row in rows]
    answers = Answer.select(peewee.Value(0), Answer.response, Answer.block, Answer.verdict, Answer.id)
    settled = SettledRow.select(
        peewee.Value(1), SettledRow.response, SettledRow.row_key, SettledRow.verdict, SettledRow.id
    )
    both = answers.where(Answer.response.in_(ids)) | settled.where(SettledRow.response.in_(ids))
    found: dict[int, dict[int, list[str]]] = {}
    for is_settled, response_id, block_id, verdict, _row_id in sorted(both.tuples()):
        row = found.setdefault(response_id, {})
        if is_settled:
            row[block_id] = [verdict]
        else:
            row.setdefault(block_id, []).append(verdict)
    return found


def published_of(letter: Letter) -> list[Response]:
    """The answers to a letter of which a lead published something, oldest first: words and verdicts, or (in `review`)
    that they are right about a fact. One statement, at most 40.
    """
    rows = (
        Response.select(Response, FactReview)
        .join(FactReview, peewee.JOIN.LEFT_OUTER, on=(FactReview.response == Response.id), attr="review")
        .where(
            Response.letter == letter.id, Response.published_at.is_null(False) | FactReview.published_at.is_null(False)
        )
        .order_by(Response.received_on.desc(), Response.id.desc())
        .limit(40)
    )
    return list(reversed(list(rows)))


def set_aside_in(campaign: Campaign) -> list[SetAside]:
    """What was logged by mistake, newest first, with who set it aside. One statement, at most 50."""
    rows = SetAside.select(SetAside, Letter.id, Letter.title, Person.id, Person.name, Person.closed_at)
    rows = rows.join(Letter).switch(SetAside).join(Person, peewee.JOIN.LEFT_OUTER, on=(SetAside.by == Person.id))
    return list(rows.where(SetAside.campaign == campaign.id).order_by(SetAside.id.desc()).limit(50))


def files_of(response: Response, file_id: int | None = None) -> list[ResponseFile]:
    """The files that came with an answer, in their order, with their words. One statement."""
    rows = ResponseFile.select(ResponseFile, StoredFile).join(StoredFile).where(ResponseFile.response == response.id)
    if file_id is not None:
        rows = rows.where(ResponseFile.id == file_id)
    return list(rows.order_by(ResponseFile.id))


def members_of(campaign: Campaign) -> list[Person]:
    """Everybody in the circle, by name. One statement."""
    return list(
        Person.select(Person)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null(), Person.closed_at.is_null())
        .order_by(Person.name, Person.id)
    )
