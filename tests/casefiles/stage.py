"""A campaign with secrets in every corner, for tests of what a case file tells."""

import io
import zipfile
from datetime import date
from typing import Any

from portal import clock, storage
from portal.campaigns.activity import record
from portal.casefiles.making import make_due
from portal.casefiles.models import CaseFile
from portal.casefiles.operations import order
from portal.letters.copies.models import Complainant
from portal.letters.deliveries.models import DeliveryChange
from portal.letters.models import Delivery, Letter
from portal.outbox import OutgoingMail
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.models import CommitmentCheck, ResponseFile
from portal.responses.operations import publish_response
from tests import builders
from tests.cast import Cast
from tests.responses.stage import read

# Each is planted where only a private case file may tell it.
SECRETS = (
    "SECRET-COMPLAINANT",
    "SECRET-HOME-4C",
    "SECRET-COMPLAINT",
    "SECRET-MAIL-BODY",
    "SECRET-PAPER",
    "SECRET-PROOF",
    "secret-proof-name",
    "SECRET-DESK-CLERK",
    "SECRET-NOTE",
    "SECRET-PASTED",
    "SECRET-RETURN-REASON",
    "SECRET-UNPUBLISHED-ANSWER",
    "SECRET-FROM-NAME",
    "SECRET-PUBLISHED-ORIGINAL",
    "SECRET-EXCERPT",
    "SECRET-ANSWER-FILE",
    "SECRET-PRIVATE-PROMISE",
    "SECRET-CHECK-NOTE",
    "SECRET-EVIDENCE",
    "SECRET-COUNTED-BY",
    "SECRET-PRIVATE-EVENT",
    "SECRET-PUBLIC-EVENT-NAME",
)
NAMES = ("Amina", "Ben Okafor", "Cerys")


def secretive(cast: Cast) -> Letter:
    """A sent letter with deliveries, answers, promises, evidence and events, a secret in each."""
    campaign = builders.build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public")
    letter = builders.build_letter(campaign, sent_on=date(2026, 11, 1))
    version = letter.versions.get()
    mail = OutgoingMail.create(
        kind="letter",
        to="complaints@meridale.example",
        subject="An open letter",
        source=b"From: x\r\nTo: y\r\n\r\nSECRET-MAIL-BODY",
        message_id="<one@example.org>",
        dedupe_key="one",
        is_letter=True,
        state="sent",
    )
    whole = {"campaign": campaign, "letter": letter, "version": version}
    paper = storage.keep_bytes(b"%PDF-1.7 SECRET-PAPER", name="letter.pdf")
    proof = storage.keep_bytes(b"\xff\xd8\xff SECRET-PROOF", name="../../secret-proof-name.jpg")
    Delivery.create(**whole, channel="email", mail=mail, to_address=mail.to, happened_on=date(2026, 11, 1), paper=paper)
    handed = Delivery.create(
        **whole,
        channel="hand",
        to_name="SECRET-DESK-CLERK",
        happened_on=date(2026, 11, 2),
        note="SECRET-NOTE",
        pasted="SECRET-PASTED",
        proof=proof,
    )
    DeliveryChange.create(
        delivery=handed, what="stands_again", on=date(2026, 11, 3), why="SECRET-RETURN-REASON", by=cast.amina
    )
    Complainant.create(
        letter=letter,
        person=cast.cerys,
        name="SECRET-COMPLAINANT",
        home_words="SECRET-HOME-4C",
        complaints="SECRET-COMPLAINT",
    )
    _answers(letter, cast)
    builders.build_item(campaign, "SECRET-EVIDENCE", source="SECRET-COUNTED-BY")
    record(campaign, "letter_started", by=cast.amina, title="SECRET-PRIVATE-EVENT")
    record(campaign, "letter_sent", by=cast.amina, is_public=True, title="Told to all", to="SECRET-PUBLIC-EVENT-NAME")
    keep_deadlines(letter)
    return letter


def _answers(letter: Letter, cast: Cast) -> None:
    told = builders.build_response(letter, text="SECRET-PUBLISHED-ORIGINAL", from_name="SECRET-FROM-NAME")
    read(told, cast.amina, "yes", "no", "unclear", excerpt="SECRET-EXCERPT")
    told = type(told).get_by_id(told.id)
    publish_response(told, by=cast.amina, public_words="They will survey the homes")
    kept = builders.build_response(letter, text="SECRET-UNPUBLISHED-ANSWER", channel="letter")
    file = storage.keep_bytes(b"SECRET-ANSWER-FILE", name="=cmd|' /C calc'!A0.txt")
    ResponseFile.create(response=kept, file=file, role="original")
    builders.build_commitment(letter.campaign, "SECRET-PRIVATE-PROMISE")
    promise = builders.build_commitment(letter.campaign, "=They mend the lift", is_public=True, fixed_count=1)
    CommitmentCheck.create(
        commitment=promise,
        voice=f"person:{cast.cerys.id}",
        person=cast.cerys,
        verdict="fixed",
        note="SECRET-CHECK-NOTE",
        at=clock.now(),
    )


def made(case: CaseFile) -> CaseFile:
    """The case file after the worker was at it."""
    make_due()
    return CaseFile.get_by_id(case.id)


def public_case(letter: Letter, cast: Cast, **given: Any) -> CaseFile:
    """A public case file of one letter, made."""
    days = {"from_on": None, "until_on": None, **given}
    return made(order(letter.campaign, letters=[letter.id], by=cast.amina, **days))


def unpacked(case: CaseFile) -> dict[str, bytes]:
    """Name to bytes of everything in its archive."""
    with zipfile.ZipFile(io.BytesIO(storage.read(case.archive))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
