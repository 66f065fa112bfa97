"""What they answered to one letter: for people inside, and what everybody may read."""

import json
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.campaigns.finding import find_campaign
from portal.letters.models import Letter
from portal.responses import reading, words
from portal.responses.answers import queries
from portal.responses.answers.finding import find_frozen_letter, find_public_letter
from portal.responses.answers.matrix import SIGNS, Column, matrix_of
from portal.responses.models import Response as Answered
from portal.web import action, render

bp = Blueprint("letter_answers", __name__)


@bp.get("/campaigns/<key>/letters/<int:letter_id>/answers")
@action("response.read")
def show(key: str, letter_id: int) -> Response:
    """What each of their answers says to each thing we asked, and all of them, newest first."""
    campaign = find_campaign(key, "response.read")
    version = find_frozen_letter(Letter.id == letter_id, Letter.campaign == campaign.id)
    letter = version.letter
    letter.campaign = campaign
    before = request.args.get("before", "")
    found = queries.list_answers(campaign, letter=letter, before=before)
    here: dict[str, Any] = {"key": key, "letter_id": letter_id}
    return render(
        "answers/letter.html",
        campaign=campaign,
        letter=letter,
        answers=found.rows,
        hits={},
        matrix=_inside(found.rows, reading.asks_in(version.content), key),
        signs=SIGNS,
        verdicts=words.VERDICTS,
        older=url_for(".show", before=found.older, **here) if found.older else None,
        newer=url_for(".show", **here) if queries.read_key(before) else None,
        channels=words.CHANNELS,
        kinds=words.KINDS,
    )


def _inside(rows: list[Answered], asks: list[reading.Ask], key: str) -> Any:
    read = [row for row in reversed(rows) if row.read_at is not None and row.channel != "noted"]
    found = queries.verdicts_of(read) if read else {}
    names = {ask.block_id: (ask.kind, ask.number) for ask in asks}
    cells = [{names[block]: said for block, said in found.get(row.id, {}).items() if block in names} for row in read]
    columns = [
        Column(row.received_on, row.kind or "", url_for("responses.show", key=key, response_id=row.id)) for row in read
    ]
    return matrix_of(asks, columns, cells)


@bp.get("/letters/<letter_key>/answers")
@action("letter.read_public")
def public(letter_key: str) -> Response:
    """What they answered, as far as a lead has published it: words and verdicts, never the originals."""
    version = find_public_letter(letter_key)
    letter = version.letter
    published = queries.published_of(letter)
    answers = [row for row in published if row.channel != "noted" and row.published_at is not None]
    cells = [
        {(row["kind"], row["number"]): row["verdicts"] for row in json.loads(one.public_sheet or "[]")}
        for one in answers
    ]
    columns = [Column(one.received_on, one.kind or "") for one in answers]
    return render(
        "answers/public.html",
        campaign=letter.campaign,
        letter=letter,
        published=published,
        matrix=matrix_of(reading.asks_in(version.content), columns, cells),
        signs=SIGNS,
        verdicts=words.VERDICTS,
        kinds=words.KINDS,
        readers={
            one.id: max((row.get("readers", 1) for row in json.loads(one.public_sheet or "[]")), default=1)
            for one in answers
        },
    )
