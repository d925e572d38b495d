"""Queries that Django puts together once, for the hot paths (see `contactcenter/rows.py`).

Putting a query together costs more than running it. Where one runs at every webhook or click, and its rows are wanted
whole with what they belong to, it is described as any other, run once, and from then on only its values change.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from inspect import signature
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)


class Asked(Expression):
    """Stands in a query for a value that each run brings."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A place for the value, marked as one that is still asked for."""
        return "%s", [self]


class _Made(NamedTuple):
    """A query put together for one database: its text, its values with those asked for, and how a row is read."""

    sql: str
    values: Sequence[Any]
    converters: Sequence[tuple[int, tuple[Sequence[Callable[..., Any]], Any]]]
    model: type[models.Model]
    columns: slice
    names: Sequence[str]
    others: Sequence[Any]


class Compiled(Generic[Row]):
    """`query` gets a stand-in for each of its values, and returns a query of whole rows: `filter`, `select_related`, …

    A lock that it asks for is taken only inside a transaction.
    """

    def __init__(self, query: Callable[..., "models.QuerySet[Row]"]) -> None:
        self._query = query
        self._made: dict[str, _Made] = {}

    def all(self, *values: Any) -> list[Row]:
        """The rows, for these values."""
        made = self._made.get(connection.vendor) or self._put_together()
        given = [_stored(values[one.number]) if isinstance(one, Asked) else one for one in made.values]
        with connection.cursor() as cursor:
            cursor.execute(made.sql, given)
            found = cursor.fetchall()
        return [_read(made, list(row)) for row in found]

    def first(self, *values: Any) -> Row | None:
        """The first row, for these values; None where there is none."""
        return next(iter(self.all(*values)), None)

    def _put_together(self) -> _Made:
        asked = [Asked(number) for number in range(len(signature(self._query).parameters))]
        compiler: Any = self._query(*asked).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        own = compiler.klass_info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        made = self._made[connection.vendor] = _Made(
            sql=sql,
            values=values,
            converters=list(compiler.get_converters([expression for expression, *_ in compiler.select]).items()),
            model=compiler.klass_info["model"],
            columns=columns,
            names=[expression.target.attname for expression, *_ in compiler.select[columns]],
            others=get_related_populators(compiler.klass_info, compiler.select, connection.alias),  # type: ignore[call-arg]
        )
        return made


def _stored(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _read(made: _Made, row: list[Any]) -> Any:
    for at, (converters, expression) in made.converters:
        for convert in converters:
            row[at] = convert(row[at], expression, connection)
    found = made.model.from_db(connection.alias, made.names, row[made.columns])
    for other in made.others:
        other.populate(row, found)
    return found
