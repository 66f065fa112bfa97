"""Mails about a sign-off vote."""

from datetime import datetime

from portal import mail
from portal.letters.models import Letter
from portal.letters.votes.models import SignOff, Vote
from portal.people.models import Person
from portal.web import link_to


def _to(person: Person, name: str, letter: Letter, **context: object) -> mail.Message:
    link = link_to("sign_off.show", key=letter.campaign.key, letter_id=letter.id)
    subject, text, html = mail.rendered(name, person=person, letter=letter, link=link, **context)
    return mail.Message(to=person.email, to_name=person.name, subject=subject, text=text, html=html)


def vote_opened(letter: Letter, person: Person, *, by: Person, closes_at: datetime) -> mail.Message:
    """Tell somebody that they can vote, and until when."""
    return _to(person, "vote_opened", letter, by=by, closes_at=closes_at)


def vote_nudge(sign_off: SignOff, person: Person) -> mail.Message:
    """Remind somebody who has not voted. It says nothing of what others said."""
    return _to(person, "vote_nudge", sign_off.letter, closes_at=sign_off.closes_at)


def vote_answered(vote: Vote, *, by: Person) -> mail.Message:
    """Tell a voter what a lead answered."""
    return _to(vote.person, "vote_answered", vote.sign_off.letter, vote=vote, by=by)


def paper_vote_counted(vote: Vote) -> mail.Message:
    """Tell somebody that their vote on paper was entered and checked."""
    return _to(vote.person, "paper_vote_counted", vote.sign_off.letter, vote=vote)


def vote_ended(sign_off: SignOff, person: Person) -> mail.Message:
    """Tell somebody who could vote how it ended."""
    return _to(person, "vote_ended", sign_off.letter, vote=sign_off)
