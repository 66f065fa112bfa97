"""How a step stands on a day: what unlocks it, or what it waits for. Nothing here reads or writes the database.

Nothing of it is stored, so that an answer that comes today changes the plan today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.escalation.facts import NO_WORD, Clock, Facts, Promise, Reply, SentLetter
from portal.escalation.models import Rung
from portal.responses import promises

STATES = ("waiting", "unlocked", "voting", "agreed", "started", "done", "skipped")
USUAL_SILENCE = 21


@dataclass(frozen=True)
class Reason:
    """Why a step is unlocked: since which day, and what it rests on."""

    trigger: str
    since: date
    letter: SentLetter | None = None
    clock: Clock | None = None
    promise: Promise | None = None
    reply: Reply | None = None
    days: int = 0


@dataclass(frozen=True)
class Wait:
    """What a step waits for: a trigger of TRIGGERS, or "earliest"; about which letter, and on which day it may come."""

    trigger: str
    letter: SentLetter | None = None
    on: date | None = None
    days: int = 0


@dataclass(frozen=True)
class Standing:
    """One of STATES, with what unlocked it or what it waits for."""

    name: str
    reason: Reason | None = None
    wait: Wait | None = None

    @property
    def is_unlocked(self) -> bool:
        """Whether its trigger is met and its earliest day has come."""
        return self.reason is not None and self.wait is None


def standing(rung: Rung, ladder: Sequence[Rung], facts: Facts, today: date) -> Standing:
    """How `rung` stands today. `ladder` is the whole plan in its order, without what was taken out."""
    if rung.skipped_at is not None:
        return Standing("skipped")
    if rung.done_at is not None:
        return Standing("done")
    reason = reason_for(rung, ladder, facts, today)
    wait = None if reason is not None else wait_of(rung, facts, today)
    if reason is not None and rung.earliest_on is not None and rung.earliest_on > today:
        wait = Wait("earliest", on=rung.earliest_on)
    if rung.started_at is not None:
        return Standing("started", reason, wait)
    if rung.ballot is not None and rung.ballot.outcome is None:
        return Standing("voting", reason, wait)
    if wait is not None:
        return Standing("waiting", reason, wait)
    return Standing("agreed" if rung.agreed_at is not None else "unlocked", reason)


def next_rung(ladder: Sequence[Rung], facts: Facts, today: date) -> tuple[Rung, Standing] | None:
    """The first step of the plan that asks for something: it is under way, agreed, voted on, or unlocked."""
    for rung in ladder:
        found = standing(rung, ladder, facts, today)
        if found.name in {"unlocked", "voting", "agreed", "started"}:
            return rung, found
    return None


def reason_for(rung: Rung, ladder: Sequence[Rung], facts: Facts, today: date) -> Reason | None:
    """What meets the trigger of a step, the earliest first; None while nothing does."""
    if rung.trigger == "day":
        day = rung.on_day
        return Reason("day", day) if day is not None and day <= today else None
    if rung.trigger == "before":
        return _after_the_last(rung, ladder)
    finder = {"deadline": _passed, "silence": _silent, "broken": _broken}.get(rung.trigger, _replied)
    found = finder(rung, facts, today)
    return min(found, key=lambda one: one.since, default=None)


def wait_of(rung: Rung, facts: Facts, today: date) -> Wait:
    """What has to happen before the step unlocks."""
    letter = facts.letter(rung.letter_id)
    if rung.trigger == "day":
        return Wait("day", on=rung.on_day)
    if rung.trigger == "deadline":
        ahead = [one for one in _clocks(rung, facts) if one.holds_on >= today]
        first = min(ahead, key=lambda one: one.holds_on, default=None)
        return Wait("deadline", facts.letter(first.letter_id) if first else letter, first.holds_on if first else None)
    if rung.trigger == "silence":
        last = [_last_word(one, facts) for one in _letters(rung, facts) if _decided(one, facts) is None]
        days = rung.days or USUAL_SILENCE
        return Wait("silence", letter, min(last) + timedelta(days=days) if last else None, days=days)
    return Wait(rung.trigger, letter)


def _letters(rung: Rung, facts: Facts) -> list[SentLetter]:
    return [one for one in facts.letters if rung.letter_id in (None, one.id)]


def _clocks(rung: Rung, facts: Facts) -> list[Clock]:
    return [one for one in facts.clocks if rung.letter_id in (None, one.letter_id)]


def _passed(rung: Rung, facts: Facts, today: date) -> list[Reason]:
    return [
        Reason("deadline", one.holds_on + timedelta(days=1), facts.letter(one.letter_id), clock=one)
        for one in _clocks(rung, facts)
        if one.holds_on < today
    ]


def _last_word(letter: SentLetter, facts: Facts) -> date:
    """The day of the last word from them after a letter, or the day it went out."""
    came = [one.received_on for one in facts.replies if one.letter_id == letter.id and one.kind not in NO_WORD]
    return max([letter.sent_on, *came])


def _decided(letter: SentLetter, facts: Facts) -> Reply | None:
    """The last answer to a letter that decides something: what they said before it no longer counts."""
    kinds = {"refusal", "partial", "offer", "commitment", "done_claimed"}
    found = [one for one in facts.replies if one.letter_id == letter.id and one.kind in kinds]
    return max(found, key=lambda one: (one.received_on, one.id), default=None)


def _silent(rung: Rung, facts: Facts, today: date) -> list[Reason]:
    found, days = [], rung.days or USUAL_SILENCE
    for letter in _letters(rung, facts):
        last = _last_word(letter, facts)
        if _decided(letter, facts) is None and (today - last).days >= days:
            since = last + timedelta(days=days)
            found.append(Reason("silence", since, letter, days=(today - last).days))
    return found


def _broken(rung: Rung, facts: Facts, today: date) -> list[Reason]:
    return [
        Reason("broken", one.found_on, facts.letter(one.letter_id), promise=one)
        for one in facts.promises
        if rung.letter_id in (None, one.letter_id) and promises.standing(one.row, today) == "broken"
    ]


def _replied(rung: Rung, facts: Facts, today: date) -> list[Reason]:
    wanted = {"refusal": {"refusal"}, "offer": {"partial", "offer"}}[rung.trigger]
    pairs = [(letter, _decided(letter, facts)) for letter in _letters(rung, facts)]
    return [
        Reason(rung.trigger, one.received_on, letter, reply=one)
        for letter, one in pairs
        if one is not None and one.kind in wanted
    ]


def _after_the_last(rung: Rung, ladder: Sequence[Rung]) -> Reason | None:
    """The step before is done and has not helped. One that was skipped is passed over; before the first is nothing."""
    before = [one for one in ladder if (one.position, one.id) < (rung.position, rung.id) and one.skipped_at is None]
    if not before:
        return Reason("before", rung.added_at.date())
    last = before[-1]
    if last.done_at is None or last.has_helped:
        return None
    return Reason("before", last.done_at.date())
