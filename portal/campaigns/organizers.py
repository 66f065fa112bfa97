"""Organizers help a campaign by its own choice, with a declaration of interest on show. They hold no gate."""

from flask_babel import gettext as _

from portal import clock, limits, outbox, tokens
from portal.campaigns import circle, emails
from portal.campaigns.activity import record
from portal.campaigns.models import Attachment, Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.people.models import OrganizerProfile, Person


def declared_person(email: str) -> Person | None:
    """The person with this address who has declared for whom they organize, or None."""
    return Person.select().join(OrganizerProfile).where(Person.email == email.casefold()).first()


def ask_organizer(campaign: Campaign, email: str, *, by: Person) -> Attachment | None:
    """Ask somebody to help; they get a mail. Returns None when they have declared nothing yet: then the mail says how.

    Asking twice changes nothing. Raises RuleBroken when they are a member; TooFast after 40 mails in a day.
    """
    address = email.casefold()
    with transaction():
        # The row first, so that two leads who ask at once make one asking.
        campaign.touch()
        limits.spend(limits.INVITATION_MAIL, str(by.id))
        person = declared_person(address)
        if person is None:
            about = f"{campaign.id}:{tokens.keyed_digest('organizer-mail', address)[:32]}:{clock.today()}"
            outbox.enqueue(emails.organizer_to_declare(address, by=by), kind="organizer-to-declare", about=about)
            return None
        if circle.membership_of(campaign, person) is not None:
            raise RuleBroken(_("They are in the circle. A member cannot be the organizer too"), field="email")
        attachment = Attachment.get_or_none(
            Attachment.campaign == campaign.id, Attachment.person == person.id, Attachment.ended_at.is_null()
        )
        if attachment is not None:
            return attachment
        attachment = Attachment.create(campaign=campaign, person=person, asked_by=by)
        message = emails.organizer_asked(attachment, by=by)
        outbox.enqueue(message, kind="organizer-asked", about=str(attachment.id))
        return attachment


def accept_asking(attachment: Attachment, *, by: Person) -> None:
    """Say yes: from now on the organizer sees inside. Saying it twice is harmless.

    Raises RuleBroken when the circle took the question back.
    """
    campaign = attachment.campaign
    with transaction():
        campaign.touch()
        if circle.membership_of(campaign, by) is not None:
            raise RuleBroken(_("You are a member of this circle. A member cannot be the organizer too"))
        accepted = (
            Attachment.update(accepted_at=clock.now())
            .where(
                Attachment.id == attachment.id,
                Attachment.person == by.id,
                Attachment.accepted_at.is_null(),
                Attachment.ended_at.is_null(),
            )
            .execute()
        )
        now = Attachment.get_by_id(attachment.id)
        if now.ended_at is not None:
            raise RuleBroken(_("The circle took the question back"))
        if accepted:
            record(campaign, "organizer_attached", by=by, about=attachment, person=by.display_name)
            campaign.__dict__.pop("_parts", None)


def end_attachment(attachment: Attachment, *, by: Person) -> None:
    """End the help, or the asking: a lead does it, or the organizer. No reason is asked. Twice is harmless."""
    campaign = attachment.campaign
    with transaction():
        ended = (
            Attachment.update(ended_at=clock.now())
            .where(Attachment.id == attachment.id, Attachment.ended_at.is_null())
            .execute()
        )
        if not ended:
            return
        if Attachment.get_by_id(attachment.id).accepted_at is None:
            campaign.touch()
        else:
            record(campaign, "organizer_left", by=by, about=attachment, person=attachment.person.display_name)
        campaign.__dict__.pop("_parts", None)
        if attachment.person_id != by.id:
            message = emails.organizer_ended(attachment, by=by)
            outbox.enqueue(message, kind="organizer-ended", about=str(attachment.id))
