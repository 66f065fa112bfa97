"""The one mail about mail: something came for a letter. Never what it says."""

from portal import mail
from portal.letters.models import Letter
from portal.people.models import Person
from portal.web import link_to


def mail_came(letter: Letter, lead: Person, *, count: int) -> mail.Message:
    """Tell one lead that so many messages came, and where to read them. Needs no request."""
    link = link_to("inbound.index", key=letter.campaign.key)
    subject, text, html = mail.rendered("mail_came", letter=letter, lead=lead, count=count, link=link)
    return mail.Message(to=lead.email, to_name=lead.name, subject=subject, text=text, html=html)
