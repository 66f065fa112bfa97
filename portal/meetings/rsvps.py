"""Saying whether one comes, with or without an account: one answer per address, one per person."""

from dataclasses import dataclass
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, limits, outbox, tokens
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.meetings import emails
from portal.meetings.models import Meeting, Rsvp
from portal.people.models import Person
from portal.people.operations import email_key as plain_key


@dataclass(frozen=True)
class Coming:
    """An answer. `brings_count` is how many come along, 0 to 9; `needs` is in the person's own words."""

    answer: str
    brings_count: int = 0
    needs: str = ""


def key_of(email: str) -> str:
    """The fingerprint under which one address answers one meeting once."""
    return tokens.keyed_digest("rsvp", plain_key(email))


def token_of(rsvp: Rsvp) -> str:
    """The link part with which somebody changes or takes back their own answer."""
    return tokens.sign("rsvp", rsvp.nonce)


def by_token(token: str) -> Rsvp | None:
    """The answer that a link is about, with its meeting and campaign, or None."""
    nonce = tokens.unsign("rsvp", token)
    if not isinstance(nonce, str):
        return None
    return (
        Rsvp.select(Rsvp, Meeting, Campaign)
        .join_from(Rsvp, Meeting)
        .join_from(Meeting, Campaign)
        .where(Rsvp.nonce == nonce)
        .first()
    )


def own_answer(meeting: Meeting, person: Person) -> Rsvp | None:
    """What this person answered, or None."""
    return Rsvp.select().where(Rsvp.meeting == meeting.id, Rsvp.person == person.id).first()


def answer_as(meeting: Meeting, coming: Coming, *, by: Person) -> Rsvp:
    """Answer with an account. An answer given before, also one given without an account, is changed.

    Raises RuleBroken when the meeting takes no answers any more.
    """
    key = key_of(by.email)
    with transaction():
        _hold(meeting)
        own = (Rsvp.person == by.id) | ((Rsvp.email_key == key) & Rsvp.person.is_null())
        rsvp = Rsvp.select().where(Rsvp.meeting == meeting.id, own).order_by(Rsvp.person.is_null()).first()
        # With an account the address stays with the account: nothing to forget here when that goes.
        given = {"person": by, "name": by.display_name, "email": "", "email_key": key}
        rsvp = _write(meeting, rsvp, coming, **given)
    return rsvp


def answer_without_account(meeting: Meeting, coming: Coming, *, name: str, email: str, network: str) -> Rsvp | None:
    """Answer by the link. Returns the answer when there is no address to mail its own link to, else None.

    The same address again changes its answer, and its owner is told by mail what stands now. The answer of somebody
    with an account is never changed this way: its owner gets the link. From outside all of these look alike. Raises
    RuleBroken when the meeting takes no answers any more or the address was used often today, TooFast when the
    network was.
    """
    limits.spend(limits.RSVP_NETWORK, f"{network}|{meeting.id}")
    with transaction():
        _hold(meeting)
        if not email:
            return _write(meeting, None, coming, name=name)
        key = key_of(email)
        rsvp = Rsvp.select().where(Rsvp.meeting == meeting.id, Rsvp.email_key == key).first()
        if rsvp is not None and not limits.take(limits.CONFIRMATION_MAIL, f"rsvp|{meeting.id}|{key}"):
            raise RuleBroken(
                _("We have mailed this address a few times today. Use the link in that mail to change the answer"),
                field="email",
            )
        if rsvp is None or rsvp.person_id is None:
            rsvp = _write(meeting, rsvp, coming, name=name, email=email, email_key=key)
        message = emails.rsvp_received(meeting, rsvp, email, token_of(rsvp))
        outbox.enqueue(message, kind="rsvp-received", about=f"{rsvp.id}:{tokens.new_key()}")
    return None


def change_answer(rsvp: Rsvp, coming: Coming, *, name: str) -> None:
    """Change an answer by its own link. Raises RuleBroken when the meeting takes no answers any more."""
    with transaction():
        _hold(rsvp.meeting)
        fresh = Rsvp.get_or_none(Rsvp.id == rsvp.id)
        if fresh is None:
            raise RuleBroken(_("This answer was taken back. Answer again on the meeting's page"))
        _write(rsvp.meeting, fresh, coming, name=name)


def take_back(rsvp: Rsvp) -> None:
    """Delete an answer and the name and address in it. Twice is harmless; works after the meeting too."""
    with transaction():
        Meeting.update(yes_count=Meeting.yes_count).where(Meeting.id == rsvp.meeting_id).execute()
        Rsvp.delete().where(Rsvp.id == rsvp.id).execute()
        _recount(rsvp.meeting)


def reachable(meeting: Meeting) -> list[tuple[Rsvp, str]]:
    """Everybody who said yes or maybe and has an address: the answer, and where to write."""
    rows = (
        Rsvp.select(Rsvp, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .where(Rsvp.meeting == meeting.id, Rsvp.answer.in_(("yes", "maybe")))
        .order_by(Rsvp.id)
    )
    found = ((rsvp, rsvp.person.email if rsvp.person_id else rsvp.email) for rsvp in rows)
    return [(rsvp, address) for rsvp, address in found if address]


def _hold(meeting: Meeting) -> None:
    """Take the meeting's row first, so that answers that come at once are counted one after the other."""
    now = clock.now()
    held = (
        Meeting.update(yes_count=Meeting.yes_count)
        .where(
            Meeting.id == meeting.id, Meeting.cancelled_at.is_null(), Meeting.closed_at.is_null(), Meeting.ends_at > now
        )
        .execute()
    )
    if not held:
        raise RuleBroken(_("This meeting is over or cancelled. It takes no answers any more"))


def _write(meeting: Meeting, rsvp: Rsvp | None, coming: Coming, **given: Any) -> Rsvp:
    if rsvp is None:
        rsvp = Rsvp(meeting=meeting, nonce=tokens.new_key())
    facts = {"answer": coming.answer, "brings_count": coming.brings_count, "needs": coming.needs, **given}
    if coming.answer == "no":
        facts["brings_count"] = 0
    for field, value in facts.items():
        setattr(rsvp, field, value)
    rsvp.save()
    _recount(meeting)
    return rsvp


def _recount(meeting: Meeting) -> None:
    """Everybody who said yes, with those they bring along."""
    people = Rsvp.select(peewee.fn.COALESCE(peewee.fn.SUM(Rsvp.brings_count + 1), 0)).where(
        Rsvp.meeting == meeting.id, Rsvp.answer == "yes"
    )
    Meeting.update(yes_count=people).where(Meeting.id == meeting.id).execute()
    meeting.yes_count = Meeting.select(Meeting.yes_count).where(Meeting.id == meeting.id).scalar()
