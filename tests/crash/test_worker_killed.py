"""kill -9 of the job worker with a mail in its hands: a notice comes at least once, a letter at most once."""

import signal
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.crash.browser import Browser
from tests.crash.portal import Portal, until
from tests.crash.writers import send, sign

pytestmark = [pytest.mark.crash, pytest.mark.slow]

ROUNDS = 3
# Where the worker dies, and how often the mail server has the mail by then.
POINTS = {"after-lease": 0, "after-handing-over": 1, "before-commit": 1}


class Postman:
    """Takes every mail, and remembers to whom and under which Message-ID."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)["Message-ID"].strip()))
        return "250 OK"

    def ids(self, address: str) -> list[str]:
        """The Message-ID of each mail that came for this address."""
        return [message_id for to, message_id in self.taken if to == address]


class FreePortController(Controller):
    """aiosmtpd's controller on a port that the system picks."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def postman() -> Iterator[tuple[Postman, int]]:
    handler = Postman()
    controller = FreePortController(handler, hostname="127.0.0.1", port=0)
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, postman: tuple[Postman, int]) -> Iterator[Portal]:
    folder: Path = tmp_path_factory.mktemp("worker")
    made = Portal(folder, SMTP_HOST="127.0.0.1", SMTP_PORT=str(postman[1]), SMTP_SECURITY="none")
    made.start()
    yield made
    made.close()


def mail_to(portal: Portal, address: str) -> tuple[str, str]:
    """The state and the Message-ID of the one mail to this address."""
    (row,) = portal.rows('SELECT state, message_id FROM outgoing_mail WHERE "to" = ?', address)
    return row


def let_a_worker_die(portal: Portal, point: str) -> None:
    """Run a worker until it kills itself at `point`."""
    worker = portal.worker(CRASH_AT=point)
    assert worker.wait(60) == -signal.SIGKILL
    # The lease of a dead worker runs out after two minutes. Nobody waits for that here.
    portal.rows("UPDATE outgoing_mail SET lease_until = '2020-01-01 00:00:00' WHERE state = 'sending'")


def work_until(portal: Portal, is_so: Callable[[], bool], what: str) -> None:
    """Run a healthy worker until something is so."""
    worker = portal.worker()
    try:
        until(is_so, what)
    finally:
        worker.terminate()
        worker.wait(30)


def nothing_waits(portal: Portal) -> bool:
    return portal.count("outgoing_mail", "state IN ('queued', 'sending', 'deferred')") == 0


@pytest.mark.parametrize("point", POINTS)
def test_a_notice_comes_at_least_once_under_one_message_id(
    portal: Portal, postman: tuple[Postman, int], point: str
) -> None:
    handler, _port = postman
    for number in range(ROUNDS):
        mark = f"notice-{point}-{number}"
        address = f"{mark}@example.org"
        assert sign(portal, mark).press() == 303
        let_a_worker_die(portal, point)
        state, message_id = mail_to(portal, address)
        assert (state, len(handler.ids(address))) == ("sending", POINTS[point])
        work_until(portal, lambda: nothing_waits(portal), "the notice to be sent again")
        assert mail_to(portal, address) == ("sent", message_id)
        assert handler.ids(address) == [message_id] * (POINTS[point] + 1)


@pytest.mark.parametrize("point", POINTS)
def test_a_letter_comes_at_most_once_and_a_doubt_is_left_to_people(
    portal: Portal, postman: tuple[Postman, int], point: str
) -> None:
    handler, _port = postman
    for number in range(ROUNDS):
        mark = f"letter-{point}-{number}"
        address = f"{mark}@meridale.example"
        deed = send(portal, mark)
        assert deed.mark == mark and deed.press() == 303
        let_a_worker_die(portal, point)
        assert (mail_to(portal, address)[0], len(handler.ids(address))) == ("sending", POINTS[point])
        # The notices to both leads go out; the letter does not.
        work_until(portal, lambda: nothing_waits(portal), "the other mails to be sent")
        assert mail_to(portal, address)[0] == "unknown"
        assert len(handler.ids(address)) == POINTS[point]
        amina = Browser(portal.port, portal.world["amina"])
        assert amina.form(portal.world["sending"], "/doubt") is not None, "nobody is asked whether it arrived"
    assert portal.is_whole()


def test_a_letter_that_nobody_had_taken_up_is_in_no_doubt_and_leaves_once(
    portal: Portal, postman: tuple[Postman, int]
) -> None:
    handler, _port = postman
    address = "letter-before-lease@meridale.example"
    assert send(portal, "letter-before-lease").press() == 303
    let_a_worker_die(portal, "before-lease")
    assert (mail_to(portal, address)[0], handler.ids(address)) == ("queued", [])
    work_until(portal, lambda: nothing_waits(portal), "the letter to be sent")
    state, message_id = mail_to(portal, address)
    assert (state, handler.ids(address)) == ("sent", [message_id])
