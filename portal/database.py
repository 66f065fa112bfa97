"""The database: one handle, one base model, one way to open a transaction."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import peewee
from playhouse.cysqlite_ext import CySqliteDatabase
from playhouse.postgres_ext import PostgresqlExtDatabase

db = peewee.DatabaseProxy()
BUSY_SECONDS = 5
_turn = threading.Lock()

# trusted_schema and cell_size_check harden against a damaged or hostile file; secure_delete keeps erased text
# out of free pages; the cache is small because it multiplies by threads and workers.
SQLITE_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("busy_timeout", BUSY_SECONDS * 1000),
    ("cache_size", -4000),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("secure_delete", 1),
    ("journal_size_limit", 64 * 1024 * 1024),
)


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

    # Fixed width, so that SQLite's text order is the order of time.
    _stored = "%Y-%m-%d %H:%M:%S"

    def db_value(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise ValueError(f"{self.name} takes a datetime, not {value!r}")
        if value.tzinfo is None:
            raise ValueError(f"{self.name} takes an aware datetime, not a naive one")
        utc = value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        return utc.strftime(self._stored) if is_sqlite() else utc

    def python_value(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.strptime(value[:19], self._stored)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connect_to(url: str) -> peewee.Database:
    """The database that `url` names: sqlite:///path or postgresql://user:password@host/name.

    Raises ValueError for any other kind.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path) if url.startswith("sqlite:////") else unquote(parts.path.lstrip("/"))
        return CySqliteDatabase(path or ":memory:", pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", timeout=BUSY_SECONDS)
    if parts.scheme in {"postgres", "postgresql"}:
        return PostgresqlExtDatabase(
            url.replace("postgres://", "postgresql://", 1), options="-c timezone=UTC", server_side_cursors=False
        )
    raise ValueError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parts.scheme!r}")


def is_sqlite() -> bool:
    """Whether the portal runs on SQLite, for the few places where the engines differ."""
    return isinstance(db.obj, peewee.SqliteDatabase)


# ---- transactions ----

_after: ContextVar[list[tuple[Callable[..., Any], tuple[Any, ...]]] | None] = ContextVar("after_commit", default=None)
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
        for call, args in calls:
            call(*args)
    else:
        mark = len(calls)
        try:
            with db.atomic():
                yield
        except BaseException:
            del calls[mark:]
            raise


@contextmanager
def _outermost() -> Iterator[list[tuple[Callable[..., Any], tuple[Any, ...]]]]:
    calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
    token = _after.set(calls)
    try:
        with _our_turn(), db.atomic():
            claim = _claim.get()
            if claim is not None:
                # Only the first transaction of a request claims the form's key, and gives it back if it fails.
                claim()
            yield calls
        _claim.set(None)
    finally:
        _after.reset(token)


@contextmanager
def _our_turn() -> Iterator[None]:
    """The threads of a process write one after the other, woken in time.

    SQLite lets writers poll for its lock and sleep ever longer in between, which wastes most of a busy second; between
    processes that remains. PostgreSQL has queues of its own. Raises peewee.OperationalError after BUSY_SECONDS.
    """
    if not is_sqlite():
        yield
        return
    if not _turn.acquire(timeout=BUSY_SECONDS):
        raise peewee.OperationalError("database is locked")
    try:
        yield
    finally:
        _turn.release()


def after_commit(call: Callable[..., Any], *args: Any) -> None:
    """Run `call(*args)` once the outermost transaction has committed. Raises RuntimeError outside one."""
    calls = _after.get()
    if calls is None:
        raise RuntimeError("after_commit needs a transaction")
    calls.append((call, args))


def claim_with(claim: Callable[[], None] | None) -> None:
    """Have the next outermost transaction begin with `claim()`. See portal.once."""
    _claim.set(claim)


# ---- rows in a hurry ----

_written: dict[Any, str] = {}


def add_row(model: type[Model], *, unless_there: str = "", **values: Any) -> int | None:
    """Insert a row and return its id, as `model.create` does, with a statement that is written only once.

    For the few inserts that many people cause at once: writing the statement costs more than running it. With
    `unless_there`, a unique column, an equal row that is there already is left alone and None is returned. Raises
    peewee.IntegrityError like any insert.
    """
    values = {**model._meta.get_default_dict(), **values}
    shape = (model, unless_there, is_sqlite(), *values)
    if shape not in _written:
        _written[shape] = _written_insert(model, list(values), unless_there)
    fields = model._meta.fields
    given = tuple(fields[name].db_value(value) for name, value in values.items())
    rows = db.execute_sql(_written[shape], given).fetchall()
    return rows[0][0] if rows else None


def _written_insert(model: type[Model], names: list[str], unless_there: str) -> str:
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
    marks = ", ".join(["?" if is_sqlite() else "%s"] * len(names))
    conflict = f'ON CONFLICT ("{unless_there}") DO NOTHING ' if unless_there else ""
    return f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks}) {conflict}RETURNING "id"'


class Blank:
    """A place in a written statement that is filled in each time it runs."""

    def __init__(self, name: str) -> None:
        self.name = name


class Written:
    """A statement that is written once and run many times with other values: peewee takes longer to write a query than
    the database takes to answer it.

    `build` gives the query, with `peewee.Value(Blank("name"), converter=False)` (see `blank`) where values go.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._known: dict[bool, tuple[str, list[Any]]] = {}

    def run(self, **values: Any) -> Any:
        """Run it with these values, given as the database stores them. Returns the cursor."""
        if is_sqlite() not in self._known:
            sql, params = self._build().sql()
            self._known[is_sqlite()] = sql, list(params)
        sql, params = self._known[is_sqlite()]
        return db.execute_sql(sql, [values[it.name] if isinstance(it, Blank) else it for it in params])


def row_of(model: type[Model], values: Any) -> Any:
    """A row of `model` from the values of all its columns, in their order, as a statement of `Written` gives them.

    None where they are all null: nothing was joined.
    """
    if values[0] is None:
        return None
    row: Any = model(__no_default__=1)
    for field, value in zip(model._meta.sorted_fields, values, strict=True):
        row.__data__[field.name] = field.python_value(value) if value is not None else None
    row._dirty.clear()
    return row


def blank(name: str) -> Any:
    """A place for the value `name` in a statement of `Written`."""
    return peewee.Value(Blank(name), converter=False)


def as_stored(moment: datetime) -> Any:
    """A moment as a `UTCDateTimeField` stores it, for `Written`."""
    return UTCDateTimeField(null=True).db_value(moment)


# ---- connections ----


def open_connection() -> None:
    """Open this thread's connection unless it is open. Threads keep theirs: opening is dear."""
    db.connect(reuse_if_open=True)


def close_connection() -> None:
    """Close this thread's connection if it is open."""
    if not db.is_closed():
        db.close()
