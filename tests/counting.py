"""Counting the SQL statements of one request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.database import db

QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def count_sql() -> Iterator[list[str]]:
    """Collect every statement that runs inside, without the savepoints that tests themselves cause."""
    seen: list[str] = []
    real = db.obj.execute_sql

    def listen(sql: str, *args: Any, **kwargs: Any) -> Any:
        if not sql.startswith(QUIET):
            seen.append(sql)
        return real(sql, *args, **kwargs)

    db.obj.execute_sql = listen
    try:
        yield seen
    finally:
        del db.obj.execute_sql
