"""Reads that span what came back: a response with its sheet and promises, the list of promises, their counts."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import peewee

from portal.campaigns.models import Campaign, Membership
from portal.letters.models import Letter, LetterVersion
from portal.people.models import Person
from portal.responses import reading
from portal.responses.models import Answer, Commitment, Response
from portal.responses.reading import Reading, SheetRow
from portal.storage import StoredFile


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


def responses_of(campaign: Campaign) -> "peewee.ModelSelect[Any]":
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
        .join_from(Response, logger, peewee.JOIN.LEFT_OUTER, on=(Response.logged_by == logger.id), attr="logged_by")
        .join_from(Response, reader, peewee.JOIN.LEFT_OUTER, on=(Response.read_by == reader.id), attr="read_by")
        .join_from(
            Response, publisher, peewee.JOIN.LEFT_OUTER, on=(Response.published_by == publisher.id), attr="published_by"
        )
        .join_from(Letter, LetterVersion, peewee.JOIN.LEFT_OUTER, on=(LetterVersion.id == asked_id), attr="asked")
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
        row = rows.get(line.block_id or 0)
        if line.what == "answer":
            if row is not None:
                row.readings.append(
                    Reading(line.id, line.reader_id, line.reader or "", line.verdict, line.words, _day(line.on))
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
        if row is not None and not promise.is_gone:
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


def public_counts(response: Response) -> reading.Counts:
    """What the public headline adds up to. No statement."""
    rows = public_rows(response)
    kinds = [row["kind"] for row in rows]
    firsts = Counter(row["verdicts"][0] for row in rows if row["verdicts"])
    answered = sum(row["answered"] for row in rows)
    return reading.Counts(kinds.count("demand"), kinds.count("question"), answered, dict(firsts))


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
