"""What the tests run on: a real Redis, SQLite or a real PostgreSQL, a data folder, keys; all of this run alone.

An early pytest plugin (`-p contactcenter.pytest_services`), since the settings are read before any conftest.
`CC_TEST_DB` is `sqlite` (the default) or `postgres`; with `CC_REQUIRE_ALL=1` what is missing fails instead of skipping.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from contactcenter import servers, translations

_started = ExitStack()
atexit.register(_started.close)  # where pytest itself fails before it gets to say goodbye


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis in a temporary folder; yields its URL."""
    with _folder("cc-redis-") as folder, servers.redis_server(folder) as url:
        yield url


@contextmanager
def postgres_server(*, durable: bool = True) -> Iterator[str]:
    """A PostgreSQL in a temporary folder; yields its URL."""
    with _folder("cc-pg-") as folder, servers.postgres_server(folder / "server", durable=durable) as url:
        yield url


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Start the services and say where they are, before Django's settings are read."""
    try:
        os.environ.update(_environment())
    except servers.MissingError as missing:
        _started.close()
        pytest.exit(str(missing), returncode=1)
    translations.compile_stale()
    return (yield)


def pytest_unconfigure() -> None:
    """Stop what was started, and leave nothing behind."""
    _started.close()


def pytest_report_header() -> str:
    """Which database this run uses."""
    return f"database: {os.environ['CC_TEST_DB']}"


def _environment() -> dict[str, str]:
    """The whole environment of the tests: nothing of the caller's own centre gets in."""
    for name in [name for name in os.environ if name.startswith("TWILIO_") or name in ("PORT", "CC_DEMO")]:
        del os.environ[name]
    data = _started.enter_context(_folder("cc-test-"))
    which = os.environ.get("CC_TEST_DB") or "sqlite"
    return {
        "CC_TEST_DB": which,
        "CC_DATA_DIR": str(data),
        "CC_DEMO": "0",
        "CC_SECRET_KEY": secrets.token_urlsafe(48),
        "CC_FIELD_KEYS": secrets.token_urlsafe(48),
        "CC_API_TOKEN": secrets.token_urlsafe(24),
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "CC_PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "CC_ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "CC_LIVE_URL": "",
        "CC_SECOND_FACTOR": "none",
        "REDIS_URL": _started.enter_context(redis_server()),
        "DATABASE_URL": _database(which),
    }


def _database(which: str) -> str:
    if which == "sqlite":
        return ""
    if which != "postgres":
        pytest.exit(f"CC_TEST_DB must be sqlite or postgres, not {which!r}.", returncode=1)
    return _started.enter_context(postgres_server(durable=False))


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    folder.chmod(0o755)  # the system's postgres user has to reach its own folder inside
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
