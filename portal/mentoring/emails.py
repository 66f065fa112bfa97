"""Mails about mentor pairs. They name nobody but the two, and no campaign: a mailbox may be read by others."""

from flask import url_for

from portal import mail
from portal.mentoring.models import MentorPair
from portal.people.models import Person
from portal.web import absolute


def pair_proposed(pair: MentorPair, person: Person, *, by: Person) -> mail.Message:
    """Ask one of the two."""
    link = absolute(url_for("mentoring.show", pair_id=pair.id))
    subject, text, html = mail.rendered("pair_proposed", pair=pair, person=person, by=by, link=link)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)
