"""Ways to read what came back, for the tests about answers."""

from datetime import date
from typing import Any

from portal.letters.models import Block, Letter
from portal.people.models import Person
from portal.responses.models import Response
from portal.responses.operations import Verdict, read_response

SENT = date(2026, 10, 12)


def block_ids(letter: Letter) -> list[int]:
    """The blocks that want an answer: two demands and a question."""
    asks = (
        Block.select().where(Block.letter == letter.id, Block.kind << ["demand", "question"]).order_by(Block.position)
    )
    return [block.id for block in asks]


def read(response: Response, by: Person, *verdicts: str, kind: str = "partial", **given: Any) -> None:
    """Have somebody read it: one verdict for each ask. `promised_on` and `excerpt` go to the first row."""
    ids = block_ids(response.letter)
    sheet = {block: Verdict(verdict) for block, verdict in zip(ids, verdicts, strict=True)}
    sheet[ids[0]] = Verdict(verdicts[0], given.get("excerpt", ""), given.get("promised_on"))
    read_response(response, by=by, kind=kind, sheet=sheet)


def page_of(response: Response, rest: str = "") -> str:
    """The address of an answer's page, or of something below it."""
    return f"/campaigns/{response.campaign.key}/responses/{response.id}{rest}"
