"""What a group brings to one meeting with them, in one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign, Membership
from portal.database import db, is_sqlite
from portal.letters.models import Letter, LetterVersion
from portal.meetings.models import Attendance, Meeting
from portal.people.models import Person
from portal.responses.reading import Ask, asks_in

# Columns: part, id, ref, words, more, note, n, m, o, a.
_SQL = """
SELECT 'demand' AS part, demand.id AS id, 0 AS ref, what AS words, COALESCE(weight, '') AS more,
  COALESCE(note, '') AS note, COALESCE(ranked_demand."position", 1000 + demand."position") AS n, 0 AS m, 0 AS o,
  CAST(by_on AS TEXT) AS a
FROM demand LEFT JOIN ranked_demand ON ranked_demand.demand_id = demand.id AND ranked_demand.meeting_id = ?
WHERE demand.campaign_id = ? AND withdrawn_at IS NULL
UNION ALL
SELECT 'duty', duty.id, person.id, person.name, duty.name, '', 0, 0, 0, NULL
FROM duty JOIN person ON person.id = person_id WHERE meeting_id = ?
UNION ALL
SELECT 'fallback', fallback.id, COALESCE(rung_id, 0), fallback.what, fallback.who, COALESCE(rung.what, ''),
  fallback."position", 0, 0, CAST(by_on AS TEXT)
FROM fallback LEFT JOIN rung ON rung.id = rung_id WHERE meeting_id = ?
UNION ALL
SELECT 'question', id, 0, text, '', '', "position", 0, 0, NULL FROM room_question WHERE meeting_id = ?
UNION ALL
SELECT 'hands', id, 0, question, counted_by, '', yes_count, no_count, neither_count, NULL
FROM hand_count WHERE meeting_id = ? AND withdrawn_at IS NULL
"""


@dataclass(frozen=True)
class BroughtDemand:
    """A demand as it stands for this meeting; `weight` is empty until somebody said how far we go."""

    id: int
    what: str
    weight: str
    note: str
    by_on: date | None


@dataclass(frozen=True)
class BroughtDuty:
    """Who does what in the room."""

    name: str
    person_id: int
    person: str


@dataclass(frozen=True)
class BroughtFallback:
    """What we do if they say no."""

    id: int
    what: str
    who: str
    by_on: date | None
    rung_id: int
    rung: str


@dataclass(frozen=True)
class Hands:
    """Hands counted in the room."""

    id: int
    question: str
    counted_by: str
    yes: int
    no: int
    neither: int


@dataclass(frozen=True)
class Kit:
    """Everything that a group brings to a meeting, and how those present voted there."""

    demands: list[BroughtDemand]
    duties: dict[str, BroughtDuty]
    fallbacks: list[BroughtFallback]
    questions: list[tuple[int, str]]
    hands: list[Hands]


def find_kit(campaign: Campaign, meeting: Meeting) -> Kit:
    """What we bring to this meeting: the demands in our order, and the rest. One statement."""
    sql = _SQL if is_sqlite() else _SQL.replace("?", "%s")
    given = (meeting.id, campaign.id, meeting.id, meeting.id, meeting.id, meeting.id)
    parts: dict[str, list[Any]] = {}
    for row in db.execute_sql(sql, given).fetchall():
        parts.setdefault(row[0], []).append(row)

    def rows(part: str) -> list[Any]:
        return sorted(parts.get(part, ()), key=lambda row: (row[6], row[1]))

    return Kit(
        demands=[BroughtDemand(row[1], row[3], row[4], row[5], _day(row[9])) for row in rows("demand")],
        duties={row[4]: BroughtDuty(row[4], row[2], row[3]) for row in rows("duty")},
        fallbacks=[BroughtFallback(row[1], row[3], row[4], _day(row[9]), row[2], row[5]) for row in rows("fallback")],
        questions=[(row[1], row[3]) for row in rows("question")],
        hands=[
            Hands(row[1], row[3], row[4], row[6], row[7], row[8])
            for row in sorted(parts.get("hands", ()), key=lambda row: row[1])
        ],
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def members_of(campaign: Campaign) -> list[Person]:
    """Everybody in the circle, by name. One statement."""
    return list(
        Person.select(Person.id, Person.name, Person.closed_at)
        .join(Membership, on=(Membership.person == Person.id))
        .where(Membership.campaign == campaign.id, Membership.left_at.is_null())
        .order_by(Person.name, Person.id)
    )


def present_at(meeting: Meeting) -> list[Person]:
    """Those with an account who are ticked as having come. One statement."""
    return list(
        Person.select(Person)
        .join(Attendance, on=(Attendance.person == Person.id))
        .where(Attendance.meeting == meeting.id, Attendance.undone_at.is_null())
        .distinct()
    )


def sent_letters(campaign: Campaign) -> list[tuple[Letter, list[Ask]]]:
    """The letters that went out, newest first, each with what its newest frozen text asks. One statement."""
    later = LetterVersion.alias()
    newest = later.select(later.id).where(later.letter == Letter.id).order_by(later.id.desc()).limit(1)
    rows = (
        Letter.select(Letter, LetterVersion.content)
        .join(LetterVersion, on=(LetterVersion.id == newest), attr="newest")
        .where(Letter.campaign == campaign.id, Letter.sent_on.is_null(False), Letter.withdrawn_at.is_null())
        .order_by(Letter.id.desc())
        .limit(10)
    )
    found = []
    for letter in rows:
        letter.campaign = campaign
        found.append((letter, asks_in(letter.newest.content)))
    return found
