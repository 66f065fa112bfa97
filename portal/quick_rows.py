"""Rows in a hurry: the few inserts that many people cause at once, with statements that are written only once.

Writing an insert costs the library more than running it does. `prepare_row` does all that can be done before a
transaction that others wait for; what is left is one statement.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import peewee

from portal.database import Model, db, is_sqlite

# Runs a statement in the transaction that is open and returns its cursor: `db.execute_sql`, or a connection's own.
Execute = Callable[[str, tuple[Any, ...]], Any]


class Row(NamedTuple):
    """A row to be stored: its insert and what goes into it."""

    sql: str
    given: tuple[Any, ...]

    def add(self, execute: Execute | None = None) -> int | None:
        """Store it and return its id; None when an equal one was expected and is there.

        Raises peewee.IntegrityError like any insert; by a connection's own `execute`, that connection's error.
        """
        rows = (execute or db.execute_sql)(self.sql, self.given).fetchall()
        return rows[0][0] if rows else None


def add_all(rows: list[Row]) -> int:
    """Store rows of one shape with one statement; returns how many were not there yet.

    Raises ValueError when they were prepared for different tables or columns.
    """
    if not rows:
        return 0
    sql = rows[0].sql
    if any(row.sql != sql for row in rows):
        raise ValueError("rows of one statement must have one shape")
    head, _values, tail = sql.partition(" VALUES ")
    marks, _end, rest = tail.partition(")")
    many = ", ".join([f"{marks})"] * len(rows))
    return len(db.execute_sql(f"{head} VALUES {many}{rest}", [one for row in rows for one in row.given]).fetchall())


class _Shape(NamedTuple):
    sql: str
    # For each column: its name, its default, the type that needs no conversion, and the conversion.
    columns: tuple[tuple[str, Any, type, Callable[[Any], Any]], ...]


_shapes: dict[Any, _Shape] = {}
# What the library stores as it is given. A bool is no plain int, nor a str in a column for moments plain.
_PLAIN = {peewee.TextField: str, peewee.CharField: str, peewee.IntegerField: int, peewee.ForeignKeyField: int}


def prepare_row(model: type[Model], *, unless_there: str = "", **values: Any) -> Row:
    """The row that `model.create` would store. With `unless_there`, a unique column, an equal row is left alone."""
    named = (model, unless_there, is_sqlite(), *values)
    shape = _shapes.get(named)
    if shape is None:
        shape = _shapes[named] = _new_shape(model, values, unless_there)
    given = []
    for name, default, plain, convert in shape.columns:
        value = values[name] if name in values else default() if callable(default) else default
        given.append(value if value is None or type(value) is plain else convert(value))
    return Row(shape.sql, tuple(given))


def add_row(model: type[Model], *, unless_there: str = "", **values: Any) -> int | None:
    """Insert a row and return its id, as `model.create` does. See `prepare_row` and `Row.add`."""
    return prepare_row(model, unless_there=unless_there, **values).add()


def _new_shape(model: type[Model], values: dict[str, Any], unless_there: str) -> _Shape:
    defaults = {field.name: default for field, default in model._meta.defaults.items()}
    names = [name for name in model._meta.fields if name in values or name in defaults]
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join(["?" if is_sqlite() else "%s"] * len(names))
    conflict = f'ON CONFLICT ("{unless_there}") DO NOTHING ' if unless_there else ""
    return _Shape(
        f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks}) {conflict}RETURNING "id"',
        tuple((f.name, defaults.get(f.name), _PLAIN.get(type(f), type(None)), f.db_value) for f in fields),
    )
