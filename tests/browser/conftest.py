"""While a browser runs, its thread has an event loop; the database is made first and may be used all the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections
from django.test import Client

from contactcenter.accounts.models import User
from tests.conftest import a_chromium
from tests.factories import a_user


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One Chromium for all that is tested here: starting it costs as much as a test."""
    with a_chromium() as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def _database_beside_an_event_loop(django_db_setup: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield
    # The thread in which the sockets asked the database outlives them; its connection must not.
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@pytest.fixture
def agent() -> User:
    """Who sits before the browser."""
    return a_user()


@pytest.fixture
def desk(sockets: str, live_site: Any, browser_page: Any, client: Client, agent: User) -> Any:
    """An agent's open desk."""
    log_in(browser_page.context, live_site.url, client, agent)
    browser_page.goto(f"{live_site.url}/desk/")
    return browser_page


def log_in(context: Any, url: str, client: Client, user: User) -> None:
    """Give the browser the user's session."""
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
