"""What is known about a letter, put before the engine; and how a clock stands on a day. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.deadlines import rulebook
from portal.deadlines.calendars import Calendar
from portal.deadlines.engine import Due, Start, newest, receipt
from portal.deadlines.rulebook import Rule
from portal.letters.models import Delivery
from portal.responses.deadlines.models import Deadline, LetterEvent
from portal.responses.models import Response

# What is owed in words, and not by coming to a meeting.
OWED_IN_WORDS = frozenset({"answer", "information"})
# Events that people type in, because no delivery and no answer tells of them.
TYPED = (
    "aware",
    "investigation_concluded",
    "request",
    "stage_two_asked",
    "period_end",
    "notice_date",
    "final_response",
    "claim_sent",
)


@dataclass(frozen=True)
class Facts:
    """Everything that moves the clocks of one letter."""

    deliveries: list[Delivery]
    responses: list[Response]
    typed: list[LetterEvent]

    @property
    def arrived(self) -> list[Any]:
        """The deliveries that are not known to have failed or come back."""
        return [one for one in self.deliveries if one.stands]


@dataclass(frozen=True)
class Found:
    """A clock that runs: by which version of its rule, since when, until when."""

    rule: Rule
    event: str
    start: Start
    due: Due


def rules_in(deadline: Deadline) -> list[Rule]:
    """The versions of the rule that a clock was started with."""
    return [rulebook.rule_from(one, set_name=one["set"], calendar=one["calendar"]) for one in deadline.versions]


def _events(rule: Rule, facts: Facts, calendar: Calendar) -> dict[str, Start]:
    """What happened, as one rule sees it: how long a letter travels is the rule's to say."""
    events: dict[str, Start] = {}
    received = [receipt(one.happened_on, one.channel, rule, calendar) for one in facts.arrived]
    earliest = min((one for one in received if one is not None), key=lambda one: one.day, default=None)
    if earliest is not None:
        events["received"] = events["delivered"] = earliest
    posted = [one.happened_on for one in facts.arrived if one.channel == "post"]
    if posted:
        events["posted"] = Start(min(posted))
    said = [one.received_on for one in facts.responses if one.kind == "acknowledgement"]
    if said:
        events["acknowledged"] = Start(min(said))
    events.update({one.event: Start(one.day, one.moment) for one in facts.typed})
    return events


def find(deadline: Deadline, facts: Facts, calendars: dict[str, Calendar]) -> Found | None:
    """When a clock is over, by everything that is known; None while it does not run."""
    versions = rules_in(deadline)
    for rule in versions:
        calendar = calendars[rule.calendar]
        found = newest([rule], _events(rule, facts, calendar), calendar)
        if found is not None:
            return Found(*found)
    return None


def answer_to(found: Found, responses: Iterable[Response]) -> Response | None:
    """The first answer that ends the waiting for this clock, or None.

    A clock that began with something a person typed in is not ended by an answer from before.
    """
    since = found.start.day if found.event in TYPED else date.min
    kinds = set(found.rule.satisfied_by)
    if found.rule.awaits in OWED_IN_WORDS:
        # Clocks that began under older terms too: that they will meet us says nothing to what we asked.
        kinds.discard("meeting_agreed")
    fit = [one for one in responses if one.kind in kinds and one.received_on >= since]
    return min(fit, key=lambda one: (one.received_on, one.id), default=None)


@dataclass(frozen=True)
class Standing:
    """How a clock stands: "planned", "waits", "due", "late", "kept" or "kept_late", with the days to go or too late."""

    name: str
    days: int = 0


def standing(deadline: Deadline, now: datetime) -> Standing:
    """How a clock stands at a moment. Computed when read, never stored."""
    holds_on = deadline.holds_on
    if holds_on is None:
        return Standing("waits")
    if deadline.satisfied_on is not None:
        late = (deadline.satisfied_on - holds_on).days
        return Standing("kept_late", late) if late > 0 else Standing("kept")
    today = clock.to_local(now).date()
    is_over = today > holds_on
    if deadline.due_at is not None and deadline.override_on is None and deadline.extended_on is None:
        is_over = now > deadline.due_at
    if is_over:
        return Standing("late", (today - holds_on).days)
    return Standing("due", (holds_on - today).days)


def answer_due_on(deadlines: Iterable[Deadline]) -> date | None:
    """The day of the nearest answer that is still owed; when none is, of the nearest there was.

    What every dashboard calls the day by which an answer is due.
    """
    asked = [one for one in deadlines if one.awaits == "answer" and one.dropped_at is None and one.holds_on is not None]
    owed = [one for one in asked if one.satisfied_on is None]
    return min((one.holds_on for one in owed or asked if one.holds_on is not None), default=None)
