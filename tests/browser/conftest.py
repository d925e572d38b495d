"""While a browser runs, its thread has an event loop; the database is made first and may be used all the same."""

from collections.abc import Iterator

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections


@pytest.fixture(scope="module", autouse=True)
def _database_beside_an_event_loop(django_db_setup: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield
    # The thread in which the sockets asked the database outlives them; its connection must not.
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
