"""Telling people what is due, and how they want to be told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import current_app

from portal import clock, jobs, outbox
from portal.database import transaction
from portal.errors import RuleBroken
from portal.language import current_language
from portal.people.models import Person
from portal.quick_rows import Row
from portal.reminders import (
    emails,
    happenings,  # noqa: F401 - says what there is to be told
    queries,
)
from portal.reminders.models import WAYS, ReminderChoice, ReminderMark
from portal.reminders.queries import Event
from portal.reminders.sources import KINDS

# No mail leaves from this local hour on until the morning's hour of REMINDER_HOUR.
EVENING = 21
# One look handles so many batches of rows at most; the next one, an hour later, goes on with the others.
BATCHES = 20
# So many people are told in one transaction: everybody else who writes waits for it.
PEOPLE = 200
KEPT_MAIL_MARKS_DAYS = 60


def way_of(person: Person) -> str:
    """How somebody wants to be reminded: "daily", "at_once" or "none". One statement."""
    chosen = ReminderChoice.get_or_none(ReminderChoice.person == person.id)
    return chosen.way if chosen is not None else "daily"


def choose(person: Person, way: str) -> None:
    """Somebody says how they want to be reminded. After "none" no mail leaves any more, also none that waited.

    Raises RuleBroken for a way that there is not.
    """
    if way not in WAYS:
        raise RuleBroken("", field="way")
    with transaction():
        changed = {"way": way, "changed_at": clock.now()}
        ReminderChoice.insert(person=person.id, **changed).on_conflict(
            conflict_target=[ReminderChoice.person], update=changed
        ).execute()
        if way == "none":
            outbox.call_back(emails.KIND, person.email)


@jobs.hourly
def remind() -> int:
    """Write the mails that are due now; returns how many. By day only: nobody is woken by a date."""
    now = clock.now()
    if not current_app.config["REMINDER_HOUR"] <= clock.to_local(now).hour < EVENING:
        return 0
    told, after_id = 0, 0
    for _batch in range(BATCHES):
        events, go_on = queries.untold(now, after_id=after_id)
        told += sum(tell_some(part, now) for part in _in_parts(events))
        if go_on is None:
            break
        after_id = go_on
    return told


def tell_some(events: list[Event], now: datetime) -> int:
    """Mark these events as told and queue one mail for each person, together or not at all; returns how many mails.

    What another process told meanwhile is left out: the marks' unique key decides. Three statements, however many
    people there are.
    """
    if not events:
        return 0
    with transaction():
        slots = {event.person_id: _slot(event, now) for event in events}
        own = {person_id for person_id, _kind, _id, _step in _mark((p, "mail", 0, slot) for p, slot in slots.items())}
        won = _mark(_key(event) for event in events if event.person_id in own)
        fresh = [event for event in events if _key(event) in won]
        mails = [_mail(list(group), slots[person]) for person, group in groupby(fresh, key=lambda one: one.person_id)]
        outbox.put_all(mails)
    return len(mails)


def _in_parts(events: list[Event]) -> Iterator[list[Event]]:
    """The events of at most PEOPLE people at a time, in their order."""
    by_person = [list(group) for _person, group in groupby(events, key=lambda one: one.person_id)]
    for begin in range(0, len(by_person), PEOPLE):
        yield [event for group in by_person[begin : begin + PEOPLE] for event in group]


def _slot(event: Event, now: datetime) -> str:
    return queries.hour_of(now) if event.way == "at_once" else clock.to_local(now).date().isoformat()


def _key(event: Event) -> tuple[int, str, int, str]:
    return event.person_id, event.kind, event.subject_id, event.step


def _mark(keys: Any) -> set[tuple[int, str, int, str]]:
    """Mark those that are not marked yet; returns them. One statement."""
    now = clock.now()
    rows = [
        {"person": person, "kind": kind, "subject_id": subject_id, "step": step, "marked_at": now}
        for person, kind, subject_id, step in dict.fromkeys(keys)
    ]
    if not rows:
        return set()
    returned = (ReminderMark.person, ReminderMark.kind, ReminderMark.subject_id, ReminderMark.step)
    made = ReminderMark.insert_many(rows).on_conflict_ignore().returning(*returned).tuples().execute()
    return {tuple(row) for row in made}


def _mail(events: list[Event], slot: str) -> Row:
    first = events[0]
    facts = {
        "person": first.person_id,
        "to": first.email,
        "name": first.name,
        "way": first.way,
        "lines": [
            [e.campaign_key, e.campaign_title, e.kind, e.words, e.more, e.ref, e.day.isoformat() if e.day else None]
            for e in events
        ],
        "why": sorted({KINDS[e.kind].why for e in events}),
    }
    return outbox.from_facts(
        emails.KIND, facts, to=first.email, about=f"{first.person_id}:{slot}", locale=current_language()
    )


@jobs.hourly
def forget_old_marks() -> int:
    """Delete marks of mails that left long ago, and everything of people who left for good; returns how many."""
    old = clock.now() - timedelta(days=KEPT_MAIL_MARKS_DAYS)
    gone = Person.select(Person.id).where(Person.closed_at.is_null(False))
    with transaction():
        ReminderChoice.delete().where(ReminderChoice.person.in_(gone)).execute()
        mails = ReminderMark.delete().where(ReminderMark.kind == "mail", ReminderMark.marked_at < old).execute()
        return mails + ReminderMark.delete().where(ReminderMark.person.in_(gone)).execute()
