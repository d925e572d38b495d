"""`./run test` and `./run check`: the tools, each with the environment it needs."""

import os
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from contactcenter.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest")  # not the script: `-m` puts the project on the path
ON_EACH = "not browser and not whole"  # what drives a browser or starts everything depends on no database: it runs once
LONGEST, GIVING_WAY = "postgres", ("nice", "-n", "1")  # a little, so that all end at about the same time
RUNS = (("sqlite", ON_EACH), ("postgres", ON_EACH), ("sqlite", "browser or whole"))


def test(words: list[str]) -> int:
    """Everything on SQLite, and what asks a database on PostgreSQL too; with words or CC_TEST_DB, one run of those.

    Each run has servers, ports and a data folder of its own. What the others say is printed after the first one.
    """
    if words or os.environ.get("CC_TEST_DB"):
        return _run(words, os.environ.get("CC_TEST_DB") or "sqlite").wait()
    first, *others = RUNS
    with ExitStack() as files:
        beside = [(_run_of(run, said := files.enter_context(tempfile.TemporaryFile("w+"))), said) for run in others]
        failed = _run_of(first).wait()
        for running, said in beside:
            failed = running.wait() or failed
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout)
            sys.stdout.flush()
    return failed


def check(words: list[str]) -> int:
    """Lint, types, architecture, migrations, deployment: all at once, each said in its turn, then which failed."""
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
    }
    with ExitStack() as files:
        begun = {
            name: (_begun(command, production, said := files.enter_context(tempfile.TemporaryFile("w+"))), said)
            for name, command in steps.items()
            if not words or name in words
        }
        failed = [name for name, (running, said) in begun.items() if not _passes(name, running, said)]
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}", flush=True)
    return bool(failed)


def _begun(command: Sequence[str], environment: dict[str, str], said: IO[str] | None) -> "subprocess.Popen[str]":
    # a run without the terminal is still ended with it: its parent's death is its own
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=said, stderr=said, text=True, preexec_fn=die_with_parent
    )


def _passes(name: str, running: "subprocess.Popen[str]", said: IO[str]) -> bool:
    failed = running.wait()
    print(f"{'FAILED' if failed else 'ok':6} {name}", flush=True)
    if failed:
        said.seek(0)
        print(said.read(), flush=True)
    return not failed


def _run_of(run: tuple[str, str], said: IO[str] | None = None) -> "subprocess.Popen[str]":
    database, marked = run
    return _run(["-m", marked], database, said, GIVING_WAY if database != LONGEST else ())


def _run(
    words: Sequence[str], database: str, said: IO[str] | None = None, first: Sequence[str] = ()
) -> "subprocess.Popen[str]":
    print(f"--- tests on {database}: {shlex.join(words)}".rstrip(": "), file=said or sys.stdout, flush=True)
    return _begun([*first, *PYTEST, *words], {**os.environ, "CC_TEST_DB": database}, said)


if __name__ == "__main__":
    sys.exit({"test": test, "check": check}[sys.argv[1]](sys.argv[2:]))
