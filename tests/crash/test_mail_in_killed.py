"""A message arrives and its keeper is killed at each point: the mail system tries again, and it is there once."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.settings import ROOT

pytestmark = pytest.mark.crash

RAW = b"From: a@b.example\r\nMessage-ID: <one@b.example>\r\n\r\nWe will come.\r\n"
TO = "someone@reply.example.org"


@pytest.fixture
def portal(tmp_path: Path) -> Any:
    """portal("inbound", …, crash_at="…") runs a command on a database of its own; gives its exit status."""

    def run(*words: str, crash_at: str = "") -> int:
        env = {**os.environ, "ENVIRONMENT": "development", "DATA_DIR": str(tmp_path), "CRASH_AT": crash_at}
        env |= {"MAIL_FROM": "portal@example.org", "REPLY_DOMAIN": "reply.example.org"}
        env.pop("DATABASE_URL", None)
        return subprocess.run([sys.executable, "-m", "portal", *words], cwd=ROOT, env=env, input=RAW).returncode

    assert run("migrate") == 0
    return run


def kept(folder: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "doorstep.db") as database:
        return database.execute(
            "SELECT again_count, stored_file.sha256 FROM inbound_mail JOIN stored_file ON stored_file.id = file_id"
        ).fetchall()


@pytest.mark.parametrize(("point", "there"), [("inbound-after-file", 0), ("inbound-after-row", 1)])
def test_killed_at_each_point_nothing_is_lost_and_nothing_is_twice(portal, tmp_path, point, there):
    assert portal("inbound", "--to", TO, crash_at=point) == -9
    assert len(kept(tmp_path)) == there
    assert portal("inbound", "--to", TO) == 0
    [(again, sha256)] = kept(tmp_path)
    assert again == there
    assert (tmp_path / "files" / sha256[:2] / sha256).read_bytes() == RAW
