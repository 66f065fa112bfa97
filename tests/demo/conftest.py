"""The demo, loaded once for these tests and taken out again behind them."""

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, current_app

from portal import storage
from portal.database import close_connection, is_sqlite, open_connection
from portal.demo import load, removal

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="package")
def demo(app: Flask, shared_dir: Path) -> Iterator[list[str]]:
    """The loaded demo; the lines it told while it loaded."""
    with app.app_context():
        open_connection()
        told = _loaded_or_copied(shared_dir / "loaded-demo") if is_sqlite() else _loaded()
    yield told
    with app.app_context():
        open_connection()
        removal.remove_demo()
        load.marker().unlink(missing_ok=True)
        close_connection()


def _loaded() -> list[str]:
    told: list[str] = []
    load.load_demo(TODAY, reset=False, tell=told.append)
    return told


def _loaded_or_copied(kept: Path) -> list[str]:
    """Load it, unless a process of this run has done so and kept all it made: a load takes seconds."""
    database, lines, files = kept / "demo.db", kept / "told.json", kept / "files"
    with open(kept.with_suffix(".lock"), "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        # Written last: it says that the rest is whole.
        if lines.exists():
            with closing(sqlite3.connect(database)) as made, closing(sqlite3.connect(_own_file())) as own:
                made.backup(own)
            shutil.copytree(files, storage.folder(), dirs_exist_ok=True)
            load.marker().touch()
            return list(json.loads(lines.read_text()))
        told = _loaded()
        kept.mkdir(exist_ok=True)
        with closing(sqlite3.connect(_own_file())) as own, closing(sqlite3.connect(database)) as copy:
            own.backup(copy)
        shutil.copytree(storage.folder(), files, dirs_exist_ok=True)
        lines.write_text(json.dumps(told))
        return told


def _own_file() -> str:
    """The database of this process."""
    return str(current_app.config["DATABASE_URL"]).removeprefix("sqlite:///")


@pytest.fixture
def without_demo(demo: list[str], app: Flask) -> Iterator[None]:
    """The portal as it was before anybody loaded the demo."""
    removal.remove_demo()
    load.marker().unlink()
    yield
    load.marker().touch()
