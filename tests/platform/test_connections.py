"""A connection to PostgreSQL is asked after only when it rested, and a broken one is replaced."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import adapters
from psycopg.pq import Format

from contactcenter.postgresql.base import FRESH
from contactcenter.pulse import answers, pulse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def a_request() -> int:
    """What Django does around each request, and one statement in it."""
    connection.close_if_unusable_or_obsolete()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])
    finally:
        connection.close_if_unusable_or_obsolete()


def end(process: int) -> None:
    """What a restart of the server does to the connection."""
    connection.copy().cursor().execute("SELECT pg_terminate_backend(%s)", [process])


def asked(monkeypatch) -> list[BaseDatabaseWrapper]:
    seen: list[BaseDatabaseWrapper] = []
    wrapper = connections["default"]
    usable = wrapper.is_usable
    monkeypatch.setattr(wrapper, "is_usable", lambda: (seen.append(wrapper), usable())[1])
    return seen


def test_one_that_just_worked_is_not_asked_after(monkeypatch):
    connection.settings_dict["CONN_HEALTH_CHECKS"] = connection.health_check_enabled = True
    a_request()
    seen = asked(monkeypatch)

    a_request()
    assert seen == []

    connection.worked_at -= FRESH
    a_request()
    assert len(seen) == 1


def test_one_that_rested_and_broke_is_replaced_before_anybody_notices():
    connection.health_check_enabled = True
    before = a_request()
    end(before)
    connection.worked_at -= FRESH

    assert a_request() != before


def test_one_that_broke_within_the_moment_costs_one_request():
    connection.health_check_enabled = True
    before = a_request()
    end(before)
    with pytest.raises(OperationalError):
        a_request()

    assert a_request() != before


def test_while_the_database_is_away_only_the_pulse_knocks(monkeypatch):
    """Whose connection was cut would wait for the next one just as long."""
    a_request()
    monkeypatch.setattr(pulse, "is_away", True)
    connection.close()

    with pytest.raises(OperationalError, match="away"):
        a_request()

    assert answers()


def test_a_time_is_read_in_utc_and_by_compiled_code():
    with connection.cursor() as cursor:
        cursor.execute("SELECT timestamptz '2026-07-01 12:00+02'")
        (read,) = cursor.fetchone()
        loader = cursor.adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)

    assert (read, read.tzinfo) == (datetime(2026, 7, 1, 10, tzinfo=UTC), UTC)
    assert loader.__module__.endswith("._psycopg")
