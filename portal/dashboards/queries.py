"""One statement for everything that the page of a campaign is worked out from.

Written as SQL, because ten small answers in one round trip is what it is for. Days and moments come as text, which both
engines write alike; each part is bounded.
"""

from datetime import UTC, date, datetime
from typing import Any

from portal import clock
from portal.campaigns.models import Campaign
from portal.dashboards.plan_facts import ballots_in, rung_in
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
from portal.dashboards.thread_statements import INSIDE, OUTSIDE
from portal.database import db, is_sqlite
from portal.responses.deadlines.cards import rule_of
from portal.responses.deadlines.models import Deadline

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
        reasons=_reasons(rows("reason")),
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
        reasons=_reasons(parts.get("reason", [])),
        tally=_tally(parts.get("tally", [])),
    )
    return thread, [_shown_promise_of(row) for row in parts.get("promise", [])]
