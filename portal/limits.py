"""Rate limits that hold across threads and processes: one atomic statement each.

A bucket refills steadily. On SQLite the buckets live in a file of their own without fsync, so that a flood never
waits for the main write lock; losing that file gives everybody a fresh bucket and harms nothing.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import peewee
from flask import Flask, request
from playhouse.cysqlite_ext import CySqliteDatabase

from portal import clock
from portal.database import BUSY_SECONDS, db, is_sqlite
from portal.errors import TooFast
from portal.tokens import keyed_digest
from portal.turns import Turns


@dataclass(frozen=True)
class Limit:
    """So many acts in so many seconds, refilled steadily."""

    name: str
    most: int
    seconds: int


SIGN_IN_LINK_ADDRESS = Limit("sign-in-link-address", 5, 3600)
SIGN_IN_LINK_NETWORK = Limit("sign-in-link-network", 30, 3600)
PASSWORD_TRY = Limit("password-try", 10, 900)
CODE_TRY = Limit("code-try", 20, 900)
SIGNATURE_NETWORK = Limit("signature-network", 60, 86400)
CONFIRMATION_MAIL = Limit("confirmation-mail", 2, 86400)
RSVP_NETWORK = Limit("rsvp-network", 60, 86400)
START_CAMPAIGN = Limit("start-campaign", 10, 86400)
INVITATION_MAIL = Limit("invitation-mail", 40, 86400)
NAMED_MAIL = Limit("named-mail", 40, 86400)
CHECK_TEXT = Limit("check-text", 60, 3600)
JOIN_REQUEST = Limit("join-request", 10, 86400)
RECORD_PROPOSAL = Limit("record-proposal", 20, 86400)
CORRECTION_NETWORK = Limit("correction-network", 10, 86400)
CORRECTION_MAIL = Limit("correction-mail", 3, 86400)

CREATE = """
CREATE TABLE IF NOT EXISTS rate_bucket (
  key TEXT PRIMARY KEY, level DOUBLE PRECISION NOT NULL, at DOUBLE PRECISION NOT NULL
)
"""
# level = how full the bucket is (acts not yet drained). A clock that goes back drains nothing.
TAKE = """
INSERT INTO rate_bucket (key, level, at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
  level = {greatest}(0.0, rate_bucket.level - {greatest}(0.0, excluded.at - rate_bucket.at) * {p}) + 1.0,
  at = {greatest}(rate_bucket.at, excluded.at)
WHERE {greatest}(0.0, rate_bucket.level - {greatest}(0.0, excluded.at - rate_bucket.at) * {p}) + 1.0 <= {p}
RETURNING key
"""

# One connection for all threads: each of several would find its pages outdated by the others.
_own: peewee.Database | None = None
_door = threading.Lock()


def set_up(app: Flask) -> None:
    """Make the buckets' table, in a file of its own beside an SQLite database."""
    global _own
    if not is_sqlite():
        _own = None
        return
    path = app.config["DATA_DIR"] / "limits.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    pragmas = (
        ("journal_mode", "wal"),
        ("synchronous", "off"),
        ("busy_timeout", BUSY_SECONDS * 1000),
        ("cache_size", -500),
    )
    _own = CySqliteDatabase(str(path), pragmas=pragmas, lock_type="IMMEDIATE", thread_safe=False)
    # One process after the other: two that turn a new file to WAL at once collide, however long they may wait.
    with Turns(f"{path}-turn").take(BUSY_SECONDS):
        _own.connect(reuse_if_open=True)
        # The key is all there is to find: one page to write instead of two.
        _own.execute_sql(f"{CREATE} WITHOUT ROWID")


def take(limit: Limit, who: str, *, at: datetime | None = None) -> bool:
    """Use one act of `limit` for `who`. False when none is left; then nothing is used up."""
    return take_each(limit, [who], at=at)[0]


def take_each(limit: Limit, everybody: Sequence[str], *, at: datetime | None = None) -> list[bool]:
    """What `take` says of one after the other, with one statement as long as nobody comes twice."""
    keys = [keyed_digest(limit.name, who) for who in everybody]
    if not keys or len(set(keys)) < len(keys):
        return [take(limit, who, at=at) for who in everybody]
    moment, drain = (at or clock.now()).timestamp(), limit.most / limit.seconds
    given = (*(one for key in keys for one in (key, moment)), drain, drain, float(limit.most))
    taken = {row[0] for row in _run(_take_sql(len(keys), _own is not None), given)}
    return [key in taken for key in keys]


@lru_cache(maxsize=64)
def _take_sql(count: int, is_own: bool) -> str:
    mark, greatest = ("?", "MAX") if is_own else ("%s", "GREATEST")
    return TAKE.format(rows=", ".join([f"({mark}, 1.0, {mark})"] * count), p=mark, greatest=greatest)


def _run(sql: str, given: tuple[Any, ...]) -> list[Any]:
    if _own is None:
        return db.execute_sql(sql, given).fetchall()
    with _door:
        _own.connect(reuse_if_open=True)
        # To its end, so that the file is written and let go.
        return _own.execute_sql(sql, given).fetchall()


def spend(limit: Limit, who: str) -> None:
    """Use one act of `limit` for `who`. Raises TooFast when none is left."""
    if not take(limit, who):
        raise TooFast(wait_seconds=max(1, limit.seconds // limit.most))


def network() -> str:
    """The asker's network, shortened: IPv4 /24, IPv6 /48. A street behind one router counts together."""
    return network_of(request.remote_addr)


def network_of(address: str | None) -> str:
    """The network that an address belongs to, as `network` gives it."""
    address = address or "unknown"
    if ":" in address:
        return ":".join(address.split(":")[:3])
    return ".".join(address.split(".")[:3])
