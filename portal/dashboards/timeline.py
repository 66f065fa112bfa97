"""The spine of a campaign: what happened, newest first, with silence as an empty stretch.

Entries carry facts; their sentences are in templates/timeline/, one macro for each verb.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from portal.campaigns.activity import VERBS
from portal.campaigns.models import Activity, Campaign
from portal.dashboards.thread import SHORTEST_SILENCE
from portal.people.models import Person

ENTRIES = 30
# Names of people, ours and theirs, and addresses stay inside.
INSIDE_FACTS = frozenset({"name", "person", "from_name", "to"})
# Small numbers of people tell who they were: outside they are left out.
COUNTED_FACTS = frozenset({"signature_count", "home_count", "came_count"})
SMALLEST_COUNT = 10
# Where an entry leads for people inside: kind of its subject → endpoint, name of the id in its address.
SUBJECTS = {
    "letter": ("letters.show", "letter_id"),
    "response": ("responses.show", "response_id"),
    "commitment": ("promises.show", "commitment_id"),
    "ballot": ("decisions.show", "ballot_id"),
    "rung": ("escalation_steps.show", "rung_id"),
}
INDEXES = {"meeting": "meetings.index"}


class Facts(dict[str, Any]):
    """What an entry remembers. Old entries may lack a fact that newer ones have: then it is empty, never an error."""

    @classmethod
    def read(cls, stored: str) -> "Facts":
        """From the JSON of an activity; anything else is no facts."""
        try:
            found = json.loads(stored)
        except ValueError:
            return cls()
        return cls(found) if isinstance(found, dict) else cls()

    def text(self, name: str) -> str:
        """The fact as text, or ""."""
        value = self.get(name)
        return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""

    def count(self, name: str) -> int:
        """The fact as a number that is not negative, or 0."""
        value = self.get(name)
        return value if isinstance(value, int) and value > 0 else 0

    def day(self, name: str) -> date | None:
        """The fact as a day, or None. A moment gives its day."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def moment(self, name: str) -> datetime | None:
        """The fact as a moment, or None. One without a zone is no moment."""
        try:
            found = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        return found if found.tzinfo else None


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. Verb "silence" is a stretch of `days` days in which nothing came from them."""

    verb: str
    side: str
    on: date | None
    id: int = 0
    subject_kind: str = ""
    subject_id: int = 0
    facts: Facts = field(default_factory=Facts)
    by: str = ""
    is_public: bool = False
    days: int = 0
    # Whether we did something ourselves meanwhile, so that "nothing" would be wrong without "from them".
    is_busy: bool = False

    def outside(self) -> "Entry":
        """The same without names of people, and without small numbers of them."""
        small = {name for name in COUNTED_FACTS if self.facts.count(name) < SMALLEST_COUNT}
        kept = Facts({name: value for name, value in self.facts.items() if name not in INSIDE_FACTS | small})
        return replace(self, facts=kept, by="", is_public=True)

    @property
    def link(self) -> tuple[str, dict[str, int]] | None:
        """Endpoint and values of the page about it, for people inside; None when there is none."""
        if self.subject_kind in INDEXES:
            return INDEXES[self.subject_kind], {}
        if self.subject_kind == "deadline" and self.facts.count("letter_id"):
            return "deadlines.show", {"letter_id": self.facts.count("letter_id")}
        if self.subject_kind not in SUBJECTS:
            return None
        endpoint, name = SUBJECTS[self.subject_kind]
        return endpoint, {name: self.subject_id}


@dataclass(frozen=True)
class Timeline:
    """One page of the spine, newest first, and the key of the next older page."""

    entries: tuple[Entry, ...]
    older: str = ""
    is_newest: bool = True


def read_key(typed: str) -> tuple[date, int] | None:
    """The place in the list that a pager's key names, or None when it is not one."""
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.(\d{1,9})", typed)
    if not found:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None


def find_timeline(
    campaign: Campaign,
    *,
    before: str = "",
    is_inside: bool,
    since: Mapping[int, date] | None = None,
    silent_since: date | None = None,
    today: date,
    entries: int = ENTRIES,
) -> Timeline:
    """A page of the timeline, newest first. One statement. For `since` and `silent_since` see `with_silences`."""
    key = read_key(before)
    found = list(_rows(campaign, key, entries + 1, is_inside=is_inside))
    has_more = len(found) > entries
    found = found[:entries]
    older = f"{found[-1].on}.{found[-1].id}" if has_more else ""
    silent_since = None if key else silent_since
    shown = with_silences(found, since=since or {}, is_inside=is_inside, silent_since=silent_since, today=today)
    return Timeline(tuple(shown), older, is_newest=key is None)


def _rows(campaign: Campaign, key: tuple[date, int] | None, limit: int, *, is_inside: bool) -> Iterable[Entry]:
    where = Activity.campaign == campaign.id
    if not is_inside:
        where &= (Activity.is_public == True) | (Activity.side == "theirs")  # noqa: E712
    if key is not None:
        where &= (Activity.happened_on < key[0]) | ((Activity.happened_on == key[0]) & (Activity.id < key[1]))
    rows: Any = (
        Activity.select(
            Activity.id,
            Activity.verb,
            Activity.side,
            Activity.happened_on,
            Activity.subject_kind,
            Activity.subject_id,
            Activity.facts,
            Activity.is_public,
            Person.name,
        )
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(Activity.by == Person.id))
        .where(where)
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
        .limit(limit)
    )
    for id_, verb, side, on, subject_kind, subject_id, facts, is_public, by in rows.tuples():
        if verb in VERBS:
            yield Entry(verb, side, on, id_, subject_kind, subject_id, Facts.read(facts), by or "", bool(is_public))


def with_silences(
    found: list[Entry], *, since: Mapping[int, date], is_inside: bool, silent_since: date | None, today: date
) -> list[Entry]:
    """Put empty stretches between the entries (newest first), and drop what people outside may not read.

    `since` tells, by the id of a response, since when it was owed; `silent_since` the day since when an answer is owed
    now. A word of theirs in between, such as a promise at a meeting, shortens the stretch; for people outside, one that
    is not public takes the stretch away.
    """
    shown: list[Entry] = []
    if silent_since is not None:
        shown += _silence(found, silent_since, today + timedelta(days=1), until=today, is_inside=is_inside)
    for entry in found:
        if not (is_inside or entry.is_public):
            continue
        shown.append(entry if is_inside else entry.outside())
        if entry.verb == "response_logged" and entry.subject_id in since and entry.on:
            begin = since[entry.subject_id]
            shown += _silence(found, begin, entry.on, until=entry.on, is_inside=is_inside)
    return shown


def _silence(found: list[Entry], begin: date, end: date, *, until: date, is_inside: bool) -> list[Entry]:
    between = [one for one in found if one.on and begin < one.on < end]
    words = [one for one in between if one.side == "theirs"]
    if not is_inside and any(not one.is_public for one in words):
        return []
    begin = max([begin, *(one.on for one in words if one.on)])
    days = (until - begin).days
    if days < SHORTEST_SILENCE:
        return []
    is_busy = any(one.side == "ours" and one.on and one.on > begin and (is_inside or one.is_public) for one in between)
    return [Entry("silence", "silence", None, days=days, is_busy=is_busy)]
