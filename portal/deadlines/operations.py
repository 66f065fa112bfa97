"""Adding days off to a calendar, and the calendars with those days on them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import peewee
from flask_babel import gettext as _

from portal.database import transaction
from portal.deadlines import calendars
from portal.deadlines.calendars import Calendar
from portal.deadlines.models import OneOffDay
from portal.errors import RuleBroken
from portal.people.models import Person


def add_one_off_day(calendar: str, day: date, *, name: str, by: Person) -> OneOffDay:
    """Add a day off to a calendar. Due dates that are worked out already must be worked out again by the caller.

    Raises RuleBroken when nobody works on that day anyway, or it is on the calendar already.
    """
    shipped = calendars.shipped(calendar)
    if shipped.is_weekend(day):
        raise RuleBroken(_("That day is a Saturday or a Sunday. It does not count anyway"), field="day")
    if day in shipped.free_days:
        raise RuleBroken(_("That day is on the calendar already: %(name)s", name=shipped.free_days[day]), field="day")
    try:
        with transaction():
            return OneOffDay.create(calendar=calendar, day=day, name=name, added_by=by)
    except peewee.IntegrityError:
        raise RuleBroken(_("Somebody has added that day already"), field="day") from None


def remove_one_off_day(day: OneOffDay) -> None:
    """Take a day off the calendar that was added by mistake."""
    with transaction():
        OneOffDay.delete().where(OneOffDay.id == day.id).execute()


def calendars_today() -> dict[str, Calendar]:
    """Every calendar with the days that stewards added. One statement."""
    added: Any = OneOffDay.select(OneOffDay.calendar, OneOffDay.day, OneOffDay.name).tuples()
    return calendars_with(added)


def calendars_with(added: Iterable[tuple[str, date, str]]) -> dict[str, Calendar]:
    """Every calendar with these days on top: calendar, day, name. No statement when they are read already."""
    added = list(added)
    found = {}
    for name in calendars.NAMES:
        theirs = {name, *calendars.PARTS_OF_UNION} if name == "gb-union" else {name}
        found[name] = calendars.shipped(name).with_days({day: words for where, day, words in added if where in theirs})
    return found
