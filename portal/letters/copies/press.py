"""PDFs that take a while: a row says what is wanted, the job worker makes it, and the same paper is made once.

A worker that dies leaves a row whose lease runs out; the sweep finds it and the paper is made again.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

import peewee
from flask_babel import gettext as _

from portal import clock, jobs, storage
from portal.campaigns.models import Campaign
from portal.database import transaction
from portal.errors import RuleBroken
from portal.letters import sending, sheet
from portal.letters.copies.models import PAPERS, PaperJob
from portal.letters.models import Letter, LetterVersion
from portal.outbox import crash_point
from portal.paper import PaperError, typeset
from portal.people.models import Person
from portal.places.models import Place
from portal.storage import StoredFile
from portal.targets.models import Organization, Target

# From so many signatures on a PDF is made by the worker. Two thousand names take it a second or two.
MANY = 300
LEASE_SECONDS = 120
KEPT_HOURS = 48
# Names gathered, pages set, file stored.
STEPS = 3


def takes_long(letter: Letter) -> bool:
    """Whether the letter's PDF is made by the worker rather than while somebody waits."""
    return letter.is_frozen and letter.signature_count >= MANY


def order_paper(letter: Letter, version: LetterVersion, kind: str, *, by: Person) -> PaperJob:
    """Have a paper made, or return the one that is made of exactly the same. A failed one is tried again.

    Raises ValueError for an unknown kind.
    """
    if kind not in PAPERS:
        raise ValueError(kind)
    made_of = _fingerprint(paper_data(letter, version, kind))
    with transaction():
        PaperJob.insert(
            letter=letter.id,
            version=version.id,
            kind=kind,
            made_of=made_of,
            total=STEPS,
            asked_by=by.id,
            asked_at=clock.now(),
        ).on_conflict_ignore().execute()
        same = (PaperJob.letter == letter.id) & (PaperJob.kind == kind) & (PaperJob.made_of == made_of)
        PaperJob.update(state="waiting", done=0, problem="", asked_at=clock.now()).where(
            same, PaperJob.state == "failed"
        ).execute()
        make_papers.soon()
        return PaperJob.get(same)


def paper_data(letter: Letter, version: LetterVersion, kind: str) -> dict[str, Any]:
    """What a paper is made of. Only the addressee's copy holds the names and the annex meant for them."""
    if kind == "addressee":
        return sending.data_for_target(letter, version)
    signed = sheet.signatories_of(letter, version)
    return sheet.letter_data(letter, version, signatories=signed, large_print=kind == "large")


def newest_job(letter: Letter, version: LetterVersion, kind: str) -> PaperJob | None:
    """The paper asked for last, with its file, or None. One statement."""
    return (
        PaperJob.select(PaperJob, StoredFile)
        .join_from(PaperJob, StoredFile, peewee.JOIN.LEFT_OUTER)
        .where(PaperJob.letter == letter.id, PaperJob.version == version.id, PaperJob.kind == kind)
        .order_by(PaperJob.asked_at.desc(), PaperJob.id.desc())
        .first()
    )


def make_due() -> int:
    """Make every paper that waits or was left by a dead worker. Returns how many. Safe to run anywhere, twice."""
    made = 0
    while (job := _lease_next()) is not None:
        crash_point("paper-leased")
        _make(job)
        made += 1
    return made


@jobs.job()
def make_papers() -> None:
    """Make what is due."""
    make_due()


@jobs.sweep
def sweep_papers() -> None:
    """Find what a lost wake-up or a crash left. Mostly one short question."""
    if PaperJob.select().where(_is_due()).exists():
        make_due()


@jobs.hourly
def forget_old_papers() -> int:
    """Delete papers older than KEPT_HOURS with their files: they hold names. Returns how many. Sent ones are kept."""
    old = PaperJob.select().where(PaperJob.asked_at < clock.now() - timedelta(hours=KEPT_HOURS))
    rows = list(old)
    for job in rows:
        stored = StoredFile.get_or_none(StoredFile.id == job.file_id) if job.file_id else None
        with transaction():
            PaperJob.delete().where(PaperJob.id == job.id).execute()
        if stored is not None:
            storage.forget(stored)
    return len(rows)


def _is_due() -> Any:
    is_left = (PaperJob.state == "working") & (PaperJob.lease_until < clock.now())
    return (PaperJob.state == "waiting") | is_left


def _lease_next() -> PaperJob | None:
    with transaction():
        job = PaperJob.select().where(_is_due()).order_by(PaperJob.id).first()
        if job is None:
            return None
        job.lease_until = clock.now() + timedelta(seconds=LEASE_SECONDS)
        taken = (
            PaperJob.update(state="working", done=0, lease_until=job.lease_until)
            .where(PaperJob.id == job.id, _is_due())
            .execute()
        )
    return job if taken else _lease_next()


def _make(job: PaperJob) -> None:
    letter = _letter_of(job)
    version = LetterVersion.get_by_id(job.version_id)
    try:
        data = paper_data(letter, version, job.kind)
        _step(job, 1)
        pdf = typeset("letter", data, title=sheet.frozen_content(version)["title"] or letter.title)
        _step(job, 2)
        name = f"letter-{version.fingerprint.replace(' ', '')}-{job.kind}.pdf"
        file = storage.keep_bytes(pdf, name=name)
    except (PaperError, RuleBroken) as error:
        _step(job, 0, state="failed", problem=str(error), finished_at=clock.now())
        return
    _step(job, STEPS, state="done", file=file.id, finished_at=clock.now())


def _step(job: PaperJob, done: int, **given: Any) -> None:
    """Note how far it came, unless the lease ran out and somebody else has it."""
    PaperJob.update(done=done, **given).where(
        PaperJob.id == job.id, PaperJob.state == "working", PaperJob.lease_until == job.lease_until
    ).execute()


def _letter_of(job: PaperJob) -> Letter:
    return (
        Letter.select(Letter, Campaign, Place, Target, Organization)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.id == job.letter_id)
        .get()
    )


def _fingerprint(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


def problem_in_words(job: PaperJob) -> str:
    """Why a paper could not be made."""
    return _("This letter cannot be put on paper: %(reason)s", reason=job.problem)
