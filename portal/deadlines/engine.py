"""Counting days and hours. Pure: dates in, dates and their working out; no database, no clock, no words of the screen.

The working is plain data (it is stored as JSON) and `words.py` turns it into sentences.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.deadlines.calendars import Calendar
from portal.deadlines.rulebook import Moment, Period, Rule

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
# Longer runs than this of days without work are a mistake in a calendar, not a holiday.
LONGEST_SEARCH = 4000


@dataclass(frozen=True)
class Start:
    """When something happened: a day, and for rules in hours the aware moment."""

    day: date
    at: datetime | None = None
    # How the day was found when it is not simply the day on record: plain data for the working.
    how: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Due:
    """By when, and the working. `at` only for rules in hours; every other deadline ends with its day."""

    on: date
    working: dict[str, Any]
    at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """The last moment that is in time, aware, in UTC."""
        return self.at or end_of(self.on)


def end_of(day: date) -> datetime:
    """23:59 on the wall clock of that day, aware, in UTC."""
    return datetime.combine(day, time(23, 59), LONDON).astimezone(UTC)


def _month_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _skip(skipped: list[dict[str, Any]], day: date, calendar: Calendar) -> None:
    """Note a day that does not count, next to its neighbour when both are the same weekend."""
    if day in calendar.free_days:
        skipped.append(
            {"from": day.isoformat(), "to": day.isoformat(), "why": "named", "name": calendar.free_days[day]}
        )
        return
    before = skipped[-1] if skipped else None
    if before and before["why"] == "weekend" and before["to"] == (day - ONE_DAY).isoformat():
        before["to"] = day.isoformat()
        return
    skipped.append({"from": day.isoformat(), "to": day.isoformat(), "why": "weekend"})


def _working_days(first: date, n: int, calendar: Calendar) -> tuple[date, date, list[dict[str, Any]]]:
    """The n-th working day from `first` on, the first one of them, and what was skipped in between."""
    skipped: list[dict[str, Any]] = []
    day, counted, began = first, 0, None
    for _step in range(LONGEST_SEARCH):
        if calendar.is_working(day):
            began = began or day
            counted += 1
            if counted == n:
                return day, began, skipped
        else:
            _skip(skipped, day, calendar)
        day += ONE_DAY
    raise ValueError(f"no {n} working days from {first} in {calendar.name}")


def count(start: Start, period: Period, calendar: Calendar) -> Due:
    """When a period that begins with `start` is over.

    Working days never end on a day without work; weeks and days do not roll; months stop at the end of a shorter one;
    hours are elapsed time, whatever the clocks do. No time at all (n = 0) leaves the day as it is. Raises ValueError
    for a rule in hours when only the day is known.
    """
    working: dict[str, Any] = {
        "start": start.day.isoformat(),
        "n": period.n,
        "unit": period.unit,
        "first_day": None,
        "skipped": [],
    }
    if start.how:
        working["how"] = dict(start.how)
    if period.unit == "hour":
        if start.at is None:
            raise ValueError("a rule in hours needs the moment")
        due_at = start.at.astimezone(UTC) + timedelta(hours=period.n)
        working |= {"start_at": start.at.astimezone(UTC).isoformat(), "due_at": due_at.isoformat()}
        due_on = due_at.astimezone(LONDON).date()
    elif period.n == 0:
        due_at, due_on = None, start.day
    else:
        due_at = None
        first = start.day if period.first_day == "same_day" else start.day + ONE_DAY
        working["first_day"] = first.isoformat()
        if period.unit == "wd":
            due_on, began, working["skipped"] = _working_days(first, period.n, calendar)
            working |= {"first_day": began.isoformat(), "calendar": calendar.name}
            if calendar.last and due_on > calendar.last:
                # Nobody has published the holidays of that year yet.
                working["beyond"] = calendar.last.isoformat()
        elif period.unit == "month":
            due_on = _month_after(first - ONE_DAY, period.n)
        else:
            due_on = first - ONE_DAY + timedelta(days=period.n * (7 if period.unit == "week" else 1))
    working["due"] = due_on.isoformat()
    return Due(due_on, working, due_at)


def receipt(day: date, channel: str, rule: Rule, calendar: Calendar) -> Start | None:
    """When a delivery counts as received under a rule, or None when this way does not count for it."""
    if channel not in rule.deemed_receipt:
        return Start(day)
    period = rule.deemed_receipt[channel]
    if period is None:
        return None
    if period.n == 0:
        return Start(day)
    found = count(Start(day), period, calendar)
    return Start(found.on, how={"kind": "receipt", "channel": channel, **found.working})


def start_of(moment: Moment, events: Mapping[str, Start], calendar: Calendar) -> tuple[str, Start] | None:
    """The event that starts a rule and when it happened, by the logged events; None while it has not.

    A fallback stands in for an event that has not been logged; where it caps, also for one that came later.
    """
    found = events.get(moment.event)
    if moment.add and found:
        counted = count(found, moment.add, calendar)
        found = Start(counted.on, counted.at, how={"kind": "added", "event": moment.event, **counted.working})
    stand_in = start_of(moment.fallback, events, calendar) if moment.fallback else None
    if stand_in is not None:
        kind = "instead" if found is None else "cap"
        if found is None or (moment.caps and stand_in[1].day < found.day):
            how = {"kind": kind, "event": moment.event, "by": stand_in[0], "working": dict(stand_in[1].how or {})}
            return moment.event, Start(stand_in[1].day, stand_in[1].at, how=how)
    return (moment.event, found) if found else None


def due_by(rule: Rule, events: Mapping[str, Start], calendar: Calendar) -> tuple[str, Start, Due] | None:
    """The event that starts a rule's clock, when, and when it is over; None while it does not run.

    A planned or repealed rule never runs, nor one that was not in force on the day it would start. Where a rule says
    "whichever is later", it runs once all of its events are known.
    """
    if not rule.runs:
        return None
    starts = [start_of(moment, events, calendar) for moment in rule.trigger]
    if any(found is None for found in starts):
        return None
    event, start = max((found for found in starts if found), key=lambda found: found[1].day)
    if not rule.is_valid_on(start.day) or (rule.period.unit == "hour" and start.at is None):
        return None
    due = count(start, rule.period, calendar)
    due.working["event"] = event
    if len(starts) > 1:
        due.working["later_of"] = [{"event": name, "day": one.day.isoformat()} for name, one in starts if one]  # type: ignore[misc]
    return event, start, due


def newest(
    versions: list[Rule], events: Mapping[str, Start], calendar: Calendar
) -> tuple[Rule, str, Start, Due] | None:
    """The version of a rule that was in force on the day its clock starts, with that day and the due one."""
    for rule in versions:
        found = due_by(rule, events, calendar)
        if found is not None:
            return rule, *found
    return None


def latest_extension(due: date, rule: Rule, calendar: Calendar) -> date | None:
    """The last day to which a rule lets them put off `due`; None when it names no limit or allows none."""
    allowed = rule.extension
    if allowed is None or allowed.period is None:
        return None
    return count(Start(due), allowed.period, calendar).on
