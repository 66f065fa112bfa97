"""My portal: what wants me today, across everything I belong to. A constant number of statements."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal import clock
from portal.dashboards.queries import Row, ask, day, letter_of, moment, reply_of, stored
from portal.dashboards.steps import AGREEMENTS
from portal.dashboards.thread import Reply, Thread, reply_line
from portal.mentoring.models import MentorPair
from portal.people.models import Person
from portal.permissions import ACTIONS
from portal.reminders.sources import PAST_DAYS, days_before

MEETING_DAYS = 14
UNDERTAKING_DAYS = 7
CLOSED = frozenset({"won", "partly_won", "lost", "ended"})


@dataclass
class MyCampaign:
    """A campaign I belong to or help, with what I am there and how it stands."""

    id: int
    key: str
    title: str
    state: str
    visibility: str
    place: str
    organization: str
    signature_count: int
    signed_home_count: int
    home_count: int
    parts: set[str] = field(default_factory=set)
    reply: Reply = field(default_factory=lambda: Reply("not_written"))

    @property
    def is_closed(self) -> bool:
        """Whether it has come to an end of some kind."""
        return self.state in CLOSED

    def may(self, action: str) -> bool:
        """Whether the permission table lets me."""
        return bool(ACTIONS[action] & self.parts)


@dataclass(frozen=True)
class Wanted:
    """Something that wants me: what, where to go, and by when. Its sentence is in the template."""

    kind: str
    endpoint: str
    values: dict[str, Any]
    campaign: str
    words: str = ""
    who: str = ""
    count: int = 0
    on: date | None = None
    at: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Today:
    """Everything on the page."""

    wanted: list[Wanted]
    campaigns: list[MyCampaign]
    pairs: list[MentorPair]


MY_CAMPAIGNS = """
WITH here (person, today) AS (SELECT CAST(? AS INTEGER), CAST(? AS TEXT)),
mine (campaign_id, part, role) AS (
  SELECT membership.campaign_id, 'member', COALESCE(role.name, '')
  FROM membership JOIN here ON membership.person_id = here.person
    LEFT JOIN role ON role.membership_id = membership.id AND role.ended_at IS NULL
      AND CAST(role.until_on AS TEXT) >= here.today
  WHERE membership.left_at IS NULL
  UNION ALL
  SELECT attachment.campaign_id, 'organizer', '' FROM attachment JOIN here ON attachment.person_id = here.person
  WHERE attachment.ended_at IS NULL AND attachment.accepted_at IS NOT NULL
)
SELECT campaign.id, campaign.key, campaign.title, campaign.state, campaign.visibility, place.name,
  COALESCE(organization.name, ''), campaign.signature_count, campaign.signed_home_count, place.home_count,
  mine.part, mine.role
FROM mine JOIN campaign ON campaign.id = mine.campaign_id JOIN place ON place.id = campaign.place_id
  LEFT JOIN target ON target.id = campaign.target_id LEFT JOIN organization ON organization.id = target.organization_id
ORDER BY campaign.id DESC LIMIT 300
"""

# Columns as in portal.dashboards.queries, and the campaign's id at the end.
WAITING = """
WITH here (person, today, now, soon, later, past) AS (
  SELECT CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT)
),
mine (id) AS (
  SELECT campaign_id FROM membership, here WHERE person_id = here.person AND left_at IS NULL
  UNION
  SELECT campaign_id FROM attachment, here
  WHERE person_id = here.person AND ended_at IS NULL AND accepted_at IS NOT NULL
)
SELECT * FROM (
  SELECT 'letter' AS part, letter.id, COALESCE(chases_id, 0) AS ref, title AS words, key AS more, signature_count AS n,
    signed_home_count AS m, CAST(frozen_at AS TEXT) AS a, CAST(sent_on AS TEXT) AS b, CAST(answer_due_on AS TEXT) AS c,
    campaign_id
  FROM letter JOIN mine ON mine.id = campaign_id WHERE withdrawn_at IS NULL ORDER BY letter.id DESC LIMIT 200
) AS letters
UNION ALL
SELECT * FROM (
  SELECT 'reply', response.id, letter_id, CASE WHEN read_at IS NULL THEN '' ELSE COALESCE(kind, '') END, '', 0, 0,
    CAST(received_on AS TEXT), NULL, NULL, campaign_id
  FROM response JOIN mine ON mine.id = campaign_id WHERE channel <> 'noted'
  ORDER BY received_on DESC, response.id DESC LIMIT 300
) AS replies
UNION ALL
SELECT * FROM (
  SELECT 'agreement', agreement.id, subject_id, kind, person.name, 0, 0, NULL, NULL, NULL, campaign_id
  FROM agreement JOIN mine ON mine.id = campaign_id JOIN person ON person.id = asked_by_id, here
  WHERE agreed_at IS NULL AND withdrawn_at IS NULL AND asked_by_id <> here.person ORDER BY agreement.id LIMIT 40
) AS agreements
UNION ALL
SELECT * FROM (
  SELECT 'vote', sign_off.id, letter_id, letter.title, COALESCE(outcome, ''),
    CASE WHEN EXISTS (SELECT 1 FROM elector WHERE sign_off_id = sign_off.id AND person_id = here.person)
      AND NOT EXISTS (
        SELECT 1 FROM vote WHERE sign_off_id = sign_off.id AND person_id = here.person AND replaced_at IS NULL
          AND (entered_by_id IS NULL OR checked_at IS NOT NULL)
      ) THEN 1 ELSE 0 END,
    0, CAST(closes_at AS TEXT), NULL, NULL, campaign_id
  FROM sign_off JOIN letter ON letter.id = letter_id JOIN mine ON mine.id = campaign_id, here
  WHERE letter.withdrawn_at IS NULL AND (frozen_at IS NULL OR reopened_at IS NOT NULL)
    AND ((outcome IS NULL AND CAST(closes_at AS TEXT) > here.now)
      OR (outcome = 'passed' AND number = letter.version))
  ORDER BY sign_off.id LIMIT 20
) AS votes
UNION ALL
SELECT * FROM (
  SELECT 'requests', 0, 0, MIN(person.name), '', COUNT(*), 0, NULL, NULL, NULL, campaign_id
  FROM join_request JOIN mine ON mine.id = campaign_id JOIN person ON person.id = person_id
  WHERE decided_at IS NULL GROUP BY campaign_id LIMIT 40
) AS requests
UNION ALL
SELECT * FROM (
  SELECT 'mail', 0, 0, '', '', COUNT(*), 0, MAX(CAST(received_at AS TEXT)), NULL, NULL, campaign_id
  FROM inbound_mail JOIN mine ON mine.id = campaign_id
  WHERE sort = 'unverified' AND handled_at IS NULL AND response_id IS NULL GROUP BY campaign_id LIMIT 40
) AS mails
UNION ALL
SELECT * FROM (
  SELECT 'promise', commitment.id, 0, what, state, 0, 0, CAST(due_on AS TEXT), NULL, NULL, campaign_id
  FROM commitment JOIN mine ON mine.id = campaign_id, here
  WHERE state IN ('promised', 'partly_kept', 'disputed')
    AND (CAST(due_on AS TEXT) <= here.today OR claimed_done_on IS NOT NULL)
    AND NOT EXISTS (
      SELECT 1 FROM commitment_check WHERE commitment_id = commitment.id AND person_id = here.person
        AND (reopened_at IS NULL OR at >= reopened_at))
  ORDER BY due_on, commitment.id LIMIT 20
) AS promises
UNION ALL
SELECT * FROM (
  SELECT 'meeting', meeting.id, 0, title, key, yes_count, 0, CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), "where",
    campaign_id
  FROM meeting JOIN mine ON mine.id = campaign_id, here
  WHERE cancelled_at IS NULL AND closed_at IS NULL AND CAST(ends_at AS TEXT) >= here.now
    AND CAST(starts_at AS TEXT) < here.later
  ORDER BY starts_at LIMIT 20
) AS meetings
UNION ALL
SELECT * FROM (
  SELECT 'undertaking', undertaking.id, COALESCE(meeting_id, 0), what, COALESCE(meeting.key, ''), 0, 0,
    CAST(by_on AS TEXT), NULL, NULL, undertaking.campaign_id
  FROM undertaking JOIN mine ON mine.id = undertaking.campaign_id LEFT JOIN meeting ON meeting.id = meeting_id, here
  WHERE person_id = here.person AND done_at IS NULL AND (by_on IS NULL OR CAST(by_on AS TEXT) <= here.soon)
  ORDER BY by_on, undertaking.id LIMIT 20
) AS undertakings
UNION ALL
SELECT * FROM (
  SELECT 'clock', owed.id, letter_id, title, awaits, 0, 0, day, CAST(trigger_on AS TEXT), NULL, owed.campaign_id
  FROM (
    SELECT deadline.id, letter_id, deadline.campaign_id, awaits, trigger_on, letter.title,
      CAST(COALESCE(override_on, CASE WHEN extended_on > due_on THEN extended_on ELSE due_on END) AS TEXT) AS day
    FROM deadline JOIN letter ON letter.id = letter_id
    WHERE due_on IS NOT NULL AND satisfied_on IS NULL AND dropped_at IS NULL AND withdrawn_at IS NULL
  ) AS owed JOIN mine ON mine.id = owed.campaign_id, here
  WHERE day BETWEEN here.past AND here.soon ORDER BY day, owed.id LIMIT 20
) AS clocks
UNION ALL
SELECT * FROM (
  SELECT 'step', plan_step.id, pair_id, text, '', 0, 0, CAST(by_on AS TEXT), NULL, NULL, mentor_pair.campaign_id
  FROM plan_step JOIN mentor_pair ON mentor_pair.id = pair_id, here
  WHERE (mentor_id = here.person OR mentee_id = here.person) AND mentor_accepted_at IS NOT NULL
    AND mentee_accepted_at IS NOT NULL AND ended_at IS NULL AND done_at IS NULL AND CAST(by_on AS TEXT) <= here.soon
  ORDER BY by_on, plan_step.id LIMIT 20
) AS steps
UNION ALL
SELECT * FROM (
  SELECT 'asked', attachment.id, 0, campaign.title, campaign.key, 0, 0, NULL, NULL, NULL, campaign_id
  FROM attachment JOIN campaign ON campaign.id = campaign_id, here
  WHERE person_id = here.person AND ended_at IS NULL AND accepted_at IS NULL ORDER BY attachment.id LIMIT 20
) AS askings
UNION ALL
SELECT * FROM (
  SELECT 'reading', reader.response_id, 0, '', person.name, 0, 0, CAST(received_on AS TEXT), NULL, NULL,
    response.campaign_id
  FROM reader JOIN response ON response.id = reader.response_id JOIN mine ON mine.id = response.campaign_id
    JOIN person ON person.id = asked_by_id, here
  WHERE reader.person_id = here.person AND reader.read_at IS NULL AND declined_at IS NULL ORDER BY reader.id LIMIT 20
) AS readings
UNION ALL
SELECT * FROM (
  SELECT 'giving', info_request.response_id, 0, what, '', 0, 0, CAST(by_on AS TEXT), NULL, NULL, response.campaign_id
  FROM info_request JOIN response ON response.id = info_request.response_id
    JOIN mine ON mine.id = response.campaign_id, here
  WHERE info_request.person_id = here.person AND done_at IS NULL ORDER BY by_on, info_request.id LIMIT 20
) AS givings
"""


def find_today(person: Person) -> Today:
    """What wants this person, what they belong to, and whom they bring on. Three statements."""
    today, now = clock.today(), clock.now()
    campaigns = _my_campaigns(person, today)
    soon = (today + timedelta(days=UNDERTAKING_DAYS)).isoformat()
    later = stored(now + timedelta(days=MEETING_DAYS))
    past = (today - timedelta(days=PAST_DAYS)).isoformat()
    rows = ask(WAITING, person.id, today.isoformat(), stored(now), soon, later, past)
    _fill_replies(campaigns, rows, today, now)
    pairs = _pairs(person)
    wanted = [one for row in rows if (one := _wanted(row, campaigns.get(row[10]), today)) is not None]
    wanted += [_proposal(pair, person) for pair in pairs if pair.is_proposed and _waits_for(pair, person)]
    wanted.sort(key=lambda one: (ORDER[one.kind], one.on or today, one.at or now))
    in_order = sorted(campaigns.values(), key=lambda one: (one.is_closed, -one.id))
    return Today(wanted, in_order, [pair for pair in pairs if pair.is_active])


# What comes first: people wait for a yes, then for a reading, then for deeds, then dates to come.
ORDER = {
    name: place
    for place, name in enumerate(
        (
            "agree",
            "vote",
            "asked",
            "proposal",
            "read",
            "mail",
            "second",
            "check",
            "give",
            "clock",
            "undertaking",
            "step",
            "vouch",
            "meeting",
        )
    )
}


def _my_campaigns(person: Person, today: date) -> dict[int, MyCampaign]:
    found: dict[int, MyCampaign] = {}
    for *columns, part, role in ask(MY_CAMPAIGNS, person.id, today.isoformat()):
        mine = found.setdefault(columns[0], MyCampaign(*columns))
        mine.parts |= {part, role} - {""}
    return found


def _fill_replies(campaigns: dict[int, MyCampaign], rows: list[Row], today: date, now: datetime) -> None:
    for mine in campaigns.values():
        own = [row for row in rows if row[10] == mine.id]
        letters = tuple(letter_of(row[:10]) for row in own if row[0] == "letter")
        replies = tuple(reply_of(row[:10]) for row in own if row[0] == "reply")
        mine.reply = reply_line(Thread(today, now, letters=letters, replies=replies))


def _wanted(row: Row, mine: MyCampaign | None, today: date) -> Wanted | None:
    part, id_, ref, words, more, n, _m, first, _b, _c, _campaign = row
    if part == "asked":
        return Wanted("asked", "organizers.index", {"key": more}, words)
    if mine is None or (mine.is_closed and part not in {"meeting", "undertaking"}):
        return None
    here = {"key": mine.key}
    if part == "agreement":
        action, endpoint = AGREEMENTS[words]
        about = {"letter_id": ref} if words in {"freeze_letter", "send_letter"} else {}
        return Wanted("agree", endpoint, here | about, mine.title, words, who=more) if mine.may(action) else None
    if part == "vote" and not more and n and mine.may("letter.vote"):
        return Wanted("vote", "sign_off.show", here | {"letter_id": ref}, mine.title, words, at=moment(first))
    if part == "requests" and mine.may("campaign.vouch"):
        return Wanted("vouch", "circle.index", here, mine.title, who=words, count=n)
    if part == "reply" and not words and mine.may("response.classify"):
        return Wanted("read", "responses.show", here | {"response_id": id_}, mine.title, on=day(first))
    if part == "mail" and mine.may("inbound.handle"):
        return Wanted("mail", "inbound.index", here, mine.title, count=n, on=day(first))
    if part == "promise" and mine.may("commitment.check"):
        due = day(first)
        values = here | {"commitment_id": id_}
        return Wanted("check", "promises.show", values, mine.title, words, on=due, is_late=bool(due and due < today))
    if part == "clock" and mine.may("deadline.correct"):
        return _clock_wanted(row, mine, today)
    if part == "step":
        by = day(first)
        late = bool(by and by < today)
        return Wanted("step", "mentoring.show", {"pair_id": ref}, mine.title, words, on=by, is_late=late)
    if part == "reading" and "member" in mine.parts:
        return Wanted("second", "responses.show", here | {"response_id": id_}, mine.title, who=more, on=day(first))
    if part == "giving":
        by = day(first)
        values = here | {"response_id": id_}
        late = bool(by and by < today)
        return Wanted("give", "follow.show_request", values, mine.title, words, on=by, is_late=late)
    if part == "meeting":
        return Wanted("meeting", "meetings.show", {"meeting_key": more}, mine.title, words, count=n, at=moment(first))
    if part == "undertaking":
        by = day(first)
        endpoint, values = ("meetings.show", {"meeting_key": more}) if more else ("meetings.index", here)
        return Wanted("undertaking", endpoint, values, mine.title, words, on=by, is_late=bool(by and by < today))
    return None


def _clock_wanted(row: Row, mine: MyCampaign, today: date) -> Wanted | None:
    """A clock near its date or shortly past it, as the reminders speak of it; None while its date is far."""
    _part, _id, letter_id, title, awaits, _n, _m, due, since, *_rest = row
    due_on, since_on = day(due), day(since)
    if due_on is None or (due_on - today).days > days_before((due_on - (since_on or due_on)).days):
        return None
    values = {"key": mine.key, "letter_id": letter_id}
    return Wanted("clock", "deadlines.show", values, mine.title, title, who=awaits, on=due_on, is_late=due_on < today)


def _pairs(person: Person) -> list[MentorPair]:
    mentor, mentee = Person.alias(), Person.alias()
    return list(
        MentorPair.select(MentorPair, mentor, mentee)
        .join_from(MentorPair, mentor, on=(MentorPair.mentor == mentor.id))
        .join_from(MentorPair, mentee, on=(MentorPair.mentee == mentee.id))
        .where(
            (MentorPair.mentor == person.id) | (MentorPair.mentee == person.id),
            MentorPair.ended_at.is_null(),
            MentorPair.declined_at.is_null(),
        )
        .order_by(MentorPair.id.desc())
        .limit(20)
    )


def _waits_for(pair: Any, person: Person) -> bool:
    return (pair.mentor_id == person.id and pair.mentor_accepted_at is None) or (
        pair.mentee_id == person.id and pair.mentee_accepted_at is None
    )


def _proposal(pair: MentorPair, person: Person) -> Wanted:
    return Wanted(
        "proposal", "mentoring.show", {"pair_id": pair.id}, "", pair.purpose, who=pair.other(person).display_name
    )
