"""Mails about accounts."""

from flask import url_for

from portal import mail
from portal.web import absolute


def sign_in_link(email: str, secret: str, *, minutes: int, is_new: bool) -> mail.Message:
    """The link that signs in, or starts an account for an address we do not know."""
    link = absolute(url_for("people.sign_in_link", secret=secret))
    subject, text, html = mail.rendered("sign_in_link", link=link, minutes=minutes, is_new=is_new)
    return mail.Message(to=email, subject=subject, text=text, html=html)
