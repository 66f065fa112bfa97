"""What the steps of a plan look at: letters, answers, clocks and promises of a campaign, in one statement.

Written as SQL because it is four small answers in one round trip. Days come as text, which both engines write alike.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.database import db, is_sqlite
from portal.responses.models import Commitment

# Columns: part, id, letter, words, more, n, m, a, b, c.
_SQL = """
SELECT * FROM (
  SELECT 'letter' AS part, id, id AS letter, title AS words, '' AS more, signature_count AS n, signed_home_count AS m,
    CAST(sent_on AS TEXT) AS a, NULL AS b, NULL AS c
  FROM letter WHERE campaign_id = ? AND withdrawn_at IS NULL AND sent_on IS NOT NULL ORDER BY id DESC LIMIT 40
) AS letters
UNION ALL
SELECT * FROM (
  SELECT 'reply', id, letter_id, COALESCE(kind, ''), channel, 0, 0, CAST(received_on AS TEXT), NULL, NULL
  FROM response WHERE campaign_id = ? ORDER BY received_on DESC, id DESC LIMIT 200
) AS replies
UNION ALL
SELECT * FROM (
  SELECT 'clock', deadline.id, letter_id, awaits, rule_id, 0, 0, CAST(due_on AS TEXT), CAST(extended_on AS TEXT),
    CAST(override_on AS TEXT)
  FROM deadline JOIN letter ON letter.id = letter_id
  WHERE deadline.campaign_id = ? AND letter.withdrawn_at IS NULL AND dropped_at IS NULL AND satisfied_on IS NULL
    AND (due_on IS NOT NULL OR override_on IS NOT NULL) AND awaits NOT IN ('acknowledgement', 'comments')
  ORDER BY due_on, deadline.id LIMIT 100
) AS clocks
UNION ALL
SELECT * FROM (
  SELECT 'promise', commitment.id, COALESCE(response.letter_id, 0), what, state, fixed_count,
    CASE WHEN settled_at IS NULL THEN 0 ELSE 1 END, CAST(due_on AS TEXT), CAST(claimed_done_on AS TEXT),
    CAST(COALESCE(settled_at, commitment.added_at) AS TEXT)
  FROM commitment LEFT JOIN response ON response.id = response_id
  WHERE commitment.campaign_id = ? AND state NOT IN ('kept', 'cancelled') ORDER BY due_on, commitment.id LIMIT 100
) AS promises
"""
# Neither says anything to us: a machine, or the portal's own note.
NO_WORD = frozenset({"auto_reply", "bounce", "silence"})


@dataclass(frozen=True)
class SentLetter:
    """A letter that went out and stands."""

    id: int
    title: str
    sent_on: date
    signature_count: int = 0
    signed_home_count: int = 0


@dataclass(frozen=True)
class Reply:
    """Something that came back; `kind` is empty until somebody has read it."""

    id: int
    letter_id: int
    kind: str
    received_on: date


@dataclass(frozen=True)
class Clock:
    """A clock that runs and that nothing has stopped, and the day that counts."""

    id: int
    letter_id: int
    holds_on: date


@dataclass(frozen=True)
class Promise:
    """A promise that is not kept yet. `found_on`: when residents last settled what they found."""

    row: Commitment
    letter_id: int
    found_on: date


@dataclass(frozen=True)
class Facts:
    """Everything that can unlock a step."""

    letters: tuple[SentLetter, ...] = ()
    replies: tuple[Reply, ...] = ()
    clocks: tuple[Clock, ...] = ()
    promises: tuple[Promise, ...] = ()

    def letter(self, letter_id: int | None) -> SentLetter | None:
        """The letter with this id, if it was sent."""
        return next((one for one in self.letters if one.id == letter_id), None)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def held_on(due: date | None, extended: date | None, override: date | None) -> date:
    """The day of a clock that counts: the one a person set, else the later of rule and extension."""
    return override or max(one for one in (due, extended) if one is not None)


def _clock(row: Any) -> Clock:
    return Clock(row[1], row[2], held_on(_day(row[7]), _day(row[8]), _day(row[9])))


def _promise(row: Any) -> Promise:
    _part, row_id, letter_id, what, state, fixed, _settled, due, claimed, found = row
    commitment = Commitment(
        id=row_id, what=what, state=state, fixed_count=fixed, due_on=_day(due), claimed_done_on=_day(claimed)
    )
    found_on = _day(found)
    assert found_on is not None
    return Promise(commitment, letter_id, found_on)


def find_facts(campaign: Campaign) -> Facts:
    """What the steps of this campaign's plan look at. One statement."""
    sql = _SQL if is_sqlite() else _SQL.replace("?", "%s")
    parts: dict[str, list[Any]] = {}
    for row in db.execute_sql(sql, (campaign.id,) * 4).fetchall():
        parts.setdefault(row[0], []).append(row)
    return Facts(
        letters=tuple(
            SentLetter(row[1], row[3], date.fromisoformat(row[7]), row[5], row[6]) for row in parts.get("letter", ())
        ),
        replies=tuple(Reply(row[1], row[2], row[3], date.fromisoformat(row[7])) for row in parts.get("reply", ())),
        clocks=tuple(_clock(row) for row in parts.get("clock", ())),
        promises=tuple(_promise(row) for row in parts.get("promise", ())),
    )
