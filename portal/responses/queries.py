"""Reads that span what came back: a response with its sheet and promises, the list of promises, their counts."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import peewee

from portal import clock
from portal.campaigns.models import Campaign, Membership
from portal.letters.models import Block, Letter, LetterVersion
from portal.people.models import Person
from portal.responses import reading
from portal.responses.models import Answer, Commitment, CommitmentCheck, Response
from portal.responses.reading import Reading, SheetRow
from portal.storage import StoredFile

PAGE = 30
# Promises without a day stand after all that have one.
_NO_DAY = date(9999, 12, 31)


@dataclass(frozen=True)
class Sheet:
    """A response as its page shows it: the rows, what they add up to, and every promise found in it."""

    rows: list[SheetRow]
    promises: list[Commitment]

    @property
    def counts(self) -> reading.Counts:
        """What the headline says."""
        return reading.count(self.rows)

    @property
    def readers(self) -> list[str]:
        """Who read it, whoever read first in front."""
        return reading.readers_of(self.rows)

    @property
    def disputed(self) -> list[reading.Ask]:
        """The asks on which readers differ."""
        return [row.ask for row in self.rows if row.is_disputed]


@dataclass(frozen=True)
class PromiseCounts:
    """How the promises of a campaign stand on a day. Cancelled ones are not counted."""

    kept: int
    not_due: int
    late: int
    undated: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.kept + self.not_due + self.late + self.undated


def responses_of(campaign: Campaign) -> peewee.ModelSelect:
    """The responses of a campaign, each with its letter, the frozen text that it answers (`response.letter.asked`), its
    file and the people who logged, read and published it. One statement.
    """
    logger, reader, publisher, later = Person.alias(), Person.alias(), Person.alias(), LetterVersion.alias()
    # The text they answered is the last one frozen before the answer was logged.
    asked_id = later.select(peewee.fn.MAX(later.id)).where(
        later.letter == Letter.id, later.frozen_at <= Response.logged_at
    )
    return (
        Response.select(
            Response,
            Letter,
            StoredFile,
            logger.id,
            logger.name,
            reader.id,
            reader.name,
            publisher.id,
            publisher.name,
            LetterVersion.id,
            LetterVersion.number,
            LetterVersion.content,
        )
        .join_from(Response, Letter)
        .join_from(Response, StoredFile, peewee.JOIN.LEFT_OUTER)
        .join_from(
            Response, logger, peewee.JOIN.LEFT_OUTER, on=(Response.logged_by == logger.id), attr="logged_by"
        )
        .join_from(
            Response, reader, peewee.JOIN.LEFT_OUTER, on=(Response.read_by == reader.id), attr="read_by"
        )
        .join_from(
            Response,
            publisher,
            peewee.JOIN.LEFT_OUTER,
            on=(Response.published_by == publisher.id),
            attr="published_by",
        )
        .join_from(
            Letter, LetterVersion, peewee.JOIN.LEFT_OUTER, on=(LetterVersion.id == asked_id), attr="asked"
        )
        .where(Response.campaign == campaign.id)
    )


def asks_of(response: Response) -> list[reading.Ask]:
    """The demands and questions that this response should answer. No statement when it came from `responses_of`."""
    asked = getattr(response.letter, "asked", None)
    if asked is None:
        asked = (
            LetterVersion.select()
            .where(LetterVersion.letter == response.letter_id, LetterVersion.frozen_at <= response.logged_at)
            .order_by(LetterVersion.id.desc())
            .first()
        )
    return reading.asks_in(asked.content) if asked is not None and asked.content else []


def sheet_of(response: Response) -> Sheet:
    """The answer sheet and the promises of one response, in one statement.

    For the circle only: excerpts and names of readers are in it. The public page shows `public_rows`.
    """
    asks = asks_of(response)
    rows = {ask.block_id: SheetRow(ask) for ask in asks}
    found: list[Commitment] = []
    for line in _answers_and_promises(response):
        row = rows.get(line.block_id)
        if line.what == "answer":
            if row is not None:
                row.readings.append(
                    Reading(
                        line.id, line.reader_id, line.reader or "", line.verdict, line.words, _day(line.on)
                    )
                )
            continue
        promise = Commitment(
            id=line.id,
            campaign=response.campaign,
            response=response.id,
            block=line.block_id,
            state=line.verdict,
            what=line.words,
            due_on=_day(line.on),
            made_on=_day(line.made_on),
            claimed_done_on=_day(line.claimed_on),
            fixed_count=line.fixed,
            not_fixed_count=line.not_fixed,
            is_public=bool(line.is_public),
        )
        found.append(promise)
        if row is not None and promise.state != "cancelled":
            row.promises.append(promise)
    return Sheet([rows[ask.block_id] for ask in asks], found)


class _Line(NamedTuple):
    what: str
    id: int
    block_id: int | None
    verdict: str
    words: str
    on: Any
    reader_id: int | None
    reader: str | None
    made_on: Any
    claimed_on: Any
    fixed: int
    not_fixed: int
    is_public: Any


def _answers_and_promises(response: Response) -> list[_Line]:
    """Both in one statement, oldest first: the page of a response has five to spend."""
    nothing = peewee.SQL("NULL")
    answers = (
        Answer.select(
            peewee.Value("answer"),
            Answer.id,
            Answer.block,
            Answer.verdict,
            Answer.excerpt,
            Answer.promised_on,
            Answer.reader,
            Person.name,
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
        )
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Answer.reader == Person.id))
        .where(Answer.response == response.id)
    )
    made = Commitment.select(
        peewee.Value("promise"),
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
    ).where(Commitment.response == response.id)
    return sorted((_Line(*row) for row in (answers | made).tuples()), key=lambda line: line.id)


def _day(value: Any) -> date | None:
    # SQLite gives the columns of a union back as text.
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def sheet_rows(response: Response) -> list[SheetRow]:
    """The rows of a response's answer sheet, as its readers left them. For the circle only; see `public_rows`."""
    return sheet_of(response).rows


def public_rows(response: Response) -> list[dict[str, Any]]:
    """The rows as a lead published them: kind, number, text, answered, verdicts (more than one where readers differ).

    No statement. Empty while the response is not published.
    """
    if response.published_at is None or not response.public_sheet:
        return []
    return json.loads(response.public_sheet)


# ---- promises ----


def counts_of(campaign: Campaign, *, on: date | None = None, public_only: bool = False) -> PromiseCounts:
    """How the promises of a campaign stand today, or on another day; one statement however many there are."""
    day = on or clock.today()
    is_open = Commitment.state != "kept"
    kinds = (
        Commitment.state == "kept",
        is_open & (Commitment.due_on >= day),
        is_open & (Commitment.due_on < day),
        is_open & Commitment.due_on.is_null(),
    )
    sums = [peewee.fn.SUM(peewee.Case(None, [(kind, 1)], 0)) for kind in kinds]
    query = Commitment.select(*sums).where(
        Commitment.campaign == campaign.id, Commitment.state != "cancelled"
    )
    if public_only:
        query = query.where(Commitment.is_public == True)  # noqa: E712
    return PromiseCounts(*(int(found or 0) for found in query.tuples().get()))


def promises_of(campaign: Campaign, *, after: tuple[date | None, int] | None = None) -> list[Commitment]:
    """A page of promises and one more: the earliest day first, those without a day last, without the cancelled.

    `after`: day and id of the last one seen. Each comes with its response, or None.
    """
    day = peewee.fn.COALESCE(Commitment.due_on, _NO_DAY)
    query = (
        Commitment.select(Commitment, Response)
        .join(Response, peewee.JOIN.LEFT_OUTER)
        .where(Commitment.campaign == campaign.id, Commitment.state != "cancelled")
        .order_by(day, Commitment.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        last, last_id = after[0] or _NO_DAY, after[1]
        query = query.where((day > last) | ((day == last) & (Commitment.id > last_id)))
    return list(query)


def promise_with(campaign: Campaign) -> peewee.ModelSelect:
    """The promises of a campaign, each with its response, what was asked, and who added it."""
    return (
        Commitment.select(Commitment, Response, Block, Person.id, Person.name)
        .join_from(Commitment, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(Commitment, Block, peewee.JOIN.LEFT_OUTER)
        .join_from(
            Commitment, Person, peewee.JOIN.LEFT_OUTER, on=(Commitment.added_by == Person.id), attr="added_by"
        )
        .where(Commitment.campaign == campaign.id)
    )


def checks_of(commitment: Commitment) -> list[CommitmentCheck]:
    """What residents found, the latest look first, each with its person."""
    return list(
        CommitmentCheck.select(CommitmentCheck, Person.id, Person.name)
        .join(Person)
        .where(CommitmentCheck.commitment == commitment.id)
        .order_by(CommitmentCheck.at.desc(), CommitmentCheck.id.desc())
    )


def choices_of_response(campaign: Campaign) -> list[Response]:
    """The latest answers of a campaign, for saying in which of them a promise was made."""
    return list(
        Response.select(Response.id, Response.channel, Response.received_on, Response.from_name)
        .where(Response.campaign == campaign.id)
        .order_by(Response.received_on.desc(), Response.id.desc())
        .limit(20)
    )


def names_of_members(campaign: Campaign) -> list[str]:
    """The names of everybody in the circle, so that a text for the public can be held against them."""
    return [
        name
        for (name,) in Person.select(Person.name)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        .tuples()
    ]
