"""The database: one handle, one base model, one way to open a transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import peewee
from playhouse.cysqlite_ext import CySqliteDatabase
from playhouse.postgres_ext import PostgresqlExtDatabase

from portal.quick_sql import QuickContext
from portal.turns import NotOurTurn, Turns

db = peewee.DatabaseProxy()
BUSY_SECONDS = 5

# trusted_schema and cell_size_check harden against a damaged or hostile file; secure_delete keeps erased text
# out of free pages; the cache is small because it multiplies by threads and workers. Whoever commits when so many pages
# have gathered copies them to their places: four times as many as usual makes that four times as rare, and pages that
# changed often are copied once.
SQLITE_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("wal_autocheckpoint", 4000),
    ("foreign_keys", 1),
    ("busy_timeout", BUSY_SECONDS * 1000),
    ("cache_size", -4000),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),
    ("journal_size_limit", 64 * 1024 * 1024),
)


class Sqlite(CySqliteDatabase):
    """SQLite, with statements written by `portal.quick_sql`."""

    context_class = QuickContext


class Postgres(PostgresqlExtDatabase):
    """PostgreSQL, with statements written by `portal.quick_sql`."""

    context_class = QuickContext


class Model(peewee.Model):
    """Base of every table. Each class writes its own constraints; nothing is deleted behind its back."""

    id: Any = peewee.AutoField()

    if TYPE_CHECKING:
        # Peewee makes `campaign_id` and back references when a class is made; a type checker can not see them.
        def __getattr__(self, name: str) -> Any: ...
        def __iter__(self) -> Any: ...

    class Meta:
        database = db
        legacy_table_names = False


class UTCDateTimeField(peewee.DateTimeField):
    """A moment. Refuses naive values, stores UTC without an offset, gives back aware UTC.

    SQLite and PostgreSQL disagree about zones; this makes them compare alike.
    """

    def db_value(self, value: Any) -> Any:
        return None if value is None else as_stored(value, self.name)

    def python_value(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value[:19])
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_stored(moment: Any, field: str = "a moment") -> Any:
    """An aware datetime as a `UTCDateTimeField` stores it. Raises ValueError, naming the field, for anything else.

    "2026-11-26 09:30:00" on SQLite: of fixed width, so that the order of the text is the order of time.
    """
    if not isinstance(moment, datetime):
        raise ValueError(f"{field} takes a datetime, not {moment!r}")
    if moment.tzinfo is None:
        raise ValueError(f"{field} takes an aware datetime, not a naive one")
    return _as_stored(moment, is_sqlite())


@lru_cache(maxsize=64)
def _as_stored(moment: datetime, is_text: bool) -> Any:
    """Of one moment: what happens now is stored in several columns of several rows."""
    utc = (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).replace(tzinfo=None, microsecond=0)
    return utc.isoformat(" ") if is_text else utc


def connect_to(url: str) -> peewee.Database:
    """The database that `url` names: sqlite:///path or postgresql://user:password@host/name.

    Raises ValueError for any other kind.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path) if url.startswith("sqlite:////") else unquote(parts.path.lstrip("/"))
        return _sqlite(path or ":memory:", is_of_threads=True)
    if parts.scheme in {"postgres", "postgresql"}:
        return Postgres(
            url.replace("postgres://", "postgresql://", 1), options="-c timezone=UTC", server_side_cursors=False
        )
    raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parts.scheme!r}")


def _sqlite(path: str, *, is_of_threads: bool) -> Sqlite:
    """The database in this file; `is_of_threads` when each thread has a connection of its own."""
    return Sqlite(path, pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", timeout=BUSY_SECONDS, thread_safe=is_of_threads)


def set_up(config: Mapping[str, Any]) -> None:
    """Make the folder of the data, and tie `db` to the database that the settings name. Raises ValueError for a kind
    that is not known."""
    config["DATA_DIR"].mkdir(parents=True, exist_ok=True)
    db.initialize(connect_to(config["DATABASE_URL"]))


def is_sqlite() -> bool:
    """Whether the portal runs on SQLite, for the few places where the engines differ."""
    return isinstance(db.obj, peewee.SqliteDatabase)


# ---- transactions ----

Calls = list[tuple[Callable[..., Any], tuple[Any, ...]]]
_after: ContextVar[Calls | None] = ContextVar("after_commit", default=None)
_claim: ContextVar[Callable[[], None] | None] = ContextVar("claim", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work: all of it or nothing. Inner ones become savepoints.

    Work queued by `after_commit` runs only after the outermost has committed.
    """
    calls = _after.get()
    if calls is None:
        with _outermost() as calls:
            yield
        _work_is_done(calls)
    else:
        mark = len(calls)
        try:
            with db.atomic():
                yield
        except BaseException:
            del calls[mark:]
            raise


def is_in_transaction() -> bool:
    """Whether a unit of work is under way here."""
    return _after.get() is not None


@contextmanager
def _outermost() -> Iterator[Calls]:
    before = _after.get()
    try:
        with our_turn(), db.atomic():
            yield _begin_work()
    finally:
        _after.set(before)


def _begin_work() -> Calls:
    """Begin a unit of work inside the database's transaction, for `transaction`.

    Only the first unit of a request claims the form's key, and gives it back if it fails. Returns what is to be called
    after the commit, by `_work_is_done`.
    """
    calls: Calls = []
    _after.set(calls)
    claim = _claim.get()
    if claim is not None:
        claim()
    return calls


def _work_is_done(calls: Calls) -> None:
    """The unit has been committed: the form's key is claimed, and what waited for it is called."""
    _claim.set(None)
    for call, args in calls:
        call(*args)


@contextmanager
def our_turn() -> Iterator[None]:
    """The writers of SQLite write one after the other. PostgreSQL has queues of its own.

    Raises peewee.OperationalError when the turn does not come within BUSY_SECONDS.
    """
    if not is_sqlite():
        yield
        return
    try:
        with _turns_at(db.obj.database).take(BUSY_SECONDS):
            yield
    except NotOurTurn:
        raise peewee.OperationalError("database is locked") from None


@cache
def _turns_at(path: str) -> Turns:
    return Turns(None if path == ":memory:" else f"{path}-turn")


def after_commit(call: Callable[..., Any], *args: Any) -> None:
    """Run `call(*args)` once the outermost transaction has committed. Raises RuntimeError outside one."""
    calls = _after.get()
    if calls is None:
        raise RuntimeError("after_commit needs a transaction")
    calls.append((call, args))


def claim_with(claim: Callable[[], None] | None) -> None:
    """Have the next outermost transaction begin with `claim()`. See portal.once."""
    _claim.set(claim)


# ---- connections ----


def common_database() -> peewee.Database:
    """The same SQLite database through one connection that all threads of this process share, for `portal.together`.

    Only whoever leads there uses it, in `our_turn`: it does not have to read again what it wrote itself.
    """
    return _common_database(db.obj.database)


def forget_common_database() -> None:
    """Begin with a fresh connection next time."""
    _common_database.cache_clear()


@cache
def _common_database(path: str) -> Sqlite:
    return _sqlite(path, is_of_threads=False)


def open_connection() -> None:
    """Open this thread's connection unless it is open. Threads keep theirs: opening is dear."""
    db.connect(reuse_if_open=True)


def close_connection() -> None:
    """Close this thread's connection if it is open."""
    if not db.is_closed():
        db.close()


def drop_connection() -> None:
    """Close this thread's connection after an error: it may be in any state, and a fresh one costs little."""
    if not db.in_transaction():
        close_connection()
