"""Reads for the pages of mail that came in."""

from dataclasses import dataclass
from typing import Any

import peewee

from portal.campaigns.models import Campaign
from portal.inbound.models import BelievedDomain, Bounce, InboundMail
from portal.letters.models import Delivery, Letter, ReplyAddress
from portal.outbox import OutgoingMail
from portal.people.models import Person
from portal.responses.models import Response
from portal.storage import StoredFile
from portal.targets.models import Organization, Target

PAGE = 20
MOST_WAITING = 50
_UNDECIDED = InboundMail.sort.in_(("unverified",)) & InboundMail.handled_at.is_null() & InboundMail.response.is_null()


# A page that lists fifty mails does not read fifty texts.
_WITHOUT_TEXT = [field for field in InboundMail._meta.sorted_fields if field.name != "text"]
_OF_ANSWER = (Response.id, Response.kind, Response.read_at, Response.read_by)


def mails_of(campaign: Campaign, *, with_text: bool = True) -> Any:
    """The messages to letters of a campaign, each with its letter, its answer and who decided. One statement.

    Of the answer only what tells whether it was read is there.
    """
    columns = [InboundMail] if with_text else _WITHOUT_TEXT
    return (
        InboundMail.select(*columns, Letter, *_OF_ANSWER, Person, StoredFile)
        .join_from(InboundMail, Letter)
        .join_from(InboundMail, StoredFile)
        .join_from(InboundMail, Response, peewee.JOIN.LEFT_OUTER)
        .join_from(InboundMail, Person, peewee.JOIN.LEFT_OUTER, on=(InboundMail.handled_by == Person.id))
        .where(InboundMail.campaign == campaign.id, InboundMail.state != "waiting")
    )


@dataclass(frozen=True)
class Tray:
    """What waits for a lead's word, and a page of the rest, newest first; the key of the next older page."""

    waiting: list[InboundMail]
    others: list[InboundMail]
    older: int | None


def tray_of(campaign: Campaign, *, letter_id: int | None, before: int | None) -> Tray:
    """The mail of a campaign, or of one letter. Two statements."""
    everything = mails_of(campaign, with_text=False)
    if letter_id is not None:
        everything = everything.where(InboundMail.letter == letter_id)
    waiting = [] if before else list(everything.where(_UNDECIDED).order_by(InboundMail.id).limit(MOST_WAITING))
    others = everything.where(~_UNDECIDED).order_by(InboundMail.id.desc())
    if before:
        others = others.where(InboundMail.id < before)
    found = list(others.limit(PAGE + 1))
    return Tray(waiting, found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def held_mails(*, before: int | None) -> tuple[list[InboundMail], int | None]:
    """A page of the holding pen, newest first, and the key of the next older one. One statement."""
    rows = InboundMail.select(InboundMail, StoredFile).join(StoredFile).where(InboundMail.sort == "held")
    rows = rows.where(InboundMail.letter.is_null())
    if before:
        rows = rows.where(InboundMail.id < before)
    found = list(rows.order_by(InboundMail.id.desc()).limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def letter_with_addresses(campaign: Campaign, letter_id: int) -> tuple[Letter, list[ReplyAddress]] | None:
    """A letter with whom it is for, and its reply addresses, the newest first. One statement."""
    found = list(
        letter_with_target(campaign)
        .select_extend(ReplyAddress)
        .join_from(
            Letter, ReplyAddress, peewee.JOIN.LEFT_OUTER, on=(ReplyAddress.letter == Letter.id), attr="answers_to"
        )
        .where(Letter.id == letter_id)
        .order_by(ReplyAddress.id.desc())
        .limit(20)
    )
    if not found:
        return None
    return found[0], [one.answers_to for one in found if one.answers_to is not None]


def believed_domains(letter: Letter) -> list[BelievedDomain]:
    """Whom leads believe beside the address that the letter went to, with who added it. One statement."""
    if letter.target is None:
        return []
    return list(
        BelievedDomain.select(BelievedDomain, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(BelievedDomain.added_by == Person.id))
        .where(
            BelievedDomain.campaign == letter.campaign_id,
            BelievedDomain.organization == letter.target.organization_id,
            BelievedDomain.removed_at.is_null(),
        )
        .order_by(BelievedDomain.id)
        .limit(50)
    )


def bounces_of(letter: Letter) -> list[Bounce]:
    """What mail systems reported of this letter's deliveries, newest first, with delivery and mail. One statement."""
    return list(
        Bounce.select(Bounce, Delivery, OutgoingMail, Person)
        .join_from(Bounce, Delivery)
        .join_from(Delivery, OutgoingMail, peewee.JOIN.LEFT_OUTER)
        .join_from(Bounce, Person, peewee.JOIN.LEFT_OUTER, on=(Bounce.settled_by == Person.id))
        .where(Delivery.letter == letter.id)
        .order_by(Bounce.id.desc())
        .limit(20)
    )


def letter_with_target(campaign: Campaign) -> Any:
    """The letters of a campaign with whom they are for. One statement."""
    return (
        Letter.select(Letter, Target, Organization)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.campaign == campaign.id)
    )
