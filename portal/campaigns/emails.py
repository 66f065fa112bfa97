"""Mails of the circle.

Whoever reads over a shoulder learns nothing: subjects are plain, and no mail names the campaign, the place or the
landlord. Each leads to a page that asks for the sign-in first.
"""

from datetime import datetime

from flask import url_for

from portal import mail
from portal.campaigns.circle_words import ROLE_WORDS
from portal.campaigns.models import Attachment, Campaign, JoinRequest, Membership, Role
from portal.people.models import Person
from portal.web import absolute


def _to(person: Person, mail_name: str, /, **context: object) -> mail.Message:
    subject, text, html = mail.rendered(mail_name, **context)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def _to_address(email: str, mail_name: str, /, **context: object) -> mail.Message:
    subject, text, html = mail.rendered(mail_name, **context)
    return mail.Message(to=email, subject=subject, text=text, html=html)


def _people_page(campaign: Campaign) -> str:
    return absolute(url_for("circle.index", key=campaign.key))


def circle_invitation(email: str, token: str, *, by: Person, until: datetime) -> mail.Message:
    """A neighbour passes a link on."""
    link = absolute(url_for("invitations.accept", token=token))
    return _to_address(email, "circle_invitation", link=link, name=by.display_name, until=until)


def join_request_made(lead: Person, campaign: Campaign) -> mail.Message:
    """Somebody asks to come in."""
    return _to(lead, "join_request_made", link=_people_page(campaign))


def let_in(request: JoinRequest, *, by: Person) -> mail.Message:
    """A member vouched: the door is open."""
    link = absolute(url_for("dashboards.campaign", key=request.campaign.key))
    return _to(request.person, "let_in", link=link, name=by.display_name)


def role_given(role: Role, *, by: Person) -> mail.Message:
    """A lead gave a role; one press hands it back."""
    return _to(
        role.membership.person,
        "role_given",
        link=_people_page(role.membership.campaign),
        name=by.display_name,
        role=ROLE_WORDS[role.name],
        until=role.until_on,
    )


def role_ended(role: Role, *, by: Person) -> mail.Message:
    """A lead ended a role."""
    return _to(
        role.membership.person,
        "role_ended",
        link=_people_page(role.membership.campaign),
        name=by.display_name,
        role=ROLE_WORDS[role.name],
    )


def lead_changed(lead: Person, role: Role, *, by: Person, is_given: bool) -> mail.Message:
    """The other leads learn who leads now, or no longer does."""
    return _to(
        lead,
        "lead_changed",
        link=_people_page(role.membership.campaign),
        name=by.display_name,
        person=role.membership.person.display_name,
        is_given=is_given,
        is_own=role.membership.person_id == by.id,
    )


def removed_from_circle(membership: Membership, *, by: Person) -> mail.Message:
    """A lead took somebody out of the circle."""
    return _to(membership.person, "removed_from_circle", name=by.display_name)


def going_public_asked(person: Person, campaign: Campaign, *, by: Person) -> mail.Message:
    """A lead asks a second person to agree."""
    link = absolute(url_for("publicity.show", key=campaign.key))
    return _to(person, "going_public_asked", link=link, name=by.display_name)


def organizer_asked(attachment: Attachment, *, by: Person) -> mail.Message:
    """A campaign asks an organizer in."""
    link = absolute(url_for("organizers.answer", key=attachment.campaign.key))
    return _to(attachment.person, "organizer_asked", link=link, name=by.display_name)


def organizer_to_declare(email: str, *, by: Person) -> mail.Message:
    """A campaign would ask this person in, who has declared nothing yet."""
    link = absolute(url_for("people.organizing"))
    return _to_address(email, "organizer_to_declare", link=link, name=by.display_name)


def organizer_ended(attachment: Attachment, *, by: Person) -> mail.Message:
    """The circle ended an organizer's help, or took the question back."""
    was_helping = attachment.accepted_at is not None
    return _to(attachment.person, "organizer_ended", name=by.display_name, was_helping=was_helping)
