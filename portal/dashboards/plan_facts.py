"""What the page of a campaign knows of questions for the members and of the plan: parts of its one statement."""

from datetime import UTC, date, datetime
from typing import Any

from portal.dashboards.thread import BallotFacts, RungFacts
from portal.decisions.models import Ballot
from portal.escalation import words
from portal.escalation.facts import Clock, Facts, Promise, Reply, SentLetter, held_on
from portal.escalation.models import Rung
from portal.escalation.standing import next_rung
from portal.responses.models import Commitment

# Columns as in queries.py: part, id, ref, words, more, n, m, a, b, c.
PLAN = """
SELECT * FROM (
  SELECT 'ballot', ballot.id, 0, question, '',
    CASE WHEN EXISTS (SELECT 1 FROM ballot_elector WHERE ballot_id = ballot.id AND person_id = here.person)
      AND NOT EXISTS (
        SELECT 1 FROM ballot_vote WHERE ballot_id = ballot.id AND person_id = here.person AND replaced_at IS NULL
          AND (entered_by_id IS NULL OR checked_at IS NOT NULL)
      ) THEN 1 ELSE 0 END,
    0, CAST(closes_at AS TEXT), NULL, NULL
  FROM ballot, here
  WHERE campaign_id = here.campaign AND outcome IS NULL AND CAST(closes_at AS TEXT) > here.now
  ORDER BY ballot.id LIMIT 20
) AS ballots
UNION ALL
SELECT * FROM (
  SELECT 'rung', rung.id, COALESCE(letter_id, 0), what,
    "trigger" || ':' || CASE WHEN skipped_at IS NOT NULL THEN 'skipped'
      WHEN done_at IS NOT NULL AND has_helped THEN 'helped'
      WHEN done_at IS NOT NULL THEN 'done' WHEN started_at IS NOT NULL THEN 'started'
      WHEN agreed_at IS NOT NULL THEN 'agreed' ELSE '' END,
    COALESCE(days, 0),
    COALESCE((
      SELECT MAX(ballot.id) FROM ballot WHERE subject_kind = 'rung' AND subject_id = rung.id AND outcome IS NULL
    ), 0),
    CAST(on_day AS TEXT), CAST(earliest_on AS TEXT), CAST(COALESCE(done_at, added_at) AS TEXT)
  FROM rung, here
  WHERE campaign_id = here.campaign AND removed_at IS NULL ORDER BY position, rung.id LIMIT 40
) AS rungs
UNION ALL
SELECT * FROM (
  SELECT 'clock', deadline.id, letter_id, '', '', 0, 0, CAST(due_on AS TEXT), CAST(extended_on AS TEXT),
    CAST(override_on AS TEXT)
  FROM deadline JOIN letter ON letter.id = letter_id, here
  WHERE deadline.campaign_id = here.campaign AND letter.withdrawn_at IS NULL AND dropped_at IS NULL
    AND satisfied_on IS NULL AND (due_on IS NOT NULL OR override_on IS NOT NULL)
    AND awaits NOT IN ('acknowledgement', 'comments')
  ORDER BY due_on, deadline.id LIMIT 100
) AS clocks
UNION ALL
SELECT * FROM (
  SELECT 'unkept', commitment.id, COALESCE(response.letter_id, 0), what, state, 0, 0, CAST(due_on AS TEXT),
    CAST(claimed_done_on AS TEXT), CAST(COALESCE(settled_at, commitment.added_at) AS TEXT)
  FROM commitment LEFT JOIN response ON response.id = response_id, here
  WHERE commitment.campaign_id = here.campaign AND state = 'not_kept' ORDER BY settled_at, commitment.id LIMIT 20
) AS unkept
"""


def _day(text: Any) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _moment(text: Any) -> datetime:
    return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def ballots_in(rows: list[Any]) -> tuple[BallotFacts, ...]:
    """The rows of the part `ballot`."""
    return tuple(BallotFacts(row[1], row[3], bool(row[5]), _moment(row[7])) for row in rows)


def _rung(place: int, row: Any) -> Rung:
    trigger, _colon, state = row[4].partition(":")
    at = _moment(row[9])
    rung = Rung(
        id=row[1],
        position=place,
        what=row[3],
        trigger=trigger,
        letter=row[2] or None,
        days=row[5] or None,
        on_day=_day(row[7]),
        earliest_on=_day(row[8]),
        added_at=at,
        agreed_at=at if state in {"agreed", "started", "done", "helped"} else None,
        started_at=at if state in {"started", "done", "helped"} else None,
        done_at=at if state in {"done", "helped"} else None,
        has_helped={"done": False, "helped": True}.get(state),
        skipped_at=at if state == "skipped" else None,
    )
    rung.ballot = Ballot(id=row[6]) if row[6] else None
    return rung


def rung_in(parts: dict[str, list[Any]], *, today: date) -> RungFacts | None:
    """The step of the plan that asks for something, from the rows of all parts; None where none does."""
    ladder = [_rung(place, row) for place, row in enumerate(parts.get("rung", ()))]
    if not ladder:
        return None
    found = next_rung(ladder, _facts(parts), today)
    if found is None:
        return None
    rung, standing = found
    why = words.reason_in_words(standing.reason) if standing.reason is not None else ""
    return RungFacts(rung.id, rung.what, standing.name, why, rung.ballot.id if rung.ballot is not None else 0)


def _facts(parts: dict[str, list[Any]]) -> Facts:
    """What the steps look at, as `escalation.facts.find_facts` would give it."""
    return Facts(
        letters=tuple(
            SentLetter(row[1], row[3], sent_on, row[5], row[6])
            for row in parts.get("letter", ())
            if (sent_on := _day(row[8])) is not None
        ),
        replies=tuple(Reply(row[1], row[2], row[3], date.fromisoformat(row[7][:10])) for row in parts.get("reply", ())),
        clocks=tuple(
            Clock(row[1], row[2], held_on(_day(row[7]), _day(row[8]), _day(row[9]))) for row in parts.get("clock", ())
        ),
        promises=tuple(
            Promise(
                Commitment(id=row[1], what=row[3], state=row[4], due_on=_day(row[7]), claimed_done_on=_day(row[8])),
                row[2],
                date.fromisoformat(row[9][:10]),
            )
            for row in parts.get("unkept", ())
        ),
    )
