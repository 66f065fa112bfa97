"""Bring the database to the newest schema, one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from playhouse.migrations import Runner

from portal import jobs
from portal.database import db, is_sqlite
from portal.settings import ROOT

FOLDER = ROOT / "migrations"
# Any number will do, as long as every Doorstep uses the same one.
ADVISORY_LOCK = 7_301_964


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Two starts at once must not both migrate: the second waits for the first."""
    if is_sqlite():
        data_dir.mkdir(parents=True, exist_ok=True)
        with open(data_dir / "migrate.lock", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    db.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        yield
    finally:
        db.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))


def runner() -> Runner:
    """playhouse's runner over migrations/."""
    return Runner(db.obj, str(FOLDER))


def up(data_dir: Path, target: str | None = None) -> list[str]:
    """Apply what is missing; returns the names applied."""
    db.connect(reuse_if_open=True)
    with _alone(data_dir):
        names = list(runner().up(target) or [])
        jobs.make_tables(current_app.config["DATABASE_URL"])
        return names


def down(data_dir: Path, target: str) -> list[str]:
    """Undo back to and including `target`; returns the names undone."""
    db.connect(reuse_if_open=True)
    with _alone(data_dir):
        return list(runner().down(target) or [])


def pending() -> list[str]:
    """Migrations not applied yet."""
    db.connect(reuse_if_open=True)
    return [m.name for m in runner().status() if m.applied is None]
