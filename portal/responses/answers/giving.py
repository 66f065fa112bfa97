"""They ask us for something: who of us gives it to them, by when, and whether it is done."""

from datetime import date

from flask_babel import gettext as _

from portal import clock, outbox
from portal.campaigns.models import Membership
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import Person
from portal.responses.answers import emails
from portal.responses.answers.models import InfoRequest
from portal.responses.models import Response


def request_of(response: Response) -> InfoRequest | None:
    """Who was asked to give what, with that person. One statement."""
    found: InfoRequest | None = (
        InfoRequest.select(InfoRequest, Person)
        .left_outer_join(Person, on=(InfoRequest.person == Person.id))
        .where(InfoRequest.response == response.id)
        .first()
    )
    return found


def give_to(response: Response, person: Person, *, what: str, by_on: date, by: Person) -> None:
    """Have a member see to it. They get one mail; somebody else may be asked later instead.

    Raises RuleBroken when nobody reads the answer as one that asks for something, the person is no member, or the day
    is past.
    """
    if response.kind != "request_info":
        raise RuleBroken(_("This answer is not read as one that asks us for something"))
    if by_on < clock.today():
        raise RuleBroken(_("The day must be today or later"), field="by_on")
    is_member = Membership.select().where(
        Membership.campaign == response.campaign_id, Membership.person == person.id, Membership.left_at.is_null()
    )
    with transaction():
        response.campaign.touch()
        if not is_member.exists():
            raise RuleBroken(_("Only somebody in the circle can see to it"), field="person")
        saved = {
            "person": person.id,
            "what": what,
            "by_on": by_on,
            "asked_by": by.id,
            "asked_at": clock.now(),
            "done_by": None,
            "done_at": None,
        }
        InfoRequest.insert(response=response.id, **saved).on_conflict(
            conflict_target=[InfoRequest.response], update=saved
        ).execute()
        if person.id != by.id:
            message = emails.asked_to_give(response, person, by=by, what=what, by_on=by_on)
            outbox.enqueue(message, kind="asked_to_give", about=f"{response.id}:{person.id}")


def is_given(response: Response, *, by: Person) -> None:
    """It was given to them. Raises RuleBroken when nobody was asked, or it was done already."""
    with transaction():
        done = (
            InfoRequest.update(done_by=by.id, done_at=clock.now())
            .where(InfoRequest.response == response.id, InfoRequest.done_at.is_null())
            .execute()
        )
        if not done:
            raise RuleBroken(_("Nothing waits to be given"))
        response.campaign.touch()
