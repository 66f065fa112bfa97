"""Mails about signatures and deliveries."""

from flask import url_for

from portal import mail
from portal.letters.models import Delivery, Letter, Signature
from portal.people.models import Person
from portal.web import absolute, link_to, path_to


def confirm_signature(*, to: str, name: str, title: str, confirm_token: str, manage_token: str) -> mail.Message:
    """Ask the address's owner whether they meant to sign the letter with this title. Needs no request."""
    subject, text, html = mail.rendered(
        "confirm_signature",
        title=title,
        name=name,
        confirm_link=absolute(path_to("signatures.confirm", token=confirm_token)),
        not_me_link=absolute(path_to("signatures.not_me", token=manage_token)),
    )
    return mail.Message(to=to, subject=subject, text=text, html=html)


def already_signed(*, to: str, name: str, title: str, manage_token: str) -> mail.Message:
    """Tell the owner, and nobody else, that they had signed before. Needs no request."""
    link = absolute(path_to("signatures.manage", token=manage_token))
    subject, text, html = mail.rendered("already_signed", title=title, name=name, link=link)
    return mail.Message(to=to, subject=subject, text=text, html=html)


def signature_counted(signature: Signature, manage_token: str) -> mail.Message:
    """Thank the signer and give them their lasting link."""
    link = absolute(url_for("signatures.manage", token=manage_token))
    subject, text, html = mail.rendered("signature_counted", letter=signature.letter, name=signature.name, link=link)
    return mail.Message(to=signature.email, subject=subject, text=text, html=html)


def letter_left(letter: Letter, delivery: Delivery, person: Person) -> mail.Message:
    """Tell one lead that the letter is on its way, and to whom."""
    link = absolute(url_for("sending.show", key=letter.campaign.key, letter_id=letter.id))
    subject, text, html = mail.rendered("letter_left", letter=letter, delivery=delivery, person=person, link=link)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def letter_trouble(letter: Letter, delivery: Delivery, person: Person, *, what: str, said: str) -> mail.Message:
    """Tell one lead that the letter was "refused", is "in_doubt" or "came_back", and what their mail system `said`.

    Needs no request.
    """
    link = link_to("sending.show", key=letter.campaign.key, letter_id=letter.id)
    subject, text, html = mail.rendered(
        "letter_trouble", letter=letter, delivery=delivery, person=person, what=what, said=said, link=link
    )
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)
