"""The writes of one request again and again, with nothing around them: what the database alone allows one client.

Run in the rig's environment: `python -m bench.looping intake|claim SECONDS`; prints how many a second. The statements
are those that one real request makes, sent to twins of its tables that have no constraints and no indexes.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import django

Statement = tuple[str, Any]
_TABLE = re.compile(r'(?:INSERT INTO|UPDATE) "?(\w+)"? (?:\(|SET)')


def main(what: str, seconds: float) -> None:
    """Record the writes of one real request, then repeat them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    _intake()  # the first makes queue and lane
    statements = _recorded({"intake": _intake, "claim": _claim}[what])
    sys.stdout.write(f"{_rate([_to_twins(statement) for statement in statements], seconds):.1f}")


def _intake() -> None:
    from django.utils import timezone

    from contactcenter.channel import Inbound, Point, Speaker
    from contactcenter.intake.services import receive
    from contactcenter.offices.models import Office

    speaker = Speaker(name="Ana", points=(Point(kind="email", value=f"{time.time_ns()}@example.org"),))
    office = Office.objects.order_by("pk")[0].pk
    receive(
        Inbound(
            channel="web",
            external_id=f"loop-{time.time_ns()}",
            occurred_at=timezone.now(),
            office_id=office,
            speaker=speaker,
            subject="Titre",
            text="Bonjour. " * 50,
        )
    )


def _claim() -> None:
    from contactcenter.accounts.principal import Principal
    from contactcenter.desk.work import take_next

    take_next(Principal.of_service())


def _recorded(act: Callable[[], None]) -> list[Statement]:
    from django.db import connection

    written: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _TABLE.search(sql):
            written.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    return written


def _to_twins(statement: Statement) -> Statement:
    """The same statement on a copy of its table."""
    from django.db import connection

    sql, params = statement
    for table in sorted(set(_TABLE.findall(sql)), key=len, reverse=True):
        twin = f"bare_{table}"
        copy = f'"{twin}" AS SELECT * FROM "{table}" WHERE 1 = 0'
        if connection.vendor == "postgresql":
            copy = f'"{twin}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING IDENTITY)'
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {copy}")
        sql = re.sub(rf'(INSERT INTO|UPDATE) "?{table}"? (\(|SET)', rf'\1 "{twin}" \2', sql)
    return sql, params


def _rate(statements: list[Statement], seconds: float) -> float:
    from django.db import connection, transaction

    rounds, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
        rounds += 1
    return rounds / (time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
