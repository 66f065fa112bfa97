"""Mails about reading an answer and about what they ask us for."""

from datetime import date

from portal import mail
from portal.people.models import Person
from portal.responses.models import Response
from portal.web import link_to


def _to(person: Person, mail_name: str, /, **context: object) -> mail.Message:
    subject, text, html = mail.rendered(mail_name, **context)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def asked_to_read(response: Response, person: Person, *, by: Person) -> mail.Message:
    """Somebody is asked to be the second reader of an answer."""
    link = link_to("responses.read", key=response.campaign.key, response_id=response.id)
    return _to(person, "asked_to_read", name=by.display_name, campaign=response.campaign, link=link)


def asked_to_give(response: Response, person: Person, *, by: Person, what: str, by_on: date) -> mail.Message:
    """Somebody takes on to give them what they ask for."""
    link = link_to("follow.show_request", key=response.campaign.key, response_id=response.id)
    return _to(
        person, "asked_to_give", name=by.display_name, campaign=response.campaign, what=what, by_on=by_on, link=link
    )
