"""Ways to deliver a letter, answer it and read its clocks."""

from datetime import date
from typing import Any

from portal.letters.models import Delivery, Letter
from portal.people.models import Person
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Response
from portal.responses.operations import Verdict, read_response
from tests.builders import build_response
from tests.responses.stage import block_ids

ACK, ANSWER = "eng.social.complaint.s1.ack", "eng.social.complaint.s1.answer"


def deliver(letter: Letter, day: date, channel: str = "hand", **given: Any) -> Delivery:
    return Delivery.create(
        campaign=letter.campaign,
        letter=letter,
        version=letter.versions.get(),
        channel=channel,
        to_name="Their office",
        happened_on=day,
        **given,
    )


def answer(letter: Letter, kind: str, on: date, by: Person) -> Response:
    """Something came and was read as one kind of answer."""
    response = build_response(letter, received_on=on)
    read_response(response, by=by, kind=kind, sheet={block: Verdict("unclear") for block in block_ids(letter)})
    return response


def clock_of(letter: Letter, rule_id: str = "generic.answer") -> Deadline:
    return Deadline.get(Deadline.letter == letter.id, Deadline.rule_id == rule_id)


def kept(letter: Letter, rule_id: str = "generic.answer") -> Deadline:
    keep_deadlines(letter)
    return clock_of(letter, rule_id)


def due_of(letter: Letter) -> date | None:
    return Letter.get_by_id(letter.id).answer_due_on


def address(letter: Letter, rest: str = "") -> str:
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}/deadlines{rest}"
