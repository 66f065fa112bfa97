"""The short cuts on the way of a signature do what the long way would."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import peewee
import pytest

from portal import jobs, mail, outbox
from portal.database import transaction
from portal.once import OnceKey
from portal.outbox import OutgoingMail, deliver_post
from portal.people.models import Person
from portal.quick_rows import add_row
from tests.counting import count_sql

SUBJECTS = ("Confirm your signature", "Płać mniej – 日本語", "x" * 149, "")


def test_a_row_added_in_a_hurry_is_the_row_that_create_would_make(app):
    quick = Person.get_by_id(add_row(Person, name="Rosa", email="rosa@example.org"))
    slow = Person.create(name="Rosa", email="sol@example.org")
    differing = {"id", "email"}
    assert {k: v for k, v in quick.__data__.items() if k not in differing} == {
        k: v for k, v in Person.get_by_id(slow.id).__data__.items() if k not in differing
    }


def test_a_row_that_is_there_already_is_an_error_unless_one_expects_it(app):
    assert add_row(OnceKey, unless_there="key_hash", key_hash="k") is not None
    assert add_row(OnceKey, unless_there="key_hash", key_hash="k") is None
    with pytest.raises(peewee.IntegrityError), transaction():
        add_row(OnceKey, key_hash="k")


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("name", ["", "Amina Dirie", "Zoë “Zed” Łuk, jr."])
def test_remembered_headers_make_the_mail_that_the_library_makes(app, monkeypatch, subject, name):
    message = mail.Message(
        to="rosa@example.org",
        to_name=name,
        subject=subject,
        text="Dear Zoë,\n",
        html="<p>Dear Zoë,</p>",
        unsubscribe_url="https://doorstep.example/" + "u" * 90,
    )
    with app.test_request_context():
        ours = [mail.compose(message, message_id="<1@example.org>").as_bytes() for _twice in range(2)]
        monkeypatch.setattr(mail, "_POLICY", SMTP)
        plain = mail.compose(message, message_id="<1@example.org>")
    assert isinstance(plain, EmailMessage)
    for source in ours:
        read, wanted = (message_from_bytes(one, policy=default) for one in (source, plain.as_bytes()))
        without_boundary = [
            {key: value for key, value in one.items() if key != "Content-Type"} for one in (read, wanted)
        ]
        assert without_boundary[0] == without_boundary[1]
        for kind in ("plain", "html"):
            assert read.get_body((kind,)).get_content() == wanted.get_body((kind,)).get_content()


def test_a_header_still_cannot_be_broken_in_two(app):
    message = mail.Message(
        to="rosa@example.org", subject="Hello", text="Words", reply_to="a@example.org\nBcc: b@example.org"
    )
    for _twice in range(2):
        with app.test_request_context(), pytest.raises(ValueError):
            mail.compose(message, message_id="<1@example.org>")


def test_many_wake_ups_in_a_moment_become_one(app, monkeypatch):
    woken = []
    monkeypatch.setattr(jobs, "_queue", lambda name, *args: woken.append(name))
    monkeypatch.setattr(deliver_post, "_woke", -jobs.WAKE_SECONDS)
    for about in "abc":
        with transaction():
            outbox.enqueue(mail.Message(to="rosa@example.org", subject="x", text="x"), kind="test", about=about)
    assert woken == [deliver_post.name]


def test_the_sweep_sends_what_no_wake_up_was_for(app):
    with transaction():
        outbox.enqueue(mail.Message(to="rosa@example.org", subject="x", text="x"), kind="test", about="1")
    outbox.sweep_post()
    assert OutgoingMail.get().state == "sent"


def test_an_idle_sweep_asks_one_question_and_writes_nothing(app):
    with count_sql() as seen:
        outbox.sweep_post()
    assert len(seen) == 1 and seen[0].startswith("SELECT")
