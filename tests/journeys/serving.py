"""A real portal on a free port, in a folder of its own, and a database of its own."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30
# By which name the mail server before the portal signs what it found out about a sender.
RECEIVER = "mx.doorstep.example"
MAIL_SECONDS = 20


class Portal:
    """A portal that runs: where it answers, and the mails that left it."""

    def __init__(self, base: str, folder: Path, database_url: str | None, mail_port: int) -> None:
        self.base, self.folder, self.mail_port = base, folder, mail_port
        self._database_url = database_url

    def meanwhile(self, what: str) -> None:
        """Let something happen to its people behind the screen: see prepare.py."""
        prepare(self.folder, self._database_url, what)

    def receive(self, message: bytes, *, to: str, sender: str) -> None:
        """Hand it a mail by SMTP, as the mail server before it would. Raises SMTPException when it says no."""
        with smtplib.SMTP("127.0.0.1", self.mail_port) as server:
            server.sendmail(sender, [to], message)

    def wait_for_mail(self, subject: str, *, to: str) -> EmailMessage:
        """The newest mail that the job worker has handed over with these words in its subject."""
        ends = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < ends:
            for path in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
                mail = cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=default))
                if to in str(mail["To"]) and subject in str(mail["Subject"]):
                    return mail
            time.sleep(0.05)
        raise AssertionError(f"no mail to {to} about {subject!r} left within {MAIL_SECONDS} s")


def free_port() -> int:
    """A port that the system has just said is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, database_url: str | None, mail_port: int = 0) -> dict[str, str]:
    """What the portal's commands read, and nothing of the person who runs the tests."""
    given = {
        "PATH": os.environ["PATH"],
        "TEMPLATE_CACHE": os.environ["TEMPLATE_CACHE"],
        "ENVIRONMENT": "development",
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        # Three neighbours are enough to go public, so that a journey need not bring in five.
        "LISTABLE_AT": "3",
        "INBOUND_PORT": str(mail_port),
        "INBOUND_PROTOCOL": "smtp",
        "TRUSTED_RECEIVERS": RECEIVER,
    }
    return given | ({"DATABASE_URL": database_url} if database_url else {})


def prepare(folder: Path, database_url: str | None, what: str) -> None:
    """Make the database in `folder` and put people into it: see prepare.py."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.journeys.prepare", what],
        cwd=ROOT,
        env=environment(folder, 8000, database_url),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, f"the portal could not be prepared:\n{ran.stdout}{ran.stderr}"


@contextmanager
def serving(folder: Path, database_url: str | None = None, *, takes_mail: bool = False) -> Iterator[Portal]:
    """Serve a portal whose database is migrated already, until the block ends."""
    port, mail_port = free_port(), free_port() if takes_mail else 0
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "serve", "--workers", "1"],
            cwd=ROOT,
            env=environment(folder, port, database_url, mail_port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(process, base, log)
            yield Portal(base, folder, database_url, mail_port)
        finally:
            _stop(process)
            said = log.read_text(errors="replace")
            # pytest shows this beside a test that failed.
            print(said)
    assert "Traceback (most recent call last)" not in said, f"the server met an error of its own:\n{said}"


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", base: str, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{log.read_text(errors='replace')}")
