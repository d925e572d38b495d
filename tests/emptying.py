"""How the database is emptied after a test whose transactions were real: a third of all tests, so it must be cheap.

Django truncates every table, for which PostgreSQL makes hundreds of files anew, and then writes all permissions again.
Here the rows are deleted, and what comes with the tables themselves stays.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

COMES_WITH_THE_TABLES = frozenset({"auth_permission", "django_content_type", "django_site"})


def install() -> None:
    """From now on tests leave the database so."""
    TransactionTestCase._fixture_teardown = _emptied


def _emptied(_test: Any) -> None:
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    tables = sorted(names - COMES_WITH_THE_TABLES)
    if connection.vendor != "postgresql":
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever still writes is waited for, as by TRUNCATE: what they write would stay for the next test.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # no triggers: neither keys nor what never changes
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))
