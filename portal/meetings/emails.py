"""Mails to people who said that they may come."""

from flask import url_for

from portal import mail
from portal.meetings import calendar
from portal.meetings.models import Meeting, Rsvp
from portal.web import absolute


def rsvp_received(meeting: Meeting, rsvp: Rsvp, address: str, token: str) -> mail.Message:
    """The answer stands; here is the link that changes it."""
    return _message("rsvp_received", meeting, rsvp, address, token)


def meeting_changed(meeting: Meeting, rsvp: Rsvp, address: str, token: str) -> mail.Message:
    """The time or the place is another one."""
    return _message("meeting_changed", meeting, rsvp, address, token)


def meeting_cancelled(meeting: Meeting, rsvp: Rsvp, address: str, token: str) -> mail.Message:
    """It does not happen, and why."""
    return _message("meeting_cancelled", meeting, rsvp, address, token)


def _message(name: str, meeting: Meeting, rsvp: Rsvp, address: str, token: str) -> mail.Message:
    link = absolute(url_for("meetings.show", meeting_key=meeting.key))
    subject, text, html = mail.rendered(
        name,
        meeting=meeting,
        rsvp=rsvp,
        link=link,
        own_link=absolute(url_for("rsvps.manage", token=token)),
        calendar_link=absolute(url_for("meetings.calendar_file", meeting_key=meeting.key)),
    )
    attached = mail.Attachment(
        name="meeting.ics", content_type="text/calendar", data=calendar.as_ical(meeting, link=link)
    )
    return mail.Message(to=address, to_name=rsvp.name, subject=subject, text=text, html=html, attachments=(attached,))
