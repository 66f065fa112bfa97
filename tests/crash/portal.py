"""The portal as processes that can be killed, with a folder of their own."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from portal.server import port_of_our_own
from portal.settings import ROOT

PORTS = range(8160, 8170)
PATIENCE = 60


def until(is_so: Callable[[], Any], what: str) -> Any:
    """Wait for a condition, and return what it gave. Fails in words when it does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for: {what}")


class Portal:
    """One data folder, a web server and a job worker over it, and what is stored in it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._held = ExitStack()
        self.port = next(port for port in PORTS if self._is_ours(port))
        self.env = {
            **os.environ,
            "ENVIRONMENT": "production",
            "SECRET_KEY": "only-for-crash-tests-" * 2,
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "TRUSTED_HOSTS": "127.0.0.1",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder / 'doorstep.db'}",
            "PROXY_COUNT": "1",
            "MAIL_FROM": "portal@example.org",
            "SMTP_HOST": "",
            "CRASH_AT": "",
            **settings,
        }
        made = subprocess.run(
            [sys.executable, "-m", "tests.crash.world"],
            cwd=ROOT,
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
        )
        self.world: dict[str, str] = json.loads(made.stdout)
        self.web: subprocess.Popen[bytes] | None = None

    def _is_ours(self, port: int) -> bool:
        try:
            self._held.enter_context(port_of_our_own("127.0.0.1", port))
        except SystemExit:
            return False
        return True

    # ---- the web server ----

    def start(self, *, largest_file: int = resource.RLIM_INFINITY) -> None:
        """Start the web server, one worker, and wait until it answers. No file may grow beyond `largest_file` bytes."""

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))

        self.web = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--http",
                "1",
                "--no-ws",
                "--workers",
                "1",
                "--blocking-threads",
                "4",
                "--port",
                str(self.port),
                "--log-level",
                "critical",
                "wsgi:app",
            ],
            cwd=ROOT,
            env=self.env,
            start_new_session=True,
            preexec_fn=limit,
        )
        until(self._answers, "the web server")

    def _answers(self) -> bool:
        assert self.web is not None and self.web.poll() is None, "the web server ended by itself"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """Kill every process of the web server at once, as a power cut would."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)

    def buried(self) -> None:
        """Wait until nothing of a killed server is left."""
        assert self.web is not None
        group = self.web.pid
        self.web.wait()
        until(lambda: not _lives(group), "the end of the killed server")
        self.web = None

    def close(self) -> None:
        """Leave nothing running."""
        if self.web is not None:
            self.kill()
            self.buried()
        self._held.close()

    # ---- the job worker ----

    def worker(self, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a job worker, with settings of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "portal", "worker"],
            cwd=ROOT,
            env={**self.env, **settings},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    # ---- what is stored ----

    def rows(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        """What is committed, seen from outside."""
        connection = sqlite3.connect(self.folder / "doorstep.db", timeout=10)
        try:
            with connection:
                return connection.execute(sql, given).fetchall()
        finally:
            connection.close()

    def count(self, table: str, where: str, *given: Any) -> int:
        """How many rows there are."""
        return int(self.rows(f'SELECT COUNT(*) FROM "{table}" WHERE {where}', *given)[0][0])

    def is_whole(self) -> bool:
        """Whether the database passes both of its own examinations."""
        return self.rows("PRAGMA integrity_check") == [("ok",)] and self.rows("PRAGMA foreign_key_check") == []


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
