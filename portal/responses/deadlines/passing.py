"""A date that goes by without an answer is noted on the timeline, once for each date."""

from datetime import date, timedelta
from typing import Any

import peewee

from portal import clock, jobs
from portal.campaigns import activity
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses.deadlines.cards import rule_of
from portal.responses.deadlines.models import Deadline

# One look notes so many; the next, an hour later, goes on.
BATCH = 200


def tell_timeline(deadline: Deadline, verb: str, *, by: Person | None, on: date | None = None, **facts: Any) -> None:
    """Write a line about a clock. Inside the circle only: reasons and dates of ours stand in it."""
    rule = rule_of(deadline)
    plain: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()
    }
    activity.record(
        deadline.campaign,
        verb,
        by=by,
        about=deadline,
        on=on,
        rule=rule.title,
        is_own=rule.set == "generic",
        awaits=deadline.awaits,
        letter_id=deadline.letter_id,
        **plain,
    )


@jobs.hourly
def note_what_passed() -> int:
    """Note the clocks whose date has gone by since the last look; returns how many.

    Each is marked by a conditional update in the transaction of its line, so two looks at once note it once.
    """
    longer = peewee.Case(None, [(Deadline.extended_on > Deadline.due_on, Deadline.extended_on)], Deadline.due_on)
    holds_on = peewee.fn.COALESCE(Deadline.override_on, longer)
    is_untold = Deadline.passed_on.is_null() | (Deadline.passed_on != holds_on)
    passed = (
        Deadline.select(Deadline, Campaign)
        .join_from(Deadline, Campaign)
        .join_from(Deadline, Letter)
        .where(
            Deadline.due_on.is_null(False),
            Deadline.satisfied_on.is_null(),
            Deadline.dropped_at.is_null(),
            Letter.withdrawn_at.is_null(),
            Campaign.state.in_(("gathering", "active")),
            holds_on < clock.today(),
            is_untold,
        )
        .order_by(Deadline.id)
        .limit(BATCH)
    )
    told = 0
    for deadline in list(passed):
        with transaction():
            day = deadline.holds_on
            assert day is not None
            taken = (
                Deadline.update(passed_on=day)
                .where(Deadline.id == deadline.id, Deadline.satisfied_on.is_null(), holds_on == day, is_untold)
                .execute()
            )
            if taken:
                tell_timeline(deadline, "clock_passed", by=None, on=day + timedelta(days=1), day=day)
                told += 1
    return told
