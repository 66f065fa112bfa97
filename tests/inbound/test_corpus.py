"""Every message of the corpus is sorted as it should be, and none of them becomes public."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.campaigns.models import Activity
from portal.inbound.apart.mime import TooMuch, take_apart
from portal.inbound.models import Bounce, InboundFile, PublicExcerpt
from portal.inbound.sorting import Setting, believed_of, believes, sort_message
from portal.outbox import OutgoingMail
from portal.responses.models import Response
from portal.targets.domains import FREE_MAIL
from tests.examples import examples
from tests.inbound.cases import Case
from tests.inbound.corpus import BOUNCES, CORPUS
from tests.inbound.shapes import HUGE, TRAPS


def test_the_corpus_is_large():
    assert len(CORPUS) >= 60 and len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_each_message_is_sorted_as_expected_and_nothing_is_public_or_answered(case: Case, arrive: Any):
    mail = arrive(case.raw, sender=case.sender)
    assert (mail.sort, mail.why) == (case.sort, case.why or mail.why)
    assert case.says in mail.text
    assert tuple(row.file.name for row in mail.files.order_by(InboundFile.position)) == case.files or not case.files
    assert Response.select().where(Response.published_at.is_null(False)).count() == 0
    assert Activity.select().where(Activity.is_public).count() == 0 and not PublicExcerpt.select().exists()
    # Only leads are written to, whatever came.
    assert {row.kind for row in OutgoingMail.select()} <= {"letter", "mail-came"}
    assert not any(OutgoingMail.select().where(OutgoingMail.to.contains("meridale"), OutgoingMail.kind != "letter"))


@pytest.mark.parametrize("case", [TRAPS[0], TRAPS[3], HUGE[0], BOUNCES[1]], ids=lambda case: case.name)
def test_a_child_finds_the_same(case: Case, real_child: Any, arrive: Any):
    mail = arrive(case.raw, sender=case.sender)
    assert (mail.sort, tuple(row.file.name for row in mail.files.order_by(InboundFile.position))) == (
        case.sort,
        case.files,
    ) or case is BOUNCES[1]


def test_a_bounce_is_known_to_belong_to_its_delivery(arrive, letter):
    arrive(BOUNCES[0].raw, sender="")
    bounce = Bounce.get()
    assert (bounce.delivery.letter_id, bounce.action, bounce.status) == (letter.id, "failed", "5.1.1")
    assert "no such mailbox" in bounce.reason and Response.get().kind == "bounce"


def test_a_bounce_to_our_sending_address_finds_its_letter(arrive, letter):
    mail = arrive(BOUNCES[0].raw, to="portal@example.org", sender="")
    assert (mail.letter_id, Bounce.select().count()) == (letter.id, 1)


_PIECES = st.sampled_from(
    [
        b"From: ",
        b"a@b.example",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Type: text/html; charset=",
        b"Content-Disposition: attachment; filename*=utf-8''%ff",
        b"Content-Transfer-Encoding: base64",
        b"=?utf-8?b?/w==?=",
        b"\r\n",
        b"\r\n\r\n",
        b"--b",
        b"--b--",
        b"<a b='c",
        b"Authentication-Results: x; dmarc=pass",
        b"\xff\x00",
    ]
)


@given(st.lists(_PIECES | st.binary(max_size=8), max_size=24).map(b"".join))
@settings(max_examples=examples(150, at_once=60), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_bytes_come_taking_apart_ends_and_sorting_says_something(raw: bytes):
    try:
        taken = take_apart(raw)
    except TooMuch:
        return
    found = sort_message(taken, Setting(believed=frozenset({"b.example"}), trusted=("x",), own_domain="o.example"))
    assert found.sort in {"response", "unverified", "auto_reply", "bounce", "spam", "held"}
    taken.text.encode("utf-8")


def test_wherever_everybody_can_have_an_address_only_the_whole_address_is_believed():
    for domain in FREE_MAIL:
        assert believed_of(f"Landlord@{domain}") == f"landlord@{domain}"
        assert not believes({domain, f"landlord@{domain}"}, f"tenant@{domain}")
