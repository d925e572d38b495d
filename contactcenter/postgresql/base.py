"""A connection that answered a moment ago is not asked whether it is still there: that turn would be in every request.

One that a restart of PostgreSQL broke within that moment costs the one request that meets it; the next one asks.
While the database is known to be away no new connection is tried: it would wait as long as the one that was cut.

Times are read by psycopg's own loader, which is compiled: Django's calls Python for each, to give it a zone that one in
UTC has already, and a report reads a million.
"""

import time
from datetime import UTC
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import adapters
from psycopg.pq import Format

from contactcenter.pulse import pulse

FRESH = 0.25  # seconds
LOADER: Any = adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, remembering when a request last got all its answers."""

    worked_at = float("-inf")
    health_check_done: bool
    flat = False  # a transaction within a transaction is part of it, and fails with it
    knocks = False  # the pulse's own, which finds out whether the database is back

    def create_cursor(self, name: str | None = None) -> Any:
        """One that reads times by psycopg's own loader."""
        cursor = super().create_cursor(name)
        if self.timezone is UTC:
            cursor.adapters.register_loader("timestamptz", LOADER)
        return cursor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Refused at once while the database is away."""
        if pulse.is_away and not self.knocks:
            raise OperationalError("the database is away")
        return super().get_new_connection(conn_params)

    def _savepoint_allowed(self) -> bool:
        return not self.flat and bool(super()._savepoint_allowed())  # type: ignore[misc]

    def close_if_unusable_or_obsolete(self) -> None:
        """Called at the beginning and the end of each request; one that asked, and met no error, proves it works."""
        if self.health_check_done and not self.errors_occurred:
            self.worked_at = time.monotonic()
        super().close_if_unusable_or_obsolete()

    def close_if_health_check_failed(self) -> None:
        """Called before the first statement of each request."""
        if not self.health_check_done and time.monotonic() - self.worked_at < FRESH:
            self.health_check_done = True
        super().close_if_health_check_failed()
