"""One statement for everything that the page of a campaign is worked out from.

Written as SQL, because ten small answers in one round trip is what it is for. Days and moments come as text, which both
engines write alike; each part is bounded.
"""

from datetime import UTC, date, datetime
from typing import Any

from portal import clock
from portal.campaigns.models import Campaign
from portal.dashboards.plan_facts import PLAN, ballots_in, rung_in
from portal.dashboards.thread import (
    AgreementFacts,
    HolderFacts,
    LetterFacts,
    MeetingFacts,
    OrganizerFacts,
    PromiseFacts,
    PromiseTally,
    ReasonFacts,
    ReplyFacts,
    Thread,
    VoteFacts,
)
from portal.database import db, is_sqlite
from portal.responses.deadlines.cards import rule_of
from portal.responses.deadlines.models import Deadline

# Columns: part, id, ref, words, more, n, m, a, b, c. The first part names and types them.
_HERE = """
WITH here (campaign, person, today, now) AS (
  SELECT CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT)
)
"""
_LETTERS = """
SELECT * FROM (
  SELECT 'letter' AS part, id, COALESCE(chases_id, 0) AS ref, title AS words, key AS more, signature_count AS n,
    signed_home_count AS m, CAST(frozen_at AS TEXT) AS a, CAST(sent_on AS TEXT) AS b, CAST(answer_due_on AS TEXT) AS c
  FROM letter, here
  WHERE campaign_id = here.campaign AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 20
) AS letters
"""
_REPLIES = """
SELECT * FROM (
  SELECT 'reply', id, letter_id, CASE WHEN read_at IS NULL THEN '' ELSE COALESCE(kind, '') END,
    CASE WHEN published_at IS NULL THEN '' ELSE public_words || COALESCE((
      SELECT '\x1f' || public_excerpt.text FROM public_excerpt WHERE response_id = response.id AND taken_back_at IS NULL
    ), '') END,
    CASE WHEN published_at IS NULL THEN 0 ELSE 1 END, 0, CAST(received_on AS TEXT), NULL, NULL
  FROM response, here
  WHERE campaign_id = here.campaign AND channel <> 'noted' ORDER BY received_on DESC, id DESC LIMIT 200
) AS replies
"""
_TALLY = """
SELECT 'tally', 0, 0, bucket, '', COUNT(*), 0, NULL, NULL, NULL FROM (
  SELECT CASE
    WHEN state = 'kept' THEN 'kept'
    WHEN state = 'not_kept' AND (claimed_done_on IS NOT NULL OR CAST(due_on AS TEXT) < here.today) THEN 'late'
    WHEN claimed_done_on IS NOT NULL OR (state = 'partly_kept' AND CAST(due_on AS TEXT) < here.today)
      OR (state = 'disputed' AND fixed_count > 0 AND (due_on IS NULL OR CAST(due_on AS TEXT) < here.today))
      THEN 'looking'
    WHEN due_on IS NULL THEN 'undated'
    WHEN CAST(due_on AS TEXT) < here.today THEN 'late'
    ELSE 'not_due' END AS bucket
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state NOT IN ('cancelled', 'renegotiated') {public_only}
) AS promises GROUP BY bucket
"""
_DUE = """
SELECT * FROM (
  SELECT 'due', commitment.id, 0, what, state,
    CASE WHEN EXISTS (
      SELECT 1 FROM commitment_check WHERE commitment_id = commitment.id AND person_id = here.person
    ) THEN 1 ELSE 0 END, 0, CAST(due_on AS TEXT), CAST(settled_at AS TEXT), NULL
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state IN ('promised', 'partly_kept') AND due_on IS NOT NULL
  ORDER BY due_on, commitment.id LIMIT 20
) AS due
"""
_BROKEN = """
SELECT * FROM (
  SELECT 'broken', id, 0, what, state, 0, 0, CAST(due_on AS TEXT), CAST(settled_at AS TEXT), NULL
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state IN ('not_kept', 'disputed')
    AND (claimed_done_on IS NOT NULL OR CAST(due_on AS TEXT) < here.today)
  ORDER BY settled_at DESC, id DESC LIMIT 1
) AS broken
"""
_MEETINGS = """
SELECT * FROM (
  SELECT 'meeting', id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where"
  FROM meeting, here
  WHERE campaign_id = here.campaign AND cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) >= here.now
  ORDER BY starts_at LIMIT 1
) AS coming
UNION ALL
SELECT * FROM (
  SELECT 'ended', id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where"
  FROM meeting, here
  WHERE campaign_id = here.campaign AND cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) < here.now
  ORDER BY ends_at DESC LIMIT 1
) AS ended
"""
_PEOPLE = """
SELECT * FROM (
  SELECT 'agreement', agreement.id, subject_id, kind, person.name, asked_by_id, 0, NULL, NULL, NULL
  FROM agreement JOIN person ON person.id = asked_by_id, here
  WHERE campaign_id = here.campaign AND agreed_at IS NULL AND withdrawn_at IS NULL ORDER BY agreement.id LIMIT 5
) AS agreements
UNION ALL
SELECT * FROM (
  SELECT 'vote', sign_off.id, letter_id, letter.title, COALESCE(outcome, ''),
    CASE WHEN EXISTS (SELECT 1 FROM elector WHERE sign_off_id = sign_off.id AND person_id = here.person)
      AND NOT EXISTS (
        SELECT 1 FROM vote WHERE sign_off_id = sign_off.id AND person_id = here.person AND replaced_at IS NULL
          AND (entered_by_id IS NULL OR checked_at IS NOT NULL)
      ) THEN 1 ELSE 0 END,
    0, CAST(closes_at AS TEXT), NULL, NULL
  FROM sign_off JOIN letter ON letter.id = letter_id, here
  WHERE campaign_id = here.campaign AND letter.withdrawn_at IS NULL AND (frozen_at IS NULL OR reopened_at IS NOT NULL)
    AND ((outcome IS NULL AND CAST(closes_at AS TEXT) > here.now)
      OR (outcome = 'passed' AND number = letter.version))
  ORDER BY sign_off.id LIMIT 20
) AS votes
UNION ALL
SELECT 'requests', 0, 0, COALESCE(MIN(person.name), ''), '', COUNT(*), 0, NULL, NULL, NULL
FROM join_request JOIN person ON person.id = person_id, here
WHERE campaign_id = here.campaign AND decided_at IS NULL
UNION ALL
SELECT * FROM (
  SELECT 'holder', person.id, 0, person.name, role.name, 0, 0, NULL, NULL, NULL
  FROM role JOIN membership ON membership.id = membership_id JOIN person ON person.id = person_id, here
  WHERE campaign_id = here.campaign AND left_at IS NULL AND ended_at IS NULL AND CAST(until_on AS TEXT) >= here.today
  ORDER BY role.since_at, role.id LIMIT 40
) AS holders
UNION ALL
SELECT * FROM (
  SELECT 'organizer', person.id, 0, person.name, COALESCE(declaration, ''), 0, 0, CAST(accepted_at AS TEXT), NULL, NULL
  FROM attachment JOIN person ON person.id = attachment.person_id
    LEFT JOIN organizer_profile ON organizer_profile.person_id = person.id, here
  WHERE campaign_id = here.campaign AND ended_at IS NULL ORDER BY attachment.id LIMIT 5
) AS organizers
UNION ALL
SELECT 'demands', 0, 0, '', '', COUNT(*), 0, NULL, NULL, NULL
FROM demand, here WHERE campaign_id = here.campaign AND withdrawn_at IS NULL
"""
# Clocks of answers that are still owed; the day that counts is chosen as Deadline.holds_on chooses it. Our own deadline
# and days that people set are no rule's.
_CLOCKS = """
SELECT * FROM (
  SELECT 'clock', deadline.id, letter_id, '', terms, CASE WHEN override_on IS NULL THEN 0 ELSE 1 END, 0,
    CAST(COALESCE(override_on, CASE WHEN extended_on > due_on THEN extended_on ELSE due_on END) AS TEXT),
    CAST(trigger_on AS TEXT), NULL
  FROM deadline, here
  WHERE campaign_id = here.campaign AND awaits = 'answer' AND dropped_at IS NULL AND satisfied_on IS NULL
    AND due_on IS NOT NULL
  ORDER BY deadline.id DESC LIMIT 20
) AS clocks
"""
_PUBLIC_PROMISES = """
SELECT * FROM (
  SELECT 'promise', id, 0, what, state, fixed_count, not_fixed_count, CAST(due_on AS TEXT), CAST(settled_at AS TEXT),
    CAST(claimed_done_on AS TEXT)
  FROM commitment, here
  WHERE campaign_id = here.campaign AND state NOT IN ('cancelled', 'renegotiated') AND is_public
  ORDER BY due_on, id LIMIT 30
) AS shown
"""

INSIDE = _HERE + " UNION ALL ".join(
    (_LETTERS, _REPLIES, _CLOCKS, _TALLY.format(public_only=""), _DUE, _BROKEN, _MEETINGS, _PEOPLE, PLAN)
)
OUTSIDE = _HERE + " UNION ALL ".join(
    (_LETTERS, _REPLIES, _CLOCKS, _TALLY.format(public_only="AND is_public"), _PUBLIC_PROMISES)
)

Row = tuple[Any, ...]


def day(text: Any) -> date | None:
    """A day, or the day here of a moment, that came as text."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else clock.to_local(moment(text)).date()


def moment(text: str) -> datetime:
    """A moment that came as text."""
    return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def ask(sql: str, *given: Any) -> list[Row]:
    """The rows of a statement written with "?" for what is given, on either engine."""
    return db.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), given).fetchall()


def stored(moment: datetime) -> str:
    """A moment as both engines write it when it is cast to text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def letter_of(row: Row) -> LetterFacts:
    """A row of the part `letter`."""
    _part, id_, ref, words, more, n, m, frozen, sent, due = row
    return LetterFacts(
        id=id_,
        title=words,
        key=more,
        chases_id=ref or None,
        is_frozen=bool(frozen),
        sent_on=day(sent),
        answer_due_on=day(due),
        signature_count=n,
        signed_home_count=m,
    )


def reply_of(row: Row) -> ReplyFacts:
    """A row of the part `reply`."""
    _part, id_, ref, words, more, n, _m, received, _b, _c = row
    received_on = day(received)
    assert received_on is not None
    # Our words and theirs come in one column, with a sign between them that nobody can type.
    ours, _sign, theirs = more.partition("\x1f")
    return ReplyFacts(id_, ref, received_on, kind=words, is_published=bool(n), public_words=ours, their_words=theirs)


def _reasons(rows: list[Row]) -> tuple[ReasonFacts, ...]:
    """The rule behind the nearest day of each letter, where it is a rule's."""
    nearest: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: (row[7], row[1])):
        nearest.setdefault(row[2], row)
    return tuple(found for row in nearest.values() if (found := _reason_of(row)) is not None)


def _reason_of(row: Row) -> ReasonFacts | None:
    _part, _id, letter_id, _words, terms, is_set, _m, due, trigger, _c = row
    rule = rule_of(Deadline(terms=terms, trigger_on=day(trigger)))
    due_on = day(due)
    if is_set or rule.set == "generic" or due_on is None:
        return None
    return ReasonFacts(letter_id, due_on, rule.source.title, rule.source.url, rule.status == "local_promise")


def _promise_of(row: Row) -> PromiseFacts:
    _part, id_, _ref, words, more, n, _m, due, settled, _c = row
    return PromiseFacts(
        id=id_, what=words, due_on=day(due), state=more, settled_on=day(settled), is_checked_by_me=bool(n)
    )


def _shown_promise_of(row: Row) -> PromiseFacts:
    """As outside: nobody's own look, but how many say what."""
    _part, id_, _ref, words, more, n, m, due, settled, claimed = row
    return PromiseFacts(
        id=id_,
        what=words,
        due_on=day(due),
        state=more,
        settled_on=day(settled),
        claimed_done_on=day(claimed),
        fixed_count=n,
        not_fixed_count=m,
    )


def _meeting_of(row: Row) -> MeetingFacts:
    _part, id_, _ref, words, more, n, _m, starts, ends, where = row
    return MeetingFacts(
        id=id_, key=more, title=words, starts_at=moment(starts), ends_at=moment(ends), where=where, yes_count=n
    )


def _parted(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def _campaign_facts(campaign: Campaign) -> dict[str, Any]:
    return {
        "today": clock.today(),
        "now": clock.now(),
        "key": campaign.key,
        "state": campaign.state,
        "visibility": campaign.visibility,
        "has_target": campaign.target is not None,
        "home_count": campaign.place.home_count,
        "member_count": campaign.member_count,
    }


def _tally(rows: list[Row]) -> PromiseTally:
    return PromiseTally(**{row[3]: row[5] for row in rows})


def find_thread(campaign: Campaign, person_id: int) -> Thread:
    """Everything a member's page is worked out from. One statement; `person_id` is who reads."""
    today, now = clock.today().isoformat(), stored(clock.now())
    parts = _parted(ask(INSIDE, campaign.id, person_id, today, now))

    def rows(part: str) -> list[Row]:
        return parts.get(part, [])

    requests = rows("requests")[0]
    return Thread(
        **_campaign_facts(campaign),
        demand_count=rows("demands")[0][5],
        letters=tuple(letter_of(row) for row in rows("letter")),
        replies=tuple(reply_of(row) for row in rows("reply")),
        reasons=_reasons(rows("clock")),
        tally=_tally(rows("tally")),
        due_promises=tuple(_promise_of(row) for row in rows("due")),
        broken=next((_promise_of(row) for row in rows("broken")), None),
        next_meeting=next((_meeting_of(row) for row in rows("meeting")), None),
        ended_meeting=next((_meeting_of(row) for row in rows("ended")), None),
        agreements=tuple(
            AgreementFacts(id=row[1], subject_id=row[2], kind=row[3], asked_by=row[4], asked_by_id=row[5])
            for row in rows("agreement")
        ),
        votes=tuple(
            VoteFacts(
                letter_id=row[2], title=row[3], is_open=not row[4], waits_for_me=bool(row[5]), closes_at=moment(row[7])
            )
            for row in rows("vote")
        ),
        ballots=ballots_in(rows("ballot")),
        rung=rung_in(parts, today=clock.today()),
        request_count=requests[5],
        requested_by=requests[3],
        holders=tuple(HolderFacts(person_id=row[1], name=row[3], role=row[4]) for row in rows("holder")),
        organizers=tuple(
            OrganizerFacts(person_id=row[1], name=row[3], declaration=row[4], has_accepted=bool(row[7]))
            for row in rows("organizer")
        ),
    )


def find_public_thread(campaign: Campaign) -> tuple[Thread, list[PromiseFacts]]:
    """What anybody may know, and the promises on show. One statement.

    The thread holds every reply, also those that are not published: they keep the page from saying that nothing came.
    """
    today, now = clock.today().isoformat(), stored(clock.now())
    parts = _parted(ask(OUTSIDE, campaign.id, 0, today, now))
    thread = Thread(
        **_campaign_facts(campaign),
        letters=tuple(letter for row in parts.get("letter", []) if (letter := letter_of(row)).is_frozen),
        replies=tuple(reply_of(row) for row in parts.get("reply", [])),
        reasons=_reasons(parts.get("clock", [])),
        tally=_tally(parts.get("tally", [])),
    )
    return thread, [_shown_promise_of(row) for row in parts.get("promise", [])]
