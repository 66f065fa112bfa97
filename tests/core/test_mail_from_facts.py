"""Mail that the worker composes: from facts kept when the thing happened, once, under the id it was queued with."""

import json
from datetime import timedelta

import pytest

from portal import clock, mail, outbox
from portal.database import transaction
from portal.outbox import OutgoingMail
from tests.clients import Mail
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def greeting(app, monkeypatch):
    """A kind of mail that greets."""
    monkeypatch.setitem(outbox._writers, "greeting", greet)


def greet(facts):
    return mail.Message(to=facts["to"], subject=f"Hello {facts['name']}", text=f"Dear {facts['name']},\n")


def queue(name="Rosa", about="1", kind="greeting"):
    with transaction():
        row = outbox.from_facts(
            kind, {"to": "rosa@example.org", "name": name}, to="rosa@example.org", about=about, locale="en"
        )
        outbox.put(row)
    return OutgoingMail.select().order_by(OutgoingMail.id.desc()).get()


def test_nothing_is_composed_until_it_is_sent(app):
    row = queue()
    assert (row.subject, bytes(row.source)) == ("", b"") and json.loads(row.facts)["name"] == "Rosa"
    outbox.send_due()
    sent = OutgoingMail.get_by_id(row.id)
    assert (sent.state, sent.subject, sent.facts) == ("sent", "Hello Rosa", "")
    assert "Dear Rosa" in Mail(sent).text


def test_it_keeps_the_id_and_the_date_of_the_moment_it_was_queued(app):
    row = queue()
    with clock.frozen_at(NOON + timedelta(days=2)):
        outbox.send_due()
    message = Mail(OutgoingMail.get_by_id(row.id)).message
    assert message["Message-ID"] == row.message_id and message["Date"].datetime == NOON


def test_a_second_try_sends_what_the_first_had_composed(app, monkeypatch):
    row = queue()
    monkeypatch.setattr(outbox, "_write_to_folder", lambda row: (_ for _ in ()).throw(mail.TemporaryFailure("451")))
    outbox.send_due()
    first = OutgoingMail.get_by_id(row.id)
    # Takes away the writer too: nothing can be composed any more.
    monkeypatch.undo()
    with clock.frozen_at(NOON + timedelta(minutes=2)):
        outbox.send_due()
    second = OutgoingMail.get_by_id(row.id)
    assert first.state == "deferred" and second.state == "sent" and bytes(first.source) == bytes(second.source)


def test_the_same_occasion_is_queued_once(app):
    queue("Rosa")
    queue("Somebody else")
    assert "Rosa" in OutgoingMail.get().facts and OutgoingMail.select().count() == 1


def test_one_that_can_not_be_composed_does_not_hold_up_the_others(app, monkeypatch):
    monkeypatch.setitem(outbox._writers, "broken", lambda facts: facts["missing"])
    bad, good = queue(kind="broken", about="bad"), queue(about="good")
    outbox.send_due()
    bad, good = (OutgoingMail.get_by_id(row.id) for row in (bad, good))
    assert (bad.state, bad.last_reply) == ("deferred", "could not be composed: KeyError") and good.state == "sent"


def test_looking_at_it_composes_it_for_the_eye_only(app):
    row = queue()
    assert outbox.composed(row).subject == "Hello Rosa"
    assert OutgoingMail.get_by_id(row.id).subject == ""
