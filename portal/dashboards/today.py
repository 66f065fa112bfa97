"""My portal: what wants me today, across everything I belong to. A constant number of statements."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal import clock
from portal.dashboards.queries import Row, ask, day, letter_of, moment, reply_of, stored
from portal.dashboards.steps import AGREEMENTS
from portal.dashboards.thread import Reply, Thread, reply_line
from portal.dashboards.today_statements import MY_CAMPAIGNS, WAITING
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
