"""Leaving for good: out of every campaign and pair, then out of the records."""

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import circle
from portal.campaigns.models import Attachment, Campaign, JoinRequest, Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.meetings.models import Rsvp
from portal.mentoring import operations as mentoring
from portal.mentoring.models import MentorPair
from portal.people import operations as people
from portal.people.models import Person


def close_account(person: Person) -> None:
    """Leave every campaign, end every pair, and forget who it was. All or nothing.

    Raises RuleBroken, naming the campaign, for the last lead of one in which others are.
    """
    with transaction():
        mine = Membership.select(Membership.campaign).where(
            Membership.person == person.id, Membership.left_at.is_null()
        )
        for campaign in Campaign.select().where(Campaign.id.in_(mine)):
            try:
                circle.leave(campaign, by=person)
            except RuleBroken as broken:
                raise RuleBroken(_("“%(title)s”: %(why)s", title=campaign.title, why=broken.message)) from broken
        for pair in mentoring.pairs_of(person):
            mentoring.end_pair(pair, by=person)
        MentorPair.update(declined_at=clock.now()).where(
            (MentorPair.mentor == person.id) | (MentorPair.mentee == person.id),
            MentorPair.mentor_accepted_at.is_null() | MentorPair.mentee_accepted_at.is_null(),
            MentorPair.declined_at.is_null(),
        ).execute()
        Attachment.update(ended_at=clock.now()).where(
            Attachment.person == person.id, Attachment.ended_at.is_null()
        ).execute()
        JoinRequest.delete().where(JoinRequest.person == person.id, JoinRequest.decided_at.is_null()).execute()
        Rsvp.update(name=_("a former member"), email="", email_key=None, needs="").where(
            Rsvp.person == person.id
        ).execute()
        people.forget_person(person)
