"""The line that makes a letter a formal complaint: put into its greeting with the tick, taken out again without it.

It can decide whether a landlord's or supplier's clock starts. Words that neighbours wrote themselves are never touched.
"""

import re

from flask_babel import gettext as _

from portal import clock
from portal.letters.models import Block, BlockRevision, Letter
from portal.people.models import Person

LINE = "Treat this letter as a formal complaint."
# Enough to be understood: "treat this as a formal complaint", "this is our formal complaint".
SAID = re.compile(r"\bformal complaint\b", re.IGNORECASE)


def says_so(letter: Letter, texts: list[str]) -> bool | None:
    """Whether the letter says in its words that it is a formal complaint; None in a language we cannot read."""
    return any(SAID.search(text) for text in texts) if letter.language == "en" else None


def add_line(letter: Letter, *, by: Person) -> Block | None:
    """Add the line to the letter's greeting unless the letter says so already, and return the greeting.

    Call inside the transaction of a change of the text. None where nothing had to be added, where there is no greeting,
    or where the letter is in a language that the line is not written in.
    """
    rows = _standing(letter)
    greeting = next((row for row in rows if row.kind == "greeting"), None)
    if greeting is None or says_so(letter, [row.text for row in rows]) is not False:
        return None
    return _write(greeting, f"{greeting.text.rstrip()} {LINE}".strip(), by)


def take_line_out(letter: Letter, *, by: Person) -> Block | None:
    """Take exactly our line out of the greeting again, and return the greeting; None where it is not there."""
    for row in _standing(letter):
        if row.kind == "greeting" and LINE in row.text:
            left = re.sub(rf"[ \t]*{re.escape(LINE)}", "", row.text, count=1).strip()
            return _write(row, left, by) if left else None
    return None


def _standing(letter: Letter) -> list[Block]:
    rows = Block.select().where(Block.letter == letter.id, Block.removed_at.is_null())
    return list(rows.order_by(Block.position, Block.id))


def _write(block: Block, text: str, by: Person) -> Block:
    at = clock.now()
    Block.update(text=text, version=Block.version + 1, edited_by=by.id, edited_at=at).where(
        Block.id == block.id
    ).execute()
    now = Block.get_by_id(block.id)
    BlockRevision.create(
        block=now,
        version=now.version,
        text=now.text,
        saved_by=by,
        saved_at=at,
        change="filled",
        why=_("The tick for a formal complaint changed"),
    )
    return now
