"""Pictures are taken in the browser that the tests drive, and whoever has none is told which to install."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contactcenter.demo.browser import chromium


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only folder in which programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_the_shell_without_a_window_is_taken_before_the_whole_program(programs: Path):
    for name in ("chromium", "chromium-headless-shell"):
        (programs / name).touch(mode=0o755)

    assert chromium() == str(programs / "chromium-headless-shell")


def test_without_a_browser_one_is_told_which_to_install(programs: Path):
    with pytest.raises(CommandError, match="chromium-headless-shell"):
        call_command("pictures", here=True)
