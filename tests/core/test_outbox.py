"""The outbox against a real SMTP server that can say no in every way."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal import clock, mail, outbox
from portal.database import transaction
from portal.outbox import OutgoingMail
from tests.conftest import NOON


class Postman:
    """An SMTP server's handler: takes mail, or answers as it was told."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_to_data.startswith("250"):
            self.taken.append(envelope)
        return self.answer_to_data


class FreePortController(Controller):
    """aiosmtpd's controller on a port that the system picks."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def postman(app) -> Iterator[Postman]:
    handler = Postman()
    controller = FreePortController(handler, hostname="127.0.0.1", port=0)
    controller.start()
    before = {name: app.config[name] for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY")}
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=controller.port, SMTP_SECURITY="none")
    yield handler
    app.config.update(before)
    controller.stop()


def write(about: str = "1", *, is_letter: bool = False, **given: Any) -> OutgoingMail:
    message = mail.Message(**{"to": "rosa@example.org", "subject": "Hello", "text": "Words", **given})
    with transaction():
        return outbox.enqueue(message, kind="test", about=about, is_letter=is_letter)


def state_of(row: OutgoingMail) -> str:
    return OutgoingMail.get_by_id(row.id).state


def test_a_mail_reaches_the_server_with_one_recipient_and_the_stored_source(postman):
    row = write()
    assert outbox.send_due() == 1
    (envelope,) = postman.taken
    assert envelope.rcpt_tos == ["rosa@example.org"]
    assert bytes(OutgoingMail.get_by_id(row.id).source).splitlines() == envelope.content.splitlines()
    assert state_of(row) == "sent"


def test_the_same_occasion_is_mailed_once(postman):
    write("signature 7")
    write("signature 7")
    outbox.send_due()
    outbox.send_due()
    assert len(postman.taken) == 1


def test_a_mail_whose_transaction_failed_is_never_sent(postman):
    with pytest.raises(ZeroDivisionError), transaction():
        write()
        raise ZeroDivisionError
    assert outbox.send_due() == 0 and postman.taken == []


def test_not_now_is_tried_again_later_and_later(postman):
    postman.answer_to_recipient = "451 try later"
    row = write()
    outbox.send_due()
    assert state_of(row) == "deferred"
    assert outbox.send_due() == 0
    with clock.frozen_at(NOON + timedelta(minutes=2)):
        outbox.send_due()
        first = OutgoingMail.get_by_id(row.id)
    assert first.attempt_count == 2 and first.due_at == NOON + timedelta(minutes=2 + 5)
    postman.answer_to_recipient = "250 OK"
    with clock.frozen_at(NOON + timedelta(hours=1)):
        assert outbox.send_due() == 1
    assert state_of(row) == "sent"


def test_no_for_good_is_final_and_says_why(postman):
    postman.answer_to_recipient = "550 no such person"
    row = write()
    outbox.send_due()
    again = OutgoingMail.get_by_id(row.id)
    assert (again.state, again.last_reply) == ("failed", "550 no such person")


def test_it_gives_up_after_two_days(postman):
    postman.answer_to_recipient = "451 try later"
    row = write()
    moment = NOON
    for _try in range(20):
        with clock.frozen_at(moment):
            outbox.send_due()
        moment += timedelta(hours=9)
    assert state_of(row) == "failed"


def test_a_server_that_is_away_costs_nothing(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = {name: app.config[name] for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY")}
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=port, SMTP_SECURITY="none")
    try:
        row = write()
        outbox.send_due()
        assert state_of(row) == "deferred"
    finally:
        app.config.update(before)


class TestAfterTheSenderDied:
    def die_while_sending(self, *, is_letter: bool) -> OutgoingMail:
        row = write(is_letter=is_letter)
        OutgoingMail.update(state="sending", lease_until=NOON + timedelta(minutes=2)).where(
            OutgoingMail.id == row.id
        ).execute()
        return row

    def test_a_notice_goes_again_under_the_same_message_id(self, postman):
        row = self.die_while_sending(is_letter=False)
        outbox.send_due()
        assert postman.taken == []
        with clock.frozen_at(NOON + timedelta(minutes=3)):
            outbox.send_due()
        assert row.message_id.encode() in postman.taken[0].content

    def test_a_letter_is_in_doubt_and_never_sent_again_by_itself(self, postman):
        row = self.die_while_sending(is_letter=True)
        for hours in (1, 24, 500):
            with clock.frozen_at(NOON + timedelta(hours=hours)):
                outbox.send_due()
        assert postman.taken == [] and state_of(row) == "unknown"


class TestComposing:
    def test_a_subject_can_not_smuggle_a_header(self, app):
        composed = mail.compose(
            mail.Message(to="a@example.org", subject="Hi\r\nBcc: all@example.org", text="x"),
            message_id="<1@example.org>",
        )
        assert composed["Bcc"] is None and "\n" not in composed["Subject"]

    def test_an_address_can_not_smuggle_a_recipient(self, app):
        with pytest.raises(ValueError):
            mail.compose(
                mail.Message(to="a@example.org\r\nBcc: all@example.org", subject="x", text="x"),
                message_id="<1@example.org>",
            )

    def test_automatic_mail_says_so_and_a_letter_does_not(self, app):
        notice = mail.compose(mail.Message(to="a@example.org", subject="x", text="x"), message_id="<1@example.org>")
        letter = mail.compose(
            mail.Message(to="a@example.org", subject="x", text="x", is_automatic=False), message_id="<2@example.org>"
        )
        assert notice["Auto-Submitted"] == "auto-generated" and letter["Auto-Submitted"] is None

    def test_unicode_and_an_attachment_survive(self, app):
        composed = mail.compose(
            mail.Message(
                to="a@example.org",
                subject="Tŷ sych – ਸੁੱਕੇ ਘਰ",
                text="Diolch ✓",
                attachments=(mail.Attachment("llythyr-tŷ.pdf", "application/pdf", b"%PDF-1.7 x"),),
            ),
            message_id="<1@example.org>",
        )
        from email import message_from_bytes
        from email.policy import default

        again = message_from_bytes(composed.as_bytes(), policy=default)
        (attached,) = again.iter_attachments()
        assert again["Subject"] == "Tŷ sych – ਸੁੱਕੇ ਘਰ"
        assert attached.get_filename() == "llythyr-tŷ.pdf" and attached.get_content() == b"%PDF-1.7 x"
