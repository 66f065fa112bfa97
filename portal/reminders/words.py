"""The sentences of a reminder: a date and what it is about. What they wrote to us is never quoted."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal import clock
from portal.language import format_day, inside
from portal.reminders.sources import Line

AWAITED = {
    "acknowledgement": _l("their word that they have it"),
    "answer": _l("their answer"),
    "meeting": _l("their yes to a meeting"),
    "work": _l("the work"),
    "information": _l("the information"),
    "comments": _l("our own step"),
}
WAYS = {
    "daily": _l("One mail a day, in the morning, when there is something"),
    "at_once": _l("As soon as something comes up, between morning and nine in the evening"),
    "none": _l("No reminders"),
}
WHY = {
    "keeper": _l("you lead, write letters or keep the papers in a campaign"),
    "member": _l("you are in a circle that was promised something"),
    "own": _l("you took something on"),
    "pair": _l("you have a plan together with somebody"),
}


def when(day: date | None) -> str:
    """ "Thu 26 Nov, in 3 days", from today on; a day behind is only named."""
    if day is None:
        return _("without a date")
    days = (day - clock.today()).days
    if days < 0:
        return format_day(day)
    if days == 0:
        return _("%(day)s, today", day=format_day(day))
    if days == 1:
        return _("%(day)s, tomorrow", day=format_day(day))
    return ngettext("%(day)s, in %(num)d day", "%(day)s, in %(num)d days", days, day=format_day(day))


def deadline_soon(line: Line) -> str:
    """A clock that comes to its end."""
    return _("“%(letter)s”: %(what)s is due %(when)s.", letter=line.words, what=AWAITED[line.more], when=when(line.day))


def deadline_late(line: Line) -> str:
    """A clock whose end has passed."""
    what = AWAITED[line.more]
    return _(
        "“%(letter)s”: %(what)s was due %(day)s and has not come.", letter=line.words, what=what, day=when(line.day)
    )


def unread(line: Line) -> str:
    """An answer whose meaning nobody has said yet."""
    return _(
        "An answer to “%(letter)s” came %(day)s. Nobody has said yet what it means.",
        letter=line.words,
        day=when(line.day),
    )


def promise_soon(line: Line) -> str:
    """A promise that comes to its day."""
    return _("They promised: “%(what)s”. It is due %(when)s.", what=inside(line.words), when=when(line.day))


def promise_late(line: Line) -> str:
    """A promise whose day has passed, for those who keep the campaign moving."""
    return _("They promised: “%(what)s”. It was due %(day)s.", what=inside(line.words), day=when(line.day))


def promise_look(line: Line) -> str:
    """A promise whose day has passed, for everybody who can look."""
    return _(
        "They promised: “%(what)s”. It was due %(day)s. Have you seen it done? Say what you found.",
        what=inside(line.words),
        day=when(line.day),
    )


def undertaking_soon(line: Line) -> str:
    """What one of us took on, before its day."""
    return _("You took on: “%(what)s”, by %(when)s.", what=inside(line.words), when=when(line.day))


def undertaking_late(line: Line) -> str:
    """What one of us took on, after its day."""
    return _(
        "You took on: “%(what)s”, by %(day)s. Tick it off, or tell the others that you need help.",
        what=inside(line.words),
        day=when(line.day),
    )
