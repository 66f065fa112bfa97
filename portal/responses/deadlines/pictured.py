"""What the picture of a letter's clocks is drawn from: for the circle, and for everybody."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from portal.database import db, is_sqlite
from portal.deadlines import calendars
from portal.deadlines.calendars import Calendar
from portal.deadlines.operations import calendars_with
from portal.letters.models import Letter
from portal.responses.deadlines.cards import Card
from portal.responses.deadlines.picture import Came, Picture, draw
from portal.responses.deadlines.queries import Happened
from portal.responses.reading import asks_in

# What happened, the newest frozen text, and the days off that stewards added: one statement.
EVERYTHING = """
WITH here (letter) AS (SELECT CAST(? AS INTEGER))
SELECT 'delivery' AS what, delivery.id, CAST(happened_on AS TEXT) AS day, channel AS kind, to_name AS who,
  mail_id AS mail, COALESCE(CAST(came_back_on AS TEXT), '') AS more
FROM here JOIN delivery ON letter_id = here.letter LEFT JOIN outgoing_mail ON outgoing_mail.id = mail_id
WHERE happened_on IS NOT NULL AND channel <> 'public'
  AND (outgoing_mail.state IS NULL OR outgoing_mail.state NOT IN ('failed', 'cancelled'))
UNION ALL
SELECT 'response', response.id, CAST(received_on AS TEXT), COALESCE(kind, ''), from_name, NULL,
  COALESCE((SELECT string_agg(CAST(answer.id AS TEXT) || ' ' || CAST(block_id AS TEXT) || ' ' || verdict, ',')
    FROM answer WHERE answer.response_id = response.id), '')
FROM response, here WHERE letter_id = here.letter AND channel <> 'noted'
UNION ALL
SELECT 'event', letter_event.id, CAST(day AS TEXT), event, '', NULL, '' FROM letter_event, here
WHERE letter_id = here.letter
UNION ALL
SELECT * FROM (
  SELECT 'frozen' AS what, letter_version.id, CAST(frozen_at AS TEXT) AS day, '' AS kind, '' AS who,
    CAST(NULL AS INTEGER) AS mail, content AS more
  FROM letter_version, here WHERE letter_id = here.letter ORDER BY letter_version.id DESC LIMIT 1
) AS newest
UNION ALL
SELECT 'off', id, CAST(day AS TEXT), calendar, name, NULL, '' FROM one_off_day
"""


class Everything(NamedTuple):
    """What happened around a letter, oldest first; what came, for the picture; its frozen text; the calendars."""

    happened: list[Happened]
    came: list[Came]
    content: str
    calendars: dict[str, Calendar]


def _back(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def everything_of(letter: Letter) -> Everything:
    """All that the page of a letter's clocks shows besides the clocks, but for what never left or was shown to others.
    One statement."""
    sql = EVERYTHING if is_sqlite() else EVERYTHING.replace("?", "%s")
    rows = [(*row[:2], date.fromisoformat(row[2][:10]), *row[3:]) for row in db.execute_sql(sql, (letter.id,))]
    happened = [
        Happened(what, row_id, day, kind, who, not mail, _back(more) if what == "delivery" else None)
        for what, row_id, day, kind, who, mail, more in rows
        if what not in {"frozen", "off"}
    ]
    came = [
        Came(day, kind, first_verdicts(more)) for what, _id, day, kind, _who, _m, more in rows if what == "response"
    ]
    content = next((row[6] for row in rows if row[0] == "frozen"), "")
    off = [(kind, day, who) for what, _id, day, kind, who, _m, _more in rows if what == "off"]
    return Everything(
        sorted(happened, key=lambda one: (one.day, one.what, one.id)),
        sorted(came, key=lambda one: one.day),
        content or "",
        calendars_with(off),
    )


def first_verdicts(kept: str) -> dict[int, str]:
    """What whoever read first found, by what was asked, from "id block verdict, …"."""
    found: dict[int, str] = {}
    for _id, block, verdict in sorted((one.split(" ") for one in kept.split(",") if one), key=lambda one: int(one[0])):
        found.setdefault(int(block), verdict)
    return found


def picture_inside(letter: Letter, cards: list[Card], found: Everything, today: date) -> Picture | None:
    """The picture for the circle; None before the letter has gone and while no clock for an answer runs."""
    if letter.sent_on is None:
        return None
    return draw(
        sent_on=letter.sent_on,
        cards=cards,
        asks=asks_in(found.content),
        came=[Came(letter.sent_on, "sent"), *found.came],
        calendars=found.calendars,
        today=today,
    )


def picture_outside(
    sent_on: date, cards: Iterable[Card], answers: list[tuple[date, str]], days_off: str, *, is_open: bool, today: date
) -> Picture | None:
    """The picture for everybody, from published answers only.

    While some answer is not published (`is_open` is False) only what is owed is drawn: a lane must never say that
    nothing came where something is only not shown, nor that it did.
    """
    shown = [card for card in cards if is_open or card.deadline.satisfied_on is None]
    if not is_open:
        shown = [card for card in shown if card.deadline.awaits == "answer"]
    return draw(
        sent_on=sent_on,
        cards=shown,
        asks=[],
        came=[Came(sent_on, "sent"), *(Came(day, kind) for day, kind in sorted(answers))],
        calendars=calendars_with(read_days_off(days_off)),
        today=today,
    )


def read_days_off(kept: str) -> list[tuple[str, date, str]]:
    """Days off from "calendar day, …"; their names are not needed here."""
    pairs = (one.split(" ") for one in kept.split(",") if one)
    return [(name, date.fromisoformat(day), "") for name, day in pairs if name in calendars.NAMES]
