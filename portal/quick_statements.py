"""Statements in a hurry: written once and run many times with other values, for what many people do at once."""

from collections.abc import Callable
from functools import cache
from typing import Any

import peewee

from portal.database import Model, db, is_sqlite


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
        self._known: dict[bool, tuple[Any, str, list[Any]]] = {}

    def run(self, **values: Any) -> Any:
        """Run it with these values, given as the database stores them. Returns the cursor."""
        _query, sql, params = self._written()
        return db.execute_sql(sql, [values[it.name] if isinstance(it, Blank) else it for it in params])

    def first(self, **values: Any) -> Any:
        """The first row as peewee makes it of a model's query, with what was joined; None where there is none."""
        query, _sql, _params = self._written()
        # The query is never run itself: it only says which column belongs to which model.
        return next(iter(query._get_cursor_wrapper(self.run(**values))), None)

    def _written(self) -> tuple[Any, str, list[Any]]:
        if is_sqlite() not in self._known:
            query = self._build()
            sql, params = query.sql()
            self._known[is_sqlite()] = query, sql, list(params)
        return self._known[is_sqlite()]


def row_of(model: type[Model], values: Any) -> Any:
    """A row of `model` from the values of all its columns, in their order, as a statement of `Written` gives them.

    None where they are all null: nothing was joined.
    """
    if values[0] is None:
        return None
    names, to_convert = _columns_of(model)
    row: Any = model(__no_default__=1)
    data = row.__data__
    data.update(zip(names, values, strict=True))
    for name, convert in to_convert:
        if data[name] is not None:
            data[name] = convert(data[name])
    row._dirty.clear()
    return row


# What the database gives as the model has it.
_ALIKE = {peewee.TextField, peewee.CharField, peewee.IntegerField, peewee.AutoField}


@cache
def _columns_of(model: type[Model]) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """The fields of a model in the order of its columns, and of those that need it how a stored value is read."""
    fields = model._meta.sorted_fields
    return [field.name for field in fields], [
        (field.name, field.python_value) for field in fields if type(getattr(field, "rel_field", field)) not in _ALIKE
    ]


def blank(name: str) -> Any:
    """A place for the value `name` in a statement of `Written`."""
    return peewee.Value(Blank(name), converter=False)
