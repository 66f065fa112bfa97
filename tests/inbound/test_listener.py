"""Real SMTP and LMTP into the listener, and the pipe command, as a mail system would."""

import asyncio
import io
import smtplib
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from typing import Any

import pytest
from click.testing import CliRunner

from portal import cli, storage
from portal.inbound import listener as listening
from portal.inbound import receiving
from portal.inbound.listener import Keeper, Listener
from portal.inbound.models import InboundMail
from portal.inbound.processing import sort_waiting
from portal.responses.models import Response
from tests.inbound.stage import write


@contextmanager
def listens(app: Any, speaks: str = "smtp", *, pool: Executor | None = None) -> Iterator[int]:
    """A listener in a thread of its own, on a free port."""
    loop = asyncio.new_event_loop()
    made = Listener(app, host="127.0.0.1", port=0, speaks=speaks)
    if pool is not None:
        made._pool = pool  # type: ignore[assignment]
    # Never in this thread: a browser that is open in it has a loop of its own there.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(made.start(), loop).result(10)
    try:
        yield made.port
    finally:
        asyncio.run_coroutine_threadsafe(made.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def kept(monkeypatch) -> list[tuple[bytes, str, str | None]]:
    """What the listener hands on. The test's own database belongs to its thread, so nothing is written here."""
    seen: list[Any] = []
    monkeypatch.setattr(listening, "receive", lambda raw, *, to, sender: seen.append((raw, to, sender)))
    return seen


def refusals(port: int, raw: bytes, *to: str, speaks: Any = smtplib.SMTP) -> dict[str, Any]:
    with speaks("127.0.0.1", port) as client:
        return client.sendmail("g.oakes@meridale.example", list(to), raw)


def test_smtp_hands_on_the_bytes_the_recipient_and_the_sender(app, kept):
    raw = write("We will come.\n.\nA line that begins with a dot\n")
    with listens(app) as port:
        assert refusals(port, raw, "r-abc@reply.example.org") == {}
    assert kept == [(raw, "r-abc@reply.example.org", "g.oakes@meridale.example")]


def test_lmtp_takes_one_recipient_at_a_time(app, kept):
    with listens(app, "lmtp") as port, smtplib.LMTP("127.0.0.1", port) as client:
        refused = client.sendmail("a@b.example", ["r-a@reply.example.org", "r-b@reply.example.org"], write())
    assert [one[1] for one in kept] == ["r-a@reply.example.org"]
    assert refused["r-b@reply.example.org"][0] == 452


def test_it_is_no_way_to_send_mail_to_others(app, kept):
    with listens(app) as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        refusals(port, write(), "somebody@elsewhere.example")
    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert kept == []


def test_trouble_is_temporary_and_what_is_too_large_is_not(app, monkeypatch):
    def fail(raw: bytes, *, to: str, sender: str) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(listening, "receive", fail)
    monkeypatch.setattr(storage, "MOST_BYTES", 5000)
    with listens(app) as port:
        for raw, code in ((write(), 451), (write("x " * 4000), 552)):
            with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPSenderRefused)) as refused:
                refusals(port, raw, "r-a@reply.example.org")
            assert refused.value.smtp_code == code


def test_whoever_comes_when_it_is_full_is_asked_to_come_again(app, kept, monkeypatch):
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 1)
    with listens(app) as port, smtplib.SMTP("127.0.0.1", port) as first:
        first.noop()
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port)
        assert refused.value.smtp_code == 421


def test_yes_is_said_only_when_the_row_is_committed_and_the_file_is_there(app, address, monkeypatch):
    steps: list[str] = []
    real_keep, real_write = storage.keep_bytes, receiving._write_row
    monkeypatch.setattr(storage, "keep_bytes", lambda *a, **k: (steps.append("file"), real_keep(*a, **k))[1])
    monkeypatch.setattr(receiving, "_write_row", lambda *a, **k: (real_write(*a, **k), steps.append("row"))[0])
    monkeypatch.setattr(receiving, "crash_point", steps.append)
    said = Keeper(app, None, 1)._keep(write(), [address], "a@b.example")  # type: ignore[arg-type]
    assert (said[:3], steps) == ("250", ["file", "inbound-after-file", "row", "inbound-after-row"])


class Handed(Executor):
    """Hands what is to be done to the test's own thread, where its database is."""

    def __init__(self) -> None:
        self.waiting: Queue[tuple[Future[Any], Any, Any]] = Queue()

    def submit(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        done: Future[Any] = Future()
        self.waiting.put((done, call, args))
        return done

    def work(self, sender: threading.Thread) -> None:
        """Do what comes until `sender` has ended."""
        while sender.is_alive() or not self.waiting.empty():
            with suppress(Empty):
                done, call, args = self.waiting.get(timeout=0.02)
                done.set_result(call(*args))


@pytest.mark.parametrize(("speaks", "client"), [("smtp", smtplib.SMTP), ("lmtp", smtplib.LMTP)])
def test_from_the_wire_to_an_unread_answer(app, address, letter, speaks, client):
    raw, hands = write("We will survey every home.\n"), Handed()
    with listens(app, speaks, pool=hands) as port:

        def send() -> None:
            with client("127.0.0.1", port) as mail_system:
                for _ in range(2):
                    mail_system.sendmail("g.oakes@meridale.example", [address], raw)

        sender = threading.Thread(target=send)
        sender.start()
        hands.work(sender)
    sort_waiting()
    response = Response.get()
    assert (response.letter_id, response.text, response.kind) == (letter.id, "We will survey every home.", None)
    assert (storage.read(response.file), InboundMail.get().again_count) == (raw, 1)


def run(app: Any, monkeypatch: Any, raw: bytes, *words: str) -> int:
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return CliRunner().invoke(cli.main, ["inbound", *words], input=io.BytesIO(raw)).exit_code


def test_the_pipe_says_what_a_mail_system_understands(app, address, monkeypatch):
    assert run(app, monkeypatch, write(), "--to", address, "--from", "") == 0
    assert InboundMail.get().sender == ""
    assert run(app, monkeypatch, write(), "--to", "a@elsewhere.example") == 67
    assert run(app, monkeypatch, b"", "--to", address) == 65
    monkeypatch.setattr(storage, "keep_bytes", lambda *a, **k: (_ for _ in ()).throw(OSError("full")))
    assert run(app, monkeypatch, write("other\n"), "--to", address) == 75


def test_the_pipe_asks_for_another_try_while_the_settings_are_wrong(monkeypatch):
    def wrong() -> Any:
        raise cli.SettingWrong("SECRET_KEY is not set")

    monkeypatch.setattr(cli, "create_app", wrong)
    assert CliRunner().invoke(cli.main, ["inbound"], input=b"x").exit_code == 75
