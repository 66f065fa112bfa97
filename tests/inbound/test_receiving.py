"""A message is kept before its sender hears yes, and the same one comes once."""

from datetime import timedelta

import pytest

from portal import clock, storage
from portal.inbound import receiving
from portal.inbound.models import InboundFile, InboundMail
from portal.inbound.processing import forget_old_mail, sort_waiting
from portal.inbound.receiving import Refused, receive
from portal.letters.models import ReplyAddress
from portal.responses.models import Response, ResponseFile
from tests.inbound.stage import write


def test_the_raw_message_is_on_the_disk_byte_for_byte_when_receiving_returns(address):
    raw = write()
    mail = receive(raw, to=address)
    assert storage.read(mail.file) == raw
    assert InboundMail.get_by_id(mail.id).state == "waiting"


def test_a_proved_mail_from_their_domain_is_an_unread_private_answer(arrive, letter):
    mail = arrive(write("We will survey every home.\n"))
    response = mail.response
    assert (mail.sort, response.kind, response.read_at, response.published_at) == ("response", None, None, None)
    assert (response.letter_id, response.text, response.sender_check) == (
        letter.id,
        "We will survey every home.",
        "checked",
    )
    assert response.received_on == clock.today()
    assert storage.read(response.file) == storage.read(mail.file)
    assert ResponseFile.get(ResponseFile.response == response.id).role == "original"


def test_the_same_bytes_or_the_same_message_id_again_are_one_message(address):
    first = receive(write("One\n", Message_ID="<a@meridale.example>"), to=address)
    assert receive(write("Another\n", Message_ID="<a@meridale.example>"), to=address.upper()) == first
    raw = write("Two\n", Message_ID=None)
    assert receive(raw, to=address) == receive(raw, to=f"<{address}>")
    assert InboundMail.select().count() == 2
    assert InboundMail.get_by_id(first.id).again_count == 1


def test_the_same_message_to_two_letters_is_two(address, letter):
    raw = write()
    other = ReplyAddress.create(letter=letter, target=letter.target, token="b" * 26)
    assert receive(raw, to=address) != receive(raw, to=f"r-{other.token}@reply.example.org")


@pytest.mark.parametrize("to", ["a@elsewhere.example", "", "@", "r-abc", "x@reply.example.org.evil.example"])
def test_mail_for_others_is_refused_for_good(address, to):
    with pytest.raises(Refused):
        receive(write(), to=to)
    assert not InboundMail.select().exists()


def test_what_is_too_large_or_empty_is_refused_for_good(address):
    for raw, code in ((b"x" * (storage.MOST_BYTES + 1), 552), (b" \r\n", 554)):
        with pytest.raises(Refused) as refused:
            receive(raw, to=address)
        assert refused.value.code == code


def test_one_mailbox_can_take_the_mail_of_all_letters(app, address, arrive, letter):
    token = ReplyAddress.get(ReplyAddress.letter == letter.id).token
    assert arrive(write(), to=f"answers+r-{token}@reply.example.org").letter_id == letter.id


def test_without_an_envelope_the_headers_say_to_whom(address, letter):
    mail = receive(write(To=f"Residents <{address}>"), to=None)
    assert mail.letter_id == letter.id
    with pytest.raises(Refused):
        receive(write(), to=None)


@pytest.mark.parametrize("to", ["anything@reply.example.org", "r-aaaaaaaaaaaaaaaaaaaaaaaaaa@reply.example.org"])
def test_a_wrong_address_of_ours_goes_to_the_holding_pen(arrive, to):
    mail = arrive(write(), to=to)
    assert (mail.sort, mail.letter_id, mail.campaign_id, mail.text) == ("held", None, None, "")
    assert mail.subject == "Your letter"
    assert not Response.select().exists()


def test_mail_to_a_closed_address_is_held_and_not_lost(arrive, address):
    ReplyAddress.update(closed_at=clock.now()).execute()
    assert (arrive(write()).sort, InboundMail.get().why) == ("held", "closed")


def test_mail_for_nobody_goes_after_ninety_days_and_mail_to_a_closed_address_stays(arrive, address, letter):
    arrive(write("spam\n"), to="info@reply.example.org")
    arrive(write("an answer\n"))
    ReplyAddress.update(closed_at=clock.now()).execute()
    arrive(write("too late\n"))
    with clock.frozen_at(clock.now() + timedelta(days=91)):
        assert (forget_old_mail(), forget_old_mail()) == (1, 0)
    assert {mail.why for mail in InboundMail.select()} == {"closed", "proved"}


def test_mail_waits_at_its_senders_while_the_disk_is_nearly_full(address, monkeypatch):
    monkeypatch.setattr(receiving, "LEAST_FREE", 2**62)
    with pytest.raises(receiving.NoRoom):
        receive(write(), to=address)


def test_the_eleventh_mail_of_one_sender_in_ten_minutes_is_held(arrive):
    sorts = [arrive(write(f"{number}\n")).sort for number in range(11)]
    assert sorts == ["response"] * 10 + ["held"]


def test_files_are_kept_with_the_answer(arrive):
    from email import message_from_bytes, policy

    message = message_from_bytes(write(), policy=policy.SMTP)
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="../../survey.pdf")
    mail = arrive(message.as_bytes())
    kept = InboundFile.get(InboundFile.mail == mail.id)
    assert (kept.file.name, kept.file.content_type, storage.read(kept.file)) == (
        "survey.pdf",
        "application/pdf",
        b"%PDF-1.7 x",
    )
    assert [row.role for row in mail.response.files.order_by(ResponseFile.id)] == ["original", "attachment"]


def test_a_second_worker_finds_nothing_left_to_do(address):
    receive(write(), to=address)
    assert (sort_waiting(), sort_waiting()) == (1, 0)
    assert Response.select().count() == 1


def test_leads_get_one_mail_in_an_hour_that_does_not_say_what_came(arrive, outbox, cast):
    arrive(write("Secret words\n"))
    arrive(write("More words\n"))
    mails = [mail for mail in outbox() if mail.row.kind == "mail-came"]
    assert sorted(mail.to for mail in mails) == sorted([cast.amina.email, cast.ben.email])
    assert all("words" not in mail.text and "/mail" in mail.link() for mail in mails)
