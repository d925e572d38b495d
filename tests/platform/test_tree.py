"""What lies in the tree: locks without addresses, one table of processes, translations that compile."""

import re
import subprocess
from pathlib import Path

import pytest

from contactcenter import processes, translations
from contactcenter.toolbox import ROOT

LOCKS = [ROOT / "requirements" / name for name in ("run.lock", "dev.lock")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_is_pinned_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()

    assert not re.search(r"https?://|^-", text, re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text) if re.match(r"[a-zA-Z0-9]", entry))


def test_the_tests_install_what_runs_and_in_the_same_versions() -> None:
    run, dev = ({line for line in lock.read_text().splitlines() if "==" in line} for lock in LOCKS)

    assert run <= dev


def test_the_procfile_names_the_processes_that_the_supervisor_starts() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()

    assert lines == [f"{one.name}: python manage.py {one.name}" for one in processes.of(demo=False)]


def test_the_start_script_is_plain_sh() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "run")], check=False).returncode == 0
    assert (ROOT / "run").read_text().startswith("#!/bin/sh\n")


def test_changed_translations_are_compiled_and_others_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "mail" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    text.parent.mkdir(parents=True)
    text.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "letter"\nmsgstr "lettre"\n'
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)

    assert translations.compile_stale() == 1
    assert translations.compile_stale() == 0
    assert b"lettre" in text.with_suffix(".mo").read_bytes()
