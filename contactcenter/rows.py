"""Rows written and read by statements that are compiled once, for the few hot paths.

Compiling a query costs Django several times what running it does. What runs at every click or at every request is
therefore put together once here, or written out beside its models as plain SQL that PostgreSQL and SQLite both
understand. Values go through the fields' own conversions; no signals are sent.
"""

# ruff: noqa: SLF001  # a row's and a model's own bookkeeping is what this is about

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


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
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, len(rows), connection.vendor), _values(rows))
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
            row._state.adding, row._state.db = False, connection.alias
    return list(rows)


def _values(rows: Sequence[models.Model]) -> list[Any]:
    fields = _fields(type(rows[0]))
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]


def part(model: type[Row], **columns: Any) -> Row:
    """A row of which these columns were read, by their names in the model; the others are read when asked for."""
    read = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(connection.alias, read, [columns[name] for name in read])


def whole(model: type[Row], number: int) -> Row:
    """The row with this id, as one plain statement; ObjectDoesNotExist where there is none."""
    for row in model._default_manager.raw(_by_id(model, connection.vendor), [number]):
        return row
    raise ObjectDoesNotExist(f"There is no {model._meta.verbose_name} {number}.")


def number_of(model: type[models.Model], **columns: Any) -> int | None:
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


@lru_cache(maxsize=64)
def _fields(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache(maxsize=64)
def _by_id(model: type[models.Model], _vendor: str) -> str:
    quote = connection.ops.quote_name
    return f"SELECT * FROM {quote(model._meta.db_table)} WHERE {quote(model._meta.pk.attname)} = %s"  # noqa: S608


@lru_cache(maxsize=64)
def _by_columns(model: type[models.Model], columns: tuple[str, ...], _vendor: str) -> str:
    quote = connection.ops.quote_name
    asked = " AND ".join(f"{quote(column)} = %s" for column in columns)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.attname)
    return f"SELECT {key} FROM {table} WHERE {asked} LIMIT 1"  # noqa: S608


@lru_cache(maxsize=256)
def _insert(model: type[models.Model], count: int, _vendor: str) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    one = f"({', '.join(['%s'] * len(_fields(model)))})"
    table, key = quote(model._meta.db_table), quote(model._meta.pk.attname)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * count)} RETURNING {key}"  # noqa: S608
