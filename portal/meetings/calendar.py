"""A meeting for people's own calendars (iCalendar). Names of people never stand in it."""

from icalendar import Calendar, Event, vText

from portal import clock
from portal.meetings.models import Meeting


def as_ical(meeting: Meeting, *, link: str) -> bytes:
    """The meeting as an .ics file; `link` is its full address.

    The identity never changes and the sequence rises, so that a calendar replaces what it took before.
    """
    event = Event()
    event.add("uid", f"{meeting.key}@doorstep")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", clock.now())
    event.add("summary", meeting.title)
    event.add("dtstart", clock.to_local(meeting.starts_at))
    event.add("dtend", clock.to_local(meeting.ends_at))
    event.add("location", vText(meeting.where))
    event.add("description", "\n\n".join(part for part in (meeting.about, meeting.access, link) if part))
    event.add("url", link)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    whole = Calendar()
    whole.add("prodid", "-//Doorstep//Meetings//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    whole.add_missing_timezones()
    return whole.to_ical()
