"""The mail about closing a campaign. Like all mails of the circle it names neither campaign nor place."""

from flask import url_for

from portal import mail
from portal.campaigns.models import Campaign
from portal.people.models import Person
from portal.web import absolute


def closing_asked(lead: Person, campaign: Campaign, *, by: Person) -> mail.Message:
    """Another lead is asked to agree that the campaign closes."""
    link = absolute(url_for("closing.new", key=campaign.key))
    subject, text, html = mail.rendered("closing_asked", link=link, name=by.display_name)
    return mail.Message(to=lead.email, to_name=lead.name, subject=subject, text=text, html=html)
