"""What screens and paper say about a meeting: kinds, counts, and the minutes as plain data."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal import clock, paper
from portal.language import current_language, direction_of, format_clock, format_day
from portal.meetings.models import Meeting, Undertaking

KINDS = (
    ("house", _l("At somebody’s home")),
    ("core", _l("Those who keep it running")),
    ("assembly", _l("Everybody together")),
    ("negotiation", _l("With those we write to")),
    ("evaluation", _l("How did it go?")),
    ("other", _l("Something else")),
)


def came_in_words(meeting: Meeting, new_count: int) -> str:
    """ "18 said yes, 14 came, 5 of them new": those who said they come are not those who came."""
    said = ngettext("%(num)d said yes", "%(num)d said yes", meeting.yes_count)
    if not meeting.yes_count and not meeting.came_count:
        return _("Nobody is ticked yet")
    if not meeting.came_count:
        return _("%(said)s, nobody is ticked yet", said=said)
    came = ngettext("%(num)d came", "%(num)d came", meeting.came_count)
    new = ngettext("%(num)d of them new", "%(num)d of them new", new_count)
    parts = [said if meeting.yes_count else "", came, new if new_count else ""]
    return ", ".join(part for part in parts if part)


def span_in_words(meeting: Meeting) -> str:
    """ "Thu 26 Nov, 19:00 to 21:00", with the second day only when it ends on another one."""
    start, end = clock.to_local(meeting.starts_at), clock.to_local(meeting.ends_at)
    until = format_clock(end) if start.date() == end.date() else f"{format_day(end.date())}, {format_clock(end)}"
    return _("%(day)s, %(start)s to %(end)s", day=format_day(start.date()), start=format_clock(start), end=until)


def dated(day: date) -> str:
    """ "Thu 26 Nov 2026": on paper the year always stands there."""
    words = format_day(day)
    return words if str(day.year) in words else f"{words} {day.year}"


def minutes_sheet(
    meeting: Meeting, decisions: list[str], undertakings: list[Undertaking], *, new_count: int, large: bool
) -> dict[str, Any]:
    """The minutes as the sheet "minutes" of portal.paper takes them."""
    language = current_language()
    start, end = clock.to_local(meeting.starts_at), clock.to_local(meeting.ends_at)
    date_line = _(
        "%(day)s, %(start)s to %(end)s", day=dated(start.date()), start=format_clock(start), end=format_clock(end)
    )
    return {
        "lang": language,
        "dir": direction_of(language),
        "date": date_line,
        "place": meeting.where,
        "came": came_in_words(meeting, new_count),
        "decisions": [{"text": text} for text in decisions],
        "actions": [
            {"what": row.what, "who": row.who, "by": dated(row.by_on) if row.by_on else _("no day")}
            for row in undertakings
        ],
        "next": next_in_words(meeting),
        "large_print": large,
        "words": paper.words("minutes", _),
    }


def next_in_words(meeting: Meeting) -> str:
    """When we meet next, or why that is open."""
    if meeting.next_on:
        return dated(meeting.next_on)
    return _("None yet: %(reason)s", reason=meeting.why_no_next)
