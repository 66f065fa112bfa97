"""Rows in a hurry: the few inserts that many people cause at once, with statements that are written only once.

Writing an insert costs the library more than running it does. `prepare_row` does all that can be done before a
transaction that others wait for; what is left is one statement.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import peewee

from portal.database import Model, db, is_sqlite

# Runs a statement in the transaction that is open and returns its cursor: `db.execute_sql`, or a connection's own.
Execute = Callable[[str, tuple[Any, ...]], Any]


class Row(NamedTuple):
    """A row to be stored: its insert and what goes into it."""

    sql: str
    given: tuple[Any, ...]

    def add(self) -> int | None:
        """Store it and return its id; None when an equal one was expected and is there.

        Raises peewee.IntegrityError like any insert.
        """
        rows = db.execute_sql(self.sql, self.given).fetchall()
        return rows[0][0] if rows else None


def add_all(rows: Sequence[Row], execute: Execute | None = None) -> int:
    """Store rows of one shape with one statement, in the transaction of `execute`; returns how many were not there yet.

    Raises ValueError when they were prepared for different tables or columns, and peewee.IntegrityError like any
    insert; by a connection's own `execute`, that connection's error.
    """
    if not rows:
        return 0
    sql = rows[0].sql
    if any(row.sql != sql for row in rows):
        raise ValueError("rows of one statement must have one shape")
    given = tuple(one for row in rows for one in row.given)
    return len((execute or db.execute_sql)(_for_many(sql, len(rows)), given).fetchall())


@lru_cache(maxsize=256)
def _for_many(sql: str, count: int) -> str:
    head, _values, tail = sql.partition(" VALUES ")
    marks, _end, rest = tail.partition(")")
    return f"{head} VALUES {', '.join([f'{marks})'] * count)}{rest}"


class _Shape(NamedTuple):
    sql: str
    # A value for each column: the defaults that are always the same, in their places.
    start: tuple[Any, ...]
    # The place of each value that is given, the type that needs no conversion, and the conversion.
    given: tuple[tuple[int, type, Callable[[Any], Any]], ...]
    # The place of each default that is made anew, how, and the conversion.
    made: tuple[tuple[int, Callable[[], Any], Callable[[Any], Any]], ...]


_shapes: dict[Any, _Shape] = {}
# What the library stores as it is given. A bool is no plain int, nor a str in a column for moments plain.
_PLAIN = {
    peewee.TextField: str,
    peewee.CharField: str,
    peewee.IntegerField: int,
    peewee.ForeignKeyField: int,
    peewee.BooleanField: bool,
}


def prepare_row(model: type[Model], *, unless_there: str = "", **values: Any) -> Row:
    """The row that `model.create` would store. With `unless_there`, a unique column, an equal row is left alone."""
    named = (model, unless_there, is_sqlite(), *values)
    shape = _shapes.get(named)
    if shape is None:
        shape = _shapes[named] = _new_shape(model, values, unless_there)
    row = list(shape.start)
    for (place, plain, convert), value in zip(shape.given, values.values(), strict=True):
        row[place] = value if value is None or type(value) is plain else convert(value)
    for place, default, convert in shape.made:
        row[place] = convert(default())
    return Row(shape.sql, tuple(row))


def add_row(model: type[Model], *, unless_there: str = "", **values: Any) -> int | None:
    """Insert a row and return its id, as `model.create` does. See `prepare_row` and `Row.add`."""
    return prepare_row(model, unless_there=unless_there, **values).add()


def _new_shape(model: type[Model], values: dict[str, Any], unless_there: str) -> _Shape:
    defaults = {field.name: default for field, default in model._meta.defaults.items() if field.name not in values}
    # In the table's own order, so that rows of one table that give the same columns have one statement.
    fields = [field for name, field in model._meta.fields.items() if name in values or name in defaults]
    places = {field.name: place for place, field in enumerate(fields)}
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join(["?" if is_sqlite() else "%s"] * len(fields))
    conflict = f'ON CONFLICT ("{unless_there}") DO NOTHING ' if unless_there else ""
    convert = {field.name: field.db_value for field in fields}
    plain = {field.name: _PLAIN.get(type(field), type(None)) for field in fields}
    start = [None if callable(default := defaults.get(f.name)) else convert[f.name](default) for f in fields]
    return _Shape(
        f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks}) {conflict}RETURNING "id"',
        tuple(start),
        tuple((places[name], plain[name], convert[name]) for name in values),
        tuple((places[name], default, convert[name]) for name, default in defaults.items() if callable(default)),
    )
