"""Reads that span what came back: a response with its sheet and promises, the list of promises, their counts."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import peewee

from portal.campaigns.models import Campaign, Membership
from portal.letters.models import Letter, LetterVersion
from portal.people.models import Person
from portal.responses import reading
from portal.responses.answers.lines import FileLine, Line, ReaderLine, day_of, lines_of
from portal.responses.models import Commitment, Response
from portal.responses.reading import Reading, SheetRow
from portal.storage import StoredFile


@dataclass
class Sheet:
    """A response as its page shows it: the rows, what they add up to, and every promise found in it."""

    rows: list[SheetRow]
    promises: list[Commitment]
    # Everybody who was asked to read it or has.
    people: list[ReaderLine] = field(default_factory=list)
    files: list[FileLine] = field(default_factory=list)
    settled_kind: reading.Settled | None = None

    def has_read(self, person_id: int) -> bool:
        """Whether this person has filled in a sheet of their own."""
        return any(one.person_id == person_id and one.state == "read" for one in self.people) or any(
            row.reading_of(person_id) for row in self.rows
        )

    def is_asked(self, person_id: int) -> bool:
        """Whether this person was asked by name to read it and has not done so yet: they read blind."""
        return any(one.person_id == person_id and one.state == "asked" for one in self.people)

    @property
    def kinds(self) -> list[ReaderLine]:
        """Those who have said what kind of answer it is, whoever read first in front."""
        return [one for one in self.people if one.state == "read" and one.kind]

    @property
    def is_kind_disputed(self) -> bool:
        """Whether readers differ about what kind of answer it is, and nothing has been settled."""
        return len({one.kind for one in self.kinds}) > 1 and self.settled_kind is None

    @property
    def has_differences(self) -> bool:
        """Whether there is anything to talk over, or something was."""
        return (
            any(row.others or row.settled for row in self.rows)
            or len({one.kind for one in self.kinds}) > 1
            or self.settled_kind is not None
        )

    @property
    def counts(self) -> reading.Counts:
        """What the headline says."""
        return reading.count(self.rows)

    @property
    def readers(self) -> list[str]:
        """Who read it, whoever read first in front."""
        return reading.readers_of(self.rows) or [one.name for one in self.people if one.state == "read"]

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
    if response.channel == "noted":
        # Nobody wrote it: the portal noted that nothing came.
        return []
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
    sheet = Sheet([rows[ask.block_id] for ask in asks], [])
    for line in lines_of(response):
        _put(sheet, rows.get(line.block_id or 0), line, response)
    return sheet


def _put(sheet: Sheet, row: SheetRow | None, line: Line, response: Response) -> None:
    """A line to its place on the sheet. `row` is the ask it is about, if any."""
    name = line.person or ""
    if line.what == "reader":
        sheet.people.append(ReaderLine(line.person_id or 0, name, line.more, line.verdict))
    elif line.what == "file":
        sheet.files.append(FileLine(line.id, line.words, name, line.verdict, line.fixed, line.not_fixed, line.more))
    elif line.what == "promise":
        promise = _promise_of(line, response)
        sheet.promises.append(promise)
        if row is not None and not promise.is_gone:
            row.promises.append(promise)
    elif line.what == "settled" and not line.block_id:
        sheet.settled_kind = reading.Settled(line.verdict, line.words, name)
    elif row is None:
        return
    elif line.what == "settled":
        row.settled = reading.Settled(line.verdict, line.words, name)
    elif line.what == "note":
        row.notes.append(reading.Note(line.person_id or 0, name, line.words))
    else:
        row.readings.append(
            Reading(
                line.id, line.person_id, name, line.verdict, line.words, day_of(line.on), line.more or "", line.fixed
            )
        )


def _promise_of(line: Line, response: Response) -> Commitment:
    return Commitment(
        id=line.id,
        campaign=response.campaign,
        response=response.id,
        block=line.block_id,
        state=line.verdict,
        what=line.words,
        due_on=day_of(line.on),
        made_on=day_of(line.made_on),
        claimed_done_on=day_of(line.claimed_on),
        fixed_count=line.fixed,
        not_fixed_count=line.not_fixed,
        is_public=bool(line.is_public),
    )


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
    firsts = Counter(row["verdicts"][0] for row in rows if len(row["verdicts"]) == 1)
    answered = sum(row["answered"] for row in rows)
    return reading.Counts(kinds.count("demand"), kinds.count("question"), answered, dict(firsts))


def choices_of_response(campaign: Campaign) -> list[Response]:
    """The latest answers of a campaign, for saying in which of them a promise was made."""
    return list(
        Response.select(Response.id, Response.channel, Response.received_on, Response.from_name)
        .where(Response.campaign == campaign.id, Response.channel != "noted")
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
