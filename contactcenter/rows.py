"""Rows written and read by statements that are compiled once, for the few hot paths.

Compiling a query costs Django several times what running it does, and each statement costs both sides a turn. What runs
at every click or at every request is therefore put together once here, or written out beside its models as plain SQL
that PostgreSQL and SQLite both understand. Values go through the fields' own conversions; no signals are sent.
"""

# ruff: noqa: SLF001  # a row's and a model's own bookkeeping is what this is about

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from psycopg import _queries

Row = TypeVar("Row", bound=models.Model)
Model = type[models.Model]

# The driver takes a statement with more than fifty parameters apart anew at each run. Ours have more, but are few.
_queries.MAX_CACHED_STATEMENT_PARAMS = 400
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384


class _Gathered(threading.local):
    """What waits in this thread: rows of `together` with ids drawn for those to come, and rows of `at_the_end`."""

    rows: list[models.Model] | None = None
    numbers: dict[Model, list[int]]
    late: dict[Model, list[models.Model]] | None = None


_gathered = _Gathered()


@contextmanager
def together(*expected: Model) -> Iterator[None]:
    """New rows of these models wait, with their ids, for the next other insert or the end, and are written in one turn.

    Nothing may read them from the database meanwhile. So it is on PostgreSQL, which checks foreign keys at the commit;
    elsewhere, where a turn costs nothing, each row is written at once. So is a row that is the only one expected.
    """
    if connection.vendor != "postgresql" or _gathered.rows is not None or len(expected) < 2:
        yield
        return
    _gathered.rows, _gathered.numbers = [], _drawn(expected)
    try:
        yield
        _flush()
    finally:
        _gathered.rows = None


@contextmanager
def at_the_end(*late: Model) -> Iterator[None]:
    """New rows of these models, whose ids nobody needs before, are written in one turn at the end of the transaction.

    It stands directly inside that transaction, whose steps read none of these rows. So it is on PostgreSQL; elsewhere
    each row is written at once.
    """
    if connection.vendor != "postgresql":
        yield
        return
    _gathered.late = {model: [] for model in late}
    try:
        yield
        write_late()
    finally:
        _gathered.late = None


def add(row: Row) -> Row:
    """Insert one new row; it then has its id."""
    return add_all([row])[0]


def add_all(rows: Sequence[Row]) -> list[Row]:
    """Insert new rows of one model in one statement; they then have their ids, in the order given."""
    if not rows:
        return []
    model = type(rows[0])
    if not connection.features.can_return_rows_from_bulk_insert:
        return model._default_manager.bulk_create(rows)
    if _gathered.late is not None and model in _gathered.late:
        _gathered.late[model].extend(rows)
        return list(rows)
    if _gathered.rows is not None and model in _gathered.numbers:
        return _gather(rows)
    for row, (number,) in zip(rows, _flush(rows), strict=True):
        settle(row, number)
    return list(rows)


def change(row: models.Model, *names: str) -> None:
    """Write these fields, by their names in the model, of a row that is there already."""
    fields = [field for name in names for field in _fields(type(row)) if field.name == name]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row), names, connection.vendor), [*values, row.pk])


def part(model: type[Row], **columns: Any) -> Row:
    """A row of which these columns were read, by their names in the model; the others are read when asked for."""
    read = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(connection.alias, read, [columns[name] for name in read])


def whole(model: type[Row], number: int) -> Row:
    """The row with this id, as one plain statement; ObjectDoesNotExist where there is none."""
    for row in model._default_manager.raw(_by_id(model, connection.vendor), [number]):
        return row
    raise ObjectDoesNotExist(f"There is no {model._meta.verbose_name} {number}.")


def number_of(model: Model, **columns: Any) -> int | None:
    """The id of a row with these values, None where there is none: whether something is known already."""
    with connection.cursor() as cursor:
        cursor.execute(_by_columns(model, tuple(columns), connection.vendor), list(columns.values()))
        found = cursor.fetchone()
    return found[0] if found else None


def holding(row: Row, relation: str, others: Sequence[models.Model]) -> Row:
    """The row, knowing already which others are on the far side of this relation."""
    rows = getattr(row, relation).get_queryset()
    rows._result_cache, rows._prefetch_done = list(others), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows
    return row


def instant(stored: datetime) -> datetime:
    """An instant that was read by plain SQL where the database knows no time zones (SQLite): those are UTC."""
    return stored.replace(tzinfo=UTC)


def into_where(model: Model) -> str:
    """`INSERT … SELECT` of one row, written if what follows it as its `FROM` has a row; for `values_of` it."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    values = ", ".join(f"%s::{field.db_type(connection)}" for field in _fields(model))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {values}"


def values_of(row: models.Model) -> list[Any]:
    """The row's values, its id left out, as the database takes them."""
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in _fields(type(row))]


def settle(row: models.Model, number: int) -> None:
    """The row was written and has this id."""
    row.pk = number
    row._state.adding, row._state.db = False, connection.alias


def _gather(rows: Sequence[Row]) -> list[Row]:
    """Give the rows their ids, and let them wait."""
    model = type(rows[0])
    numbers = _gathered.numbers[model]
    numbers += _drawn([model] * (len(rows) - len(numbers))).get(model, [])
    for row in rows:
        settle(row, numbers.pop(0))
    if _gathered.rows is not None:
        _gathered.rows.extend(rows)
    return list(rows)


def _flush(last: Sequence[models.Model] = ()) -> list[tuple[int]]:
    """Write what waits, and `last` with it; returns the ids of `last`."""
    waiting = _gathered.rows or []
    if not waiting and not last:
        return []
    shape = tuple(type(row) for row in waiting)
    values = [value for row in waiting for value in (row.pk, *values_of(row))]
    values += [value for row in last for value in values_of(row)]
    waiting.clear()
    with connection.cursor() as cursor:
        cursor.execute(_insert(shape, type(last[0]) if last else None, len(last), connection.vendor), values)
        return list(cursor.fetchall()) if last else []


def write_late() -> None:
    """Write now what waits for the end of the transaction, so that what follows comes after it."""
    late = _gathered.late or {}
    shape = tuple((model, len(rows)) for model, rows in late.items() if rows)
    waiting = [row for rows in late.values() for row in rows]
    if not waiting:
        return
    for rows in late.values():
        rows.clear()
    with connection.cursor() as cursor:
        cursor.execute(_insert_each(shape), [value for row in waiting for value in values_of(row)])
        numbers = cursor.fetchall()
    for row, (number,) in zip(waiting, numbers, strict=True):
        settle(row, number)


def _drawn(models_: Sequence[Model]) -> dict[Model, list[int]]:
    """Fresh ids, one for each model named."""
    if not models_:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_draw(tuple(models_)))
        row = cursor.fetchone()
    numbers: dict[Model, list[int]] = {}
    for model, number in zip(models_, row or (), strict=True):
        numbers.setdefault(model, []).append(number)
    return numbers


@lru_cache(maxsize=64)
def _fields(model: Model) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache(maxsize=64)
def _draw(models_: tuple[Model, ...]) -> str:
    drawn = (f"nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))" for model in models_)
    return f"SELECT {', '.join(drawn)}"


@lru_cache(maxsize=64)
def _by_id(model: Model, _vendor: str) -> str:
    quote = connection.ops.quote_name
    return f"SELECT * FROM {quote(model._meta.db_table)} WHERE {quote(model._meta.pk.attname)} = %s"  # noqa: S608


@lru_cache(maxsize=64)
def _by_columns(model: Model, columns: tuple[str, ...], _vendor: str) -> str:
    quote = connection.ops.quote_name
    asked = " AND ".join(f"{quote(column)} = %s" for column in columns)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.attname)
    return f"SELECT {key} FROM {table} WHERE {asked} LIMIT 1"  # noqa: S608


@lru_cache(maxsize=256)
def _insert(waiting: tuple[Model, ...], last: Model | None, count: int, _vendor: str) -> str:
    """One statement for the rows that wait, with their ids, and for those of the last model, whose ids it returns."""
    quote = connection.ops.quote_name
    steps = [_into(model, 1, numbered=True) for model in waiting]
    if last:
        steps.append(f"{_into(last, count, numbered=False)} RETURNING {quote(last._meta.pk.attname)}")
    *before, end = steps
    named = ", ".join(f"_{number} AS ({step})" for number, step in enumerate(before))
    return f"WITH {named} {end}" if named else end


@lru_cache(maxsize=64)
def _insert_each(shape: tuple[tuple[Model, int], ...]) -> str:
    """One statement for so many rows of each of these models; it returns their ids in this order."""
    steps = [f"_{at} AS ({_into(*one, numbered=False)} RETURNING id)" for at, one in enumerate(shape)]
    ids = " UNION ALL ".join(f"SELECT id FROM _{at}" for at in range(len(shape)))  # noqa: S608  # names of our own
    return f"WITH {', '.join(steps)} {ids}"


@lru_cache(maxsize=64)
def _update(model: Model, names: tuple[str, ...], _vendor: str) -> str:
    quote = connection.ops.quote_name
    fields = (field for name in names for field in _fields(model) if field.name == name)
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(model._meta.pk.attname)} = %s"  # noqa: S608


def _into(model: Model, count: int, *, numbered: bool) -> str:
    quote = connection.ops.quote_name
    columns = [quote(str(field.column)) for field in _fields(model)]
    if numbered:
        columns.insert(0, quote(model._meta.pk.attname))
    one = f"({', '.join(['%s'] * len(columns))})"
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * count)}"  # noqa: S608
