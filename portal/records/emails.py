"""Mails about corrections."""

from flask import url_for

from portal import mail
from portal.people.models import Person
from portal.records.models import Correction, RecordProposal
from portal.targets.models import Organization
from portal.web import absolute


def confirm_correction(correction: Correction, *, token: str, about: str, page: str) -> mail.Message:
    """Ask the owner of the address whether they say that something is wrong.

    What was typed is not in it but the name: a form that anybody can fill in must not carry words to strangers.
    """
    link = absolute(url_for("corrections.confirm", token=token))
    subject, text, html = mail.rendered("confirm_correction", correction=correction, link=link, about=about, page=page)
    return mail.Message(to=correction.email, subject=subject, text=text, html=html)


def correction_received(person: Person, correction: Correction) -> mail.Message:
    """Tell a lead that somebody says a fact is wrong. Names neither campaign nor organization."""
    key = correction.campaign.key
    if correction.response_id is not None:
        link = absolute(url_for("responses.show", key=key, response_id=correction.response_id))
    else:
        link = absolute(url_for("corrections.index", key=key))
    subject, text, html = mail.rendered("correction_received", person=person, link=link)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def record_correction(person: Person, organization: Organization, proposal: RecordProposal) -> mail.Message:
    """Tell a steward that an organization wants its record put right."""
    link = absolute(url_for("proposals.show", organization_id=organization.id, proposal_id=proposal.id))
    subject, text, html = mail.rendered("record_correction", person=person, organization=organization, link=link)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)
