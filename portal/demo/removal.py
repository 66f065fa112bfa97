"""Taking the demo out again: exactly its rows, and nothing that anybody else wrote."""

from collections.abc import Iterable
from typing import Any

from portal.campaigns import search
from portal.campaigns.models import Campaign
from portal.casefiles.models import CaseFile
from portal.database import Model, transaction
from portal.inbound.models import InboundFile, InboundMail
from portal.letters.models import Block, Delivery, Letter, LetterVersion, ReplyAddress, Signature
from portal.meetings.models import Meeting, Rsvp
from portal.outbox import OutgoingMail
from portal.people.models import Person, SignInLink
from portal.places.models import Place
from portal.responses.models import Answer, Commitment, CommitmentCheck, Response, ResponseFile
from portal.storage import StoredFile
from portal.targets.models import Organization, Target


def _campaigns() -> Any:
    return Campaign.select(Campaign.id).where(Campaign.is_demo == True)  # noqa: E712


def _letters() -> Any:
    return Letter.select(Letter.id).where(Letter.campaign.in_(_campaigns()))


def mails_of_the_demo() -> Any:
    """The condition for mails to people and companies of the demo, about its things."""
    people = Person.select(Person.email).where(Person.is_demo == True)  # noqa: E712
    signers = Signature.select(Signature.email).where(Signature.letter.in_(_letters()), Signature.email != "")
    coming = Rsvp.select(Rsvp.email).join(Meeting).where(Meeting.campaign.in_(_campaigns()), Rsvp.email != "")
    sent = Delivery.select(Delivery.mail).where(Delivery.campaign.in_(_campaigns()), Delivery.mail.is_null(False))
    to = OutgoingMail.to
    return to.in_(people) | to.in_(signers) | to.in_(coming) | OutgoingMail.id.in_(sent)


def remove_demo() -> None:
    """Delete every row of the demo: its campaigns and all in them, its people, its mails, its companies and files."""
    with transaction():
        mails = _ids(OutgoingMail, mails_of_the_demo())
        files = _files()
        campaigns = list(Campaign.select().where(Campaign.is_demo == True))  # noqa: E712
        targets = _ids(Target, Target.id.in_(_targets()))
        organizations = {target.organization_id for target in Target.select().where(Target.id.in_(targets))}
        places = [campaign.place_id for campaign in campaigns]
        for campaign in campaigns:
            search.remove_campaign(campaign)
        # In the order in which rows hold on to each other.
        responses = Response.select(Response.id).where(Response.campaign.in_(_campaigns()))
        Answer.delete().where(Answer.response.in_(responses)).execute()
        Commitment.delete().where(Commitment.campaign.in_(_campaigns())).execute()
        for model in (Response, Delivery):
            model.delete().where(model.campaign.in_(_campaigns())).execute()
        for part in (Signature, ReplyAddress, LetterVersion, Block):
            part.delete().where(part.letter.in_(_letters())).execute()
        Letter.delete().where(Letter.campaign.in_(_campaigns())).execute()
        Campaign.delete().where(Campaign.is_demo == True).execute()  # noqa: E712
        _delete(Place, places)
        _delete(Target, targets)
        still_written_to = Target.select(Target.organization)
        Organization.delete().where(
            Organization.id.in_(organizations), Organization.id.not_in(still_written_to)
        ).execute()
        _delete(OutgoingMail, mails)
        _delete(StoredFile, files)
        emails = Person.select(Person.email).where(Person.is_demo == True)  # noqa: E712
        SignInLink.delete().where(SignInLink.email.in_(emails)).execute()
        Person.delete().where(Person.is_demo == True).execute()  # noqa: E712


def _targets() -> list[int]:
    of_campaigns = Campaign.select(Campaign.target).where(Campaign.is_demo == True)  # noqa: E712
    of_letters = Letter.select(Letter.target).where(Letter.campaign.in_(_campaigns()))
    return [row[0] for row in (of_campaigns | of_letters).tuples() if row[0] is not None]


def _files() -> list[int]:
    """Their rows. The bytes on the disk stay for whoever else has the same."""
    found: set[int] = set()
    for delivery in Delivery.select().where(Delivery.campaign.in_(_campaigns())):
        found |= {delivery.paper_id, delivery.proof_id} - {None}
    for response in Response.select().where(Response.campaign.in_(_campaigns()), Response.file.is_null(False)):
        found.add(response.file_id)
    of_responses = ResponseFile.select(ResponseFile.file).join(Response).where(Response.campaign.in_(_campaigns()))
    mails = InboundMail.select(InboundMail.id, InboundMail.file).where(InboundMail.campaign.in_(_campaigns()))
    with_mails = InboundFile.select(InboundFile.file).where(InboundFile.mail.in_([mail.id for mail in mails]))
    photos = (
        CommitmentCheck.select(CommitmentCheck.photo)
        .join(Commitment)
        .where(Commitment.campaign.in_(_campaigns()), CommitmentCheck.photo.is_null(False))
    )
    made = CaseFile.select(CaseFile.archive).where(CaseFile.campaign.in_(_campaigns()), CaseFile.archive.is_null(False))
    papers = CaseFile.select(CaseFile.paper).where(CaseFile.campaign.in_(_campaigns()), CaseFile.paper.is_null(False))
    for rows in (of_responses, with_mails, photos, made, papers):
        found |= {file_id for (file_id,) in rows.tuples()}
    return sorted(found | {mail.file_id for mail in mails})


def _ids(model: type[Model], condition: Any) -> list[int]:
    return [row.id for row in model.select(model.id).where(condition)]


def _delete(model: type[Model], ids: Iterable[int]) -> None:
    listed = list(ids)
    for start in range(0, len(listed), 500):
        model.delete().where(model.id.in_(listed[start : start + 500])).execute()
