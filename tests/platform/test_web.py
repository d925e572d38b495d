"""The web workers are ready before anybody asks, and for as many as have a page open."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from contactcenter import open_files
from contactcenter.servers import free_port, listens

SERVED = """
import gc, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings"
import django
django.setup()
import granian
from django.core.management import call_command
loaded = "ivr.views.menu", "contactcenter.api.urls"
granian.Granian.serve = lambda self: print(*(name in sys.modules for name in loaded), len(gc.get_objects()) < 10_000)
call_command("web", skip_checks=True)
"""
ASKED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
OPEN = 1_100  # of itself the server lets 1,024 in
PATIENCE = 20.0
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def a_web_worker() -> Iterator[int]:
    """One worker alone; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "web", "--workers", "1"], cwd=ROOT, env={**os.environ, "PORT": str(port)}
    )
    try:
        end = time.monotonic() + PATIENCE
        while not listens(port):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def ask(connection: socket.socket) -> bytes:
    connection.sendall(ASKED)
    return connection.recv(1000)


def test_what_workers_answer_with_is_loaded_before_there_are_any():
    """Whom a first request made wait would be a caller hearing silence; and what the collector walks is not shared."""
    done = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["True"] * 3, done.stderr


def test_whoever_comes_after_more_open_pages_than_a_server_lets_in_of_itself_is_answered():
    open_files.allow_many()
    with a_web_worker() as port, ExitStack() as pages:
        for _ in range(OPEN):
            page = pages.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            assert ask(page).startswith(b"HTTP/1.1 200")

        late = pages.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))

        assert ask(late).startswith(b"HTTP/1.1 200")


def test_a_process_may_open_more_files_than_the_usual_thousand():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))

        open_files.allow_many()

        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(open_files.MOST, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
