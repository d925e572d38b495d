"""What every room's tests may start from: the site over HTTP, the live sockets, a browser, the worker's hands."""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings as django_settings
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django.fixtures import Settings

from channels_app import copies
from contactcenter import jobs
from contactcenter.demo.browser import MISSING, chromium
from contactcenter.offices import hours
from contactcenter.routing import signs
from tests import emptying

CHROMIUM = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
VIOLATIONS = """async ([parts, options]) => (await axe.run(parts ?? document, options))
  .violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0].html})`)"""
DATABASES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure() -> None:
    """What only production needs: slow password hashes, and a disk that has really written every row."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    options = django_settings.DATABASES["default"]["OPTIONS"]
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    emptying.install()
    django_settings.WHITENOISE_AUTOREFRESH = True  # else each test's client reads every static file there is
    WSGIRequestHandler.disable_nagle_algorithm = True  # it writes line by line: each answer would wait for an ACK


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about PostgreSQL alone has nothing to say on SQLite, and what asks no database says it there already."""
    on_sqlite = django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    elsewhere = (lambda item: item.get_closest_marker("postgresql")) if on_sqlite else _asks_no_database
    left_out = {item for item in items if elsewhere(item)}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _asks_no_database(item: pytest.Item) -> bool:
    fixtures = DATABASES & set(getattr(item, "fixturenames", ()))
    return not (fixtures or any(item.get_closest_marker(mark) for mark in ("django_db", "postgresql", "whole")))


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look at it again and again."""
    gc.freeze()
    gc.set_threshold(20_000)


def missing(what: str) -> NoReturn:
    """Skip, or with CC_REQUIRE_ALL=1 fail, because something that the test needs is not installed."""
    if os.environ.get("CC_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def _quiet_doorbell() -> None:
    """No bell of an earlier test rings in the next one."""
    jobs.connection().flushdb()


@pytest.fixture(autouse=True)
def _fresh_hours() -> None:
    """Hours are remembered for half a minute; each test has its own."""
    hours.forget()


@pytest.fixture(autouse=True)
def _no_copies() -> None:
    """Each test has its own queue."""
    copies.forget()


@pytest.fixture(autouse=True)
def _no_signs() -> None:
    """Agents of different tests have the same numbers; that one was there says nothing of another."""
    signs.forget()


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Do, here and now, everything that was rung for, as the workers would."""
    return jobs.drain


@pytest.fixture
def live_site(live_server: Any, settings: Settings) -> Any:
    """The site over HTTP; `live_site.url` is its address, with which webhooks are signed too."""
    settings.CC_PUBLIC_BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server


@pytest.fixture
def sockets(live_site: Any, settings: Settings) -> Iterator[str]:
    """The live page's socket server beside the site; yields its address."""
    import uvicorn

    settings.CC_ORIGINS = [live_site.url]
    config = uvicorn.Config("contactcenter.asgi:application", port=0, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _until(lambda: server.started, "the socket server")
    port = server.servers[0].sockets[0].getsockname()[1]
    settings.CC_LIVE_PORT, settings.CC_LIVE_URL = port, f"ws://127.0.0.1:{port}/live/"
    policy = django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = [*policy["connect-src"], f"ws://127.0.0.1:{port}", f"ws://localhost:{port}"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "connect-src": sources}}
    yield settings.CC_LIVE_URL
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium for each module; tests/browser, where nothing else is tested, has one for all of them."""
    with a_chromium() as running:
        yield running


@contextmanager
def a_chromium() -> Iterator[Any]:
    """A headless Chromium from the system. While it runs, this thread has an event loop."""
    from playwright.sync_api import sync_playwright

    if (program := chromium()) is None:
        missing(MISSING)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        yield running
        running.close()


@pytest.fixture
def browser_page(browser: Any, console: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A fresh window in French; what its console complains about is in `console`."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def console() -> list[str]:
    """Errors in the browser's console; empty when all is well."""
    return []


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe finds on a page under its default rules, or under those named alone, one sentence each.

    `parts` says to axe which to include or to leave out.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    def problems(page: Any, *rules: str, parts: dict[str, list[str]] | None = None) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        return list(page.evaluate(VIOLATIONS, [parts, options]))

    return problems


@pytest.fixture
def data_dir(tmp_path: Path, settings: Settings) -> Path:
    """A data folder for this test alone."""
    settings.CC_DATA_DIR = tmp_path / "data"
    settings.CC_DATA_DIR.mkdir()
    return tmp_path / "data"


def _until(done: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            pytest.fail(f"{what} was not there after {seconds} s")
        time.sleep(0.02)
