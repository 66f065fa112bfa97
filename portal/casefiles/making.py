"""Making a case file: the job worker gathers, prints, packs and stores; a dead worker's work is taken up again."""

import hashlib
import json
import logging
import tempfile
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from portal import clock, jobs, storage
from portal.casefiles import entries as lying
from portal.casefiles.archive import MOST_BYTES, choose, pack
from portal.casefiles.gathering import Gathered, gather
from portal.casefiles.index_pages import Cover, as_page, as_text, left_out_in_words
from portal.casefiles.models import CaseFile
from portal.casefiles.telling import Section, moment_in_words, told
from portal.database import transaction
from portal.letters import sheet
from portal.outbox import crash_point
from portal.paper import PaperError, typeset
from portal.people.models import Person
from portal.storage import StoredFile

log = logging.getLogger("portal.casefiles")
LEASE_SECONDS = 600
KEPT_DAYS = 30
# Gathered, printed; then every file of the archive; then stored.
STEPS = 3
# Texts longer than this are cut on paper, and whole in the archive. The second try is for very much of it.
LONGEST_ON_PAPER = (6000, 600)
# Room for what is not an attachment: texts, tables, papers.
MOST_STORED = MOST_BYTES + 100 * 1024 * 1024


def make_due() -> int:
    """Make every case file that waits or was left by a dead worker. Returns how many. Safe to run anywhere, twice."""
    made = 0
    while (case := _lease_next()) is not None:
        crash_point("casefile-leased")
        try:
            _make(case)
        except Exception:
            log.exception("case file %s could not be made", case.id)
            _step(case, 0, state="failed", problem=_("Something went wrong in making it. Ask for it once more"))
        made += 1
    return made


@jobs.job()
def make_case_files() -> None:
    """Make what is due."""
    make_due()


@jobs.sweep
def sweep_case_files() -> None:
    """Find what a lost wake-up or a crash left. Mostly one short question."""
    if CaseFile.select().where(_is_due()).exists():
        make_due()


@jobs.hourly
def forget_old_case_files() -> int:
    """Delete the files of case files older than KEPT_DAYS; that they were made stays on record. Returns how many."""
    old = list(
        CaseFile.select().where(
            CaseFile.state.in_(("done", "failed")), CaseFile.asked_at < clock.now() - timedelta(days=KEPT_DAYS)
        )
    )
    for case in old:
        files = list(StoredFile.select().where(StoredFile.id.in_([case.archive_id, case.paper_id])))
        with transaction():
            CaseFile.update(state="swept", archive=None, paper=None).where(CaseFile.id == case.id).execute()
        for file in files:
            storage.forget(file)
    return len(old)


def _is_due() -> Any:
    is_left = (CaseFile.state == "working") & (CaseFile.lease_until < clock.now())
    return (CaseFile.state == "waiting") | is_left


def _lease_next() -> CaseFile | None:
    with transaction():
        case = CaseFile.select().where(_is_due()).order_by(CaseFile.id).first()
        if case is None:
            return None
        case.lease_until = clock.now() + timedelta(seconds=LEASE_SECONDS)
        taken = (
            CaseFile.update(state="working", done=0, lease_until=case.lease_until)
            .where(CaseFile.id == case.id, _is_due())
            .execute()
        )
    return case if taken else _lease_next()


def _step(case: CaseFile, done: int, **given: Any) -> bool:
    """Note how far it came and hold the lease on. False when the lease ran out and somebody else has it."""
    until = clock.now() + timedelta(seconds=LEASE_SECONDS)
    held = (CaseFile.state == "working") & (CaseFile.lease_until == case.lease_until)
    is_ours = CaseFile.update(done=done, lease_until=until, **given).where(CaseFile.id == case.id, held).execute() == 1
    case.lease_until = until
    return is_ours


def _make(case: CaseFile) -> None:
    gathered = gather(case)
    sections = told(gathered)
    cover = cover_of(case, gathered, sections)
    own_files = list(lying.files_of(gathered, _public_papers(gathered)))
    _step(case, 1, total=STEPS + len(own_files))
    fitting, left_out = choose(own_files)
    paper, problem = _print(cover, sections, left_out_in_words(left_out))
    _step(case, 2)
    name = _name_of(case, gathered)
    first = [
        lying.of_bytes("index.html", "all of it, as a page", as_page(cover, sections, left_out)),
        lying.of_bytes("index.txt", "all of it, as text", as_text(cover, sections, left_out)),
        *([lying.of_bytes("case-file.pdf", "all of it, to print", paper)] if paper else []),
        *lying.tables_of(sections),
    ]
    about = {
        "what": "doorstep case file 1",
        "title": cover.title,
        "is_private": case.is_private,
        "fingerprint": cover.fingerprint,
        **{str(what): value for what, value in cover.facts},
    }

    def packed_one(done: int) -> None:
        if done % 10 == 0:
            _step(case, min(2 + done, 2 + len(own_files)))

    with tempfile.TemporaryFile(dir=_scratch()) as out:
        packed = pack(out, [*first, *fitting], left_out, about=about, packed_one=packed_one)
        out.seek(0)
        archive = storage.keep(out, name=f"{name}.zip", most=MOST_STORED)
    kept_paper = storage.keep_bytes(paper, name=f"{name}.pdf") if paper else None
    is_ours = _step(
        case,
        STEPS + len(own_files),
        state="done",
        problem=problem,
        archive=archive.id,
        paper=kept_paper.id if kept_paper else None,
        made_at=clock.now(),
        contents=json.dumps(_contents(gathered, sections, cover, packed.entries, packed.left_out), ensure_ascii=False),
    )
    if not is_ours:
        # Somebody else took it up meanwhile: theirs is the one that counts.
        for file in (archive, kept_paper):
            if file is not None:
                storage.forget(file)


def cover_of(case: CaseFile, gathered: Gathered, sections: list[Section]) -> Cover:
    """The first page. A public one names nobody."""
    campaign = gathered.campaign
    person = Person.get_or_none(Person.id == case.asked_by_id) if case.is_private else None
    second = Person.get_or_none(Person.id == case.agreed_by_id) if case.is_private else None
    by = _("a lead of the campaign")
    if person is not None:
        by = _(
            "%(name)s, and %(second)s agreed", name=person.display_name, second=second.display_name if second else "–"
        )
    bounds = [sheet.day_in_words(day) if day else "…" for day in (case.from_on, case.until_on)]
    facts = [
        (_("What it is"), _("A case file: letters, how they reached them, what came back, clocks, promises")),
        (_("Campaign"), campaign.title),
        (_("Place"), campaign.place.full_name),
        (_("Whom it is about"), campaign.target.organization.name if campaign.target else "–"),
        (_("What is wrong"), campaign.problem or "–"),
        (_("Days it covers"), " – ".join(bounds) if case.from_on or case.until_on else _("all")),
        (_("Made"), moment_in_words(clock.now())),
        (_("By"), by),
        (_("What it holds"), _("with private details") if case.is_private else _("without private details")),
    ]
    content = [[part.key, part.title, [[i.title, i.facts, i.texts] for i in part.items]] for part in sections]
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    fingerprint = hashlib.sha256(data).hexdigest()
    return Cover(campaign.title, [*facts, (_("Fingerprint of the content"), fingerprint)], case.is_private, fingerprint)


def _public_papers(gathered: Gathered) -> dict[int, bytes]:
    """Each letter as anybody may print it: with the names that chose to be shown."""
    papers = {}
    for one in gathered.letters:
        if not one.versions:
            continue
        version = one.versions[-1]
        data = sheet.letter_data(one.letter, version, signatories=sheet.signatories_of(one.letter, version))
        try:
            papers[one.letter.id] = typeset("letter", data, title=sheet.frozen_content(version)["title"])
        except PaperError as error:
            log.warning("letter %s could not be printed for a case file: %s", one.letter.id, error)
    return papers


def paper_data(cover: Cover, sections: list[Section], *, note: str, longest: int) -> dict[str, Any]:
    """The case file for `typeset("casefile", …)`; texts longer than `longest` characters are cut, and say so."""

    def cut(text: str) -> str:
        return text if len(text) <= longest else text[:longest] + " […] " + _("Cut here. All of it is in the archive.")

    return {
        "lang": "en",
        "dir": "ltr",
        "cover": [{"what": what, "value": cut(value)} for what, value in cover.facts],
        "parts": [
            {
                "title": section.title,
                "note": section.note,
                "entries": [
                    {
                        "title": cut(item.title),
                        "facts": [{"what": cut(what), "value": cut(value)} for what, value in item.facts],
                        "texts": [{"what": what, "text": cut(text)} for what, text in item.texts],
                    }
                    for item in section.items
                ],
            }
            for section in sections
        ],
        "fingerprint": cover.fingerprint,
        "mark": cover.mark,
        "note": note,
    }


def _print(cover: Cover, sections: list[Section], note: str) -> tuple[bytes | None, str]:
    """The paper, or why there is none."""
    problem = ""
    for longest in LONGEST_ON_PAPER:
        try:
            data = paper_data(cover, sections, note=note, longest=longest)
            return typeset("casefile", data, title=cover.title), ""
        except PaperError as error:
            problem = str(error)
    return None, _("It could not be put on paper: %(reason)s. The archive holds everything", reason=problem)


def _contents(
    gathered: Gathered, sections: list[Section], cover: Cover, packed: list[Any], left_out: list[Any]
) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for section in sections:
        kind = section.key.partition("-")[0]
        counts[kind] = counts.get(kind, 0) + len(section.items)
    return {
        "letters": [one.letter.title for one in gathered.letters],
        "counts": counts,
        "entries": len(packed) + 1,
        "left_out": left_out,
        "fingerprint": cover.fingerprint,
    }


def _name_of(case: CaseFile, gathered: Gathered) -> str:
    kind = "private" if case.is_private else "public"
    return f"case-file-{kind}-{lying.safe_name(gathered.campaign.title)[:30].lower()}-{clock.today().isoformat()}"


def _scratch() -> Any:
    folder = storage.folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
