"""The web workers are ready before anybody asks: whom a first request made wait would be a caller hearing silence."""

import subprocess
import sys

SERVED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings"
import django
django.setup()
import granian
from django.core.management import call_command
granian.Granian.serve = lambda self: print("ivr.views.menu" in sys.modules, "contactcenter.api.urls" in sys.modules)
call_command("web", skip_checks=True)
"""


def test_what_workers_answer_with_is_loaded_before_there_are_any():
    done = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["True", "True"], done.stderr
