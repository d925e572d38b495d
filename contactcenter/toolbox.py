"""`./run test` and `./run check`: the tools, each with the environment it needs."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from contactcenter.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest")  # not the script: `-m` puts the project on the path
DATABASES = ("sqlite", "postgres")
ONCE = "not browser and not whole"  # what does not depend on the database runs with the first one alone


def test(words: list[str]) -> int:
    """Everything on SQLite, then on PostgreSQL; with words of your own or CC_TEST_DB, one run of what they name."""
    if words or os.environ.get("CC_TEST_DB"):
        return _run([*PYTEST, *words], os.environ.get("CC_TEST_DB") or "sqlite")
    for number, database in enumerate(DATABASES):
        selection = ["-m", ONCE] if number else []
        if code := _run([*PYTEST, *selection], database):
            return code
    return 0


def check(words: list[str]) -> int:
    """Lint, types, architecture, migrations, deployment; every check runs, then we say which failed."""
    production = {
        **os.environ,
        "CC_DEMO": "0",
        "CC_SECRET_KEY": secrets.token_urlsafe(64),
        "CC_FIELD_KEYS": secrets.token_urlsafe(32),
        "CC_PUBLIC_BASE_URL": "https://contact.example.org",
        "CC_LIVE_URL": "wss://contact.example.org/live/",
        "CC_ALLOWED_HOSTS": "contact.example.org",
        "DATABASE_URL": "",
    }
    manage = [sys.executable, "manage.py"]
    steps = {
        "ruff check": [str(BIN / "ruff"), "check", "--quiet"],
        "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
        "mypy --strict": [str(BIN / "mypy")],
        "import-linter": [str(BIN / "lint-imports")],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "broken contracts are seen": [*PYTEST, "tests/platform/test_import_contracts.py"],
    }
    failed = [
        name
        for name, command in steps.items()
        if (not words or name in words) and not _passes(name, command, production)
    ]
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return bool(failed)


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print(f"{'ok' if not done.returncode else 'FAILED':6} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return not done.returncode


def _run(command: list[str], database: str) -> int:
    print(f"--- tests on {database}", flush=True)
    environment = {**os.environ, "CC_TEST_DB": database}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, preexec_fn=die_with_parent).returncode


if __name__ == "__main__":
    sys.exit({"test": test, "check": check}[sys.argv[1]](sys.argv[2:]))
