"""A connection that answered a moment ago is not asked whether it is still there: that turn would be in every request.

One that a restart of PostgreSQL broke within that moment costs the one request that meets it; the next one asks.
"""

import time

from django.db.backends.postgresql import base

FRESH = 0.25  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, remembering when a request last got all its answers."""

    worked_at = float("-inf")
    health_check_done: bool
    flat = False  # a transaction within a transaction is part of it, and fails with it

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
