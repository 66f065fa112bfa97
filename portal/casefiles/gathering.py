"""Everything that a case file is made of, read for the job that makes it. telling.py says what may be told of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import peewee

from portal import clock
from portal.campaigns.models import Activity, Campaign
from portal.casefiles.models import CaseFile
from portal.evidence.models import EvidenceItem
from portal.letters.copies import complainants
from portal.letters.copies.models import Complainant
from portal.letters.deliveries.models import DeliveryChange
from portal.letters.models import Delivery, Letter, LetterVersion
from portal.outbox import OutgoingMail
from portal.people.models import Person
from portal.places.models import Place
from portal.responses import queries
from portal.responses.deadlines import cards
from portal.responses.deadlines.cards import Card
from portal.responses.deadlines.queries import deadlines_of
from portal.responses.models import Commitment, CommitmentCheck, Response, ResponseFile
from portal.storage import StoredFile
from portal.targets.models import Organization, Target


@dataclass
class OfLetter:
    """One letter with all that belongs to it, each list oldest first."""

    letter: Letter
    versions: list[LetterVersion] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    deadlines: list[Card] = field(default_factory=list)
    named: list[Complainant] = field(default_factory=list)


@dataclass
class Gathered:
    """What the database knows about the letters of a case file, names and all."""

    campaign: Campaign
    is_private: bool
    letters: list[OfLetter]
    changes: dict[int, list[DeliveryChange]]
    files: dict[int, list[ResponseFile]]
    sheets: dict[int, queries.Sheet]
    promises: list[Commitment]
    checks: dict[int, list[CommitmentCheck]]
    evidence: list[EvidenceItem]
    timeline: list[Activity]


def gather(case: CaseFile) -> Gathered:
    """Read all of it. Statements grow with the number of letters and answers: for a job, not for a page."""
    campaign = _campaign(case)
    letters = [OfLetter(letter) for letter in letters_of(campaign, case.letter_ids)]
    by_id = {one.letter.id: one for one in letters}
    ids = list(by_id)
    for one in letters:
        one.letter.campaign = campaign
        one.deadlines = [cards.card_of(deadline, clock.now()) for deadline in deadlines_of(one.letter)]
        one.named = complainants.named(one.letter) if case.is_private else []
    for version in LetterVersion.select().where(LetterVersion.letter.in_(ids)).order_by(LetterVersion.number):
        by_id[version.letter_id].versions.append(version)
    for delivery in _deliveries(case, ids):
        by_id[delivery.letter_id].deliveries.append(delivery)
    found = queries.responses_of(campaign).where(Response.letter.in_(ids), *_between(case, Response.received_on))
    responses = list(found.order_by(Response.received_on, Response.id))
    for response in responses:
        response.campaign = campaign
        by_id[response.letter_id].responses.append(response)
    promises = _promises(case, campaign, [response.id for response in responses])
    return Gathered(
        campaign=campaign,
        is_private=case.is_private,
        letters=letters,
        changes=_grouped(
            DeliveryChange.select(DeliveryChange, Person)
            .join(Person, peewee.JOIN.LEFT_OUTER, on=(DeliveryChange.by == Person.id), attr="by")
            .where(DeliveryChange.delivery.in_([row.id for one in letters for row in one.deliveries]))
            .order_by(DeliveryChange.id),
            "delivery_id",
        ),
        files=_grouped(
            ResponseFile.select(ResponseFile, StoredFile)
            .join(StoredFile)
            .where(ResponseFile.response.in_([response.id for response in responses]))
            .order_by(ResponseFile.id),
            "response_id",
        ),
        sheets={response.id: queries.sheet_of(response) for response in responses} if case.is_private else {},
        promises=promises,
        checks=_grouped(
            CommitmentCheck.select()
            .where(CommitmentCheck.commitment.in_([promise.id for promise in promises]))
            .order_by(CommitmentCheck.at, CommitmentCheck.id),
            "commitment_id",
        ),
        evidence=list(
            EvidenceItem.select()
            .where(EvidenceItem.campaign == campaign.id, EvidenceItem.withdrawn_at.is_null())
            .order_by(EvidenceItem.id)
        )
        if case.is_private
        else [],
        timeline=list(
            Activity.select(Activity, Person)
            .join(Person, peewee.JOIN.LEFT_OUTER, on=(Activity.by == Person.id), attr="by")
            .where(Activity.campaign == campaign.id, *_between(case, Activity.happened_on))
            .order_by(Activity.happened_on, Activity.id)
        ),
    )


def letters_of(campaign: Campaign, ids: list[int]) -> list[Letter]:
    """These letters of the campaign that have a frozen text, oldest first. One statement."""
    return list(
        Letter.select(Letter, Target, Organization)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.campaign == campaign.id, Letter.id.in_(ids), Letter.frozen_at.is_null(False))
        .order_by(Letter.created_at, Letter.id)
    )


def _campaign(case: CaseFile) -> Campaign:
    return (
        Campaign.select(Campaign, Place, Target, Organization)
        .join_from(Campaign, Place)
        .join_from(Campaign, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Campaign.id == case.campaign_id)
        .get()
    )


def _between(case: CaseFile, day: Any) -> list[Any]:
    bounds = [day >= case.from_on] if case.from_on else []
    return bounds + ([day <= case.until_on] if case.until_on else [])


def _deliveries(case: CaseFile, ids: list[int]) -> list[Delivery]:
    """With the mail's headers; a mail's source is as large as the letter, and is read when it is packed."""
    proof, paper = StoredFile.alias(), StoredFile.alias()
    left = peewee.JOIN.LEFT_OUTER
    columns = [column for name, column in OutgoingMail._meta.fields.items() if name != "source"]
    return list(
        Delivery.select(Delivery, LetterVersion, *columns, proof, paper)
        .join_from(Delivery, LetterVersion)
        .join_from(Delivery, OutgoingMail, left)
        .join_from(Delivery, proof, left, on=(Delivery.proof == proof.id), attr="proof")
        .join_from(Delivery, paper, left, on=(Delivery.paper == paper.id), attr="paper")
        .where(Delivery.letter.in_(ids), *_between(case, Delivery.happened_on))
        .order_by(Delivery.happened_on, Delivery.id)
    )


def _promises(case: CaseFile, campaign: Campaign, responses: list[int]) -> list[Commitment]:
    """Those found in these answers, and those that were made without one."""
    return list(
        Commitment.select()
        .where(
            Commitment.campaign == campaign.id,
            Commitment.response.in_(responses) | Commitment.response.is_null(),
            *_between(case, Commitment.made_on),
        )
        .order_by(Commitment.made_on, Commitment.id)
    )


def _grouped(rows: Any, by: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return groups
