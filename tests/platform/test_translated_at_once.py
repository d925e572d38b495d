"""A process that compiles the translations speaks them at once, though it looked for them before."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEAK = """
import django, os
django.setup()
from django.utils import translation
from contactcenter import translations
translation.activate("fr")
before = str(translation.gettext("Telephone call"))
translations.compile_stale()
print(before, "->", translation.gettext("Telephone call"))
"""


def test_what_was_looked_for_before_it_was_compiled_is_found_after(tmp_path: Path):
    for room in ("contactcenter", "channels_app", "ivr", "mail", "paper_intake"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    env = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        "CC_DEMO": "1",
        "CC_DATA_DIR": str(tmp_path / "data"),
        "CC_SECRET_KEY": "x" * 50,
        "CC_FIELD_KEYS": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    }

    spoken = subprocess.run([sys.executable, "-c", SPEAK], cwd=tmp_path, env=env, capture_output=True, text=True)

    assert spoken.stdout.strip() == "Telephone call -> Appel téléphonique", spoken.stderr[-2000:]
