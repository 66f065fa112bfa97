"""Mails to people who signed: a new version asks for them, or their letter is withdrawn."""

from portal import mail
from portal.letters.models import Letter, LetterVersion, Signature
from portal.web import link_to


def sign_again(signature: Signature, version: LetterVersion, manage_token: str) -> mail.Message:
    """Ask somebody who signed an earlier version whether they stand under the new words."""
    link = link_to("again.show", token=manage_token)
    context = {"letter": signature.letter, "version": version, "name": signature.name, "link": link}
    subject, text, html = mail.rendered("sign_again", **context)
    return mail.Message(to=signature.email, subject=subject, text=text, html=html)


def letter_withdrawn(letter: Letter, signature: Signature, *, why: str, manage_token: str) -> mail.Message:
    """Tell somebody who signed that the letter will not be sent."""
    link = link_to("signatures.manage", token=manage_token)
    subject, text, html = mail.rendered("letter_withdrawn", letter=letter, name=signature.name, why=why, link=link)
    return mail.Message(to=signature.email, subject=subject, text=text, html=html)
