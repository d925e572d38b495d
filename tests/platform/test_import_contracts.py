"""The architecture is checked by a tool that would notice: each contract is broken here once, on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("contactcenter", "ivr", "mail", "paper_intake", "channels_app")
LEAVE_OUT = shutil.ignore_patterns("*.pyc", "static", "locale", "templates")
LINT = Path(sys.executable).parent / "lint-imports"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's code, where a test may break it."""
    place = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, place / room, ignore=shutil.ignore_patterns("*.pyc", "static", "locale", "templates")
        )
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def lint(place: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the code in `place`."""
    return subprocess.run([LINT], cwd=place, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("contactcenter/offices/hours.py", "from contactcenter.tickets import models as _broken"),
        ("mail/apps.py", "from ivr import apps as _broken"),
        ("paper_intake/accept.py", "from contactcenter.tickets import events as _broken"),
        ("mail/apps.py", "import twilio as _broken"),
        ("contactcenter/outbox/services.py", "import aiosmtplib as _broken"),
        ("ivr/apps.py", "import pypdfium2 as _broken"),
        ("contactcenter/routing/services.py", "import rq as _broken"),
        ("mail/apps.py", "import redis as _broken"),
        ("contactcenter/reports/models.py", "import channels as _broken"),
        ("contactcenter/receipts/services.py", "import typst as _broken"),
    ],
)
def test_a_broken_contract_is_seen(copy: Path, module: str, line: str) -> None:
    file = copy / module
    sound = file.read_text()
    file.write_text(f"{sound}\n{line}\n")

    seen = lint(copy)

    file.write_text(sound)
    assert seen.returncode == 1
    assert "BROKEN" in seen.stdout


def test_the_code_as_it_is_keeps_every_contract(copy: Path) -> None:
    assert lint(copy).returncode == 0
