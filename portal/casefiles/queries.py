"""Reads of case files, and what a private one would hold."""

from typing import Any, NotRequired, TypedDict

import peewee

from portal.campaigns.models import Campaign
from portal.casefiles.models import CaseFile
from portal.evidence.models import EvidenceItem
from portal.letters.copies.models import Complainant
from portal.letters.models import Delivery, Letter
from portal.people.models import Person
from portal.responses.models import Answer, Commitment, CommitmentCheck, Response, ResponseFile
from portal.storage import StoredFile

PAGE = 20


class Inside(TypedDict):
    """How much private there would be in it, by kind."""

    complainants: NotRequired[int]
    answers: NotRequired[int]
    files: NotRequired[int]
    readings: NotRequired[int]
    mails: NotRequired[int]
    proofs: NotRequired[int]
    pasted: NotRequired[int]
    evidence: NotRequired[int]
    notes: NotRequired[int]


def inside_of(case: CaseFile) -> Inside:
    """What a private case file would hold that a public one does not. `case` may be one not stored. One statement."""
    ids = case.letter_ids
    count = peewee.fn.COUNT
    deliveries = Delivery.select(count(Delivery.id)).where(
        Delivery.letter.in_(ids), *_between(case, Delivery.happened_on)
    )
    answers = Response.select(count(Response.id)).where(Response.letter.in_(ids), *_between(case, Response.received_on))
    in_answers = (Response.letter.in_(ids), *_between(case, Response.received_on))
    asked: dict[str, Any] = {
        "complainants": Complainant.select(count(Complainant.id)).where(
            Complainant.letter.in_(ids), Complainant.withdrawn_at.is_null()
        ),
        "answers": answers.where(Response.published_at.is_null()),
        "files": ResponseFile.select(count(ResponseFile.id)).join(Response).where(*in_answers),
        "readings": Answer.select(count(Answer.id)).join(Response).where(*in_answers),
        "mails": deliveries.where(Delivery.mail.is_null(False)),
        "proofs": deliveries.where(Delivery.proof.is_null(False)),
        "pasted": deliveries.where(Delivery.pasted != ""),
        "evidence": EvidenceItem.select(count(EvidenceItem.id)).where(
            EvidenceItem.campaign == case.campaign_id, EvidenceItem.withdrawn_at.is_null()
        ),
        "notes": CommitmentCheck.select(count(CommitmentCheck.id))
        .join(Commitment)
        .where(Commitment.campaign == case.campaign_id, CommitmentCheck.note != ""),
    }
    columns = [query.alias(name) for name, query in asked.items()]
    row: Any = Campaign.select(*columns).where(Campaign.id == case.campaign_id).dicts().get()
    return Inside(**{name: int(row[name]) for name in asked})  # type: ignore[typeddict-item]


def _between(case: CaseFile, day: Any) -> list[Any]:
    bounds = [day >= case.from_on] if case.from_on else []
    return bounds + ([day <= case.until_on] if case.until_on else [])


def case_files_of(campaign: Campaign, *, before: int | None = None) -> list[CaseFile]:
    """A page of case files and one more, newest first, each with who asked, who agreed and its two files.

    One statement.
    """
    rows = _whole().where(CaseFile.campaign == campaign.id)
    if before is not None:
        rows = rows.where(CaseFile.id < before)
    return list(rows.order_by(CaseFile.id.desc()).limit(PAGE + 1))


def case_file_of(campaign: Campaign, case_id: int) -> CaseFile | None:
    """One case file with who asked, who agreed and its two files, or None. One statement."""
    return _whole().where(CaseFile.campaign == campaign.id, CaseFile.id == case_id).first()


def _whole() -> Any:
    second, paper = Person.alias(), StoredFile.alias()
    left = peewee.JOIN.LEFT_OUTER
    return (
        CaseFile.select(CaseFile, Person, second, StoredFile, paper)
        .join_from(CaseFile, Person, left, on=(CaseFile.asked_by == Person.id))
        .join_from(CaseFile, second, left, on=(CaseFile.agreed_by == second.id), attr="agreed_by")
        .join_from(CaseFile, StoredFile, left, on=(CaseFile.archive == StoredFile.id), attr="archive")
        .join_from(CaseFile, paper, left, on=(CaseFile.paper == paper.id), attr="paper")
    )


def titles_of(campaign: Campaign) -> list[tuple[int, str]]:
    """The letters that can be in a case file, newest first: id and title. One statement."""
    rows: Any = (
        Letter.select(Letter.id, Letter.title)
        .where(Letter.campaign == campaign.id, Letter.frozen_at.is_null(False))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    return list(rows.tuples())
