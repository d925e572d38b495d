"""What statements read, as PostgreSQL's EXPLAIN counts it: pages, wherever they lay. No clock is asked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

STATEMENTS = ("SELECT", "WITH", "UPDATE", "INSERT", "DELETE")


@contextmanager
def pages_read() -> Iterator[dict[str, int]]:
    """How many pages each statement run meanwhile reads; each is run twice, the first time to be undone.

    The caller is in a transaction. What foreign keys check at the commit is not among it.
    """
    read: dict[str, int] = {}

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statement = " ".join(sql.split())
        if statement.startswith(STATEMENTS):
            read[statement] = read.get(statement, 0) + _pages(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield read


def _pages(sql: str, params: Any) -> int:
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT explained")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
