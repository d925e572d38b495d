"""`./run` as a newcomer types it: it starts everything, says so, and leaves nothing behind however it ends."""

import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.centre import Centre, a_centre

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90.0
LOGIN_ROLES = {"agent", "supervisor", "mailroom", "administrator"}

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre, kept from one test to the next: only the first start makes its folder."""
    with a_centre(tmp_path_factory.mktemp("centre")) as made:
        yield made


@pytest.fixture
def centre(folder: Centre) -> Iterator[Centre]:
    """That centre while it does not run; nothing that a test starts in it survives the test."""
    yield folder
    folder.stop()


@pytest.fixture
def unstarted(tmp_path: Path) -> Iterator[Centre]:
    """A centre whose folder nobody has started from."""
    with a_centre(tmp_path) as made:
        yield made


def _gone(centre: Centre, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while centre.own_processes():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_it_starts_everything_says_so_and_stops_cleanly(centre: Centre) -> None:
    centre.start()

    said = centre.said()
    assert {line.split()[1] for line in said if line.startswith("login ")} >= LOGIN_ROLES
    assert sum(line.startswith("ready ") for line in said) == 1
    assert said.index(next(line for line in said if line.startswith("ready "))) > max(
        number for number, line in enumerate(said) if line.startswith("login ")
    )
    assert (centre.data_dir / "keys").stat().st_mode & 0o777 == 0o600
    assert urllib.request.urlopen(f"{centre.url}/readyz").status == 200
    assert centre.end(signal.SIGTERM) == 0
    assert centre.own_processes() == []


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_goes_on(centre: Centre) -> None:
    centre.start()
    keys = (centre.data_dir / "keys").read_text()

    centre.end(signal.SIGKILL)

    assert _gone(centre, 5), centre.own_processes()
    centre.start()
    assert (centre.data_dir / "keys").read_text() == keys
    assert any(line.startswith("login agent ") for line in centre.said())
    _a_process_that_dies_is_started_again(centre)
    assert centre.end(signal.SIGINT) == 0
    assert centre.own_processes() == []


def _a_process_that_dies_is_started_again(centre: Centre) -> None:
    redis = centre.data_dir / "redis"

    subprocess.run(["pkill", "-9", "-f", f"{redis}/redis.conf"], check=False)
    subprocess.run(["pkill", "-9", "-P", str(centre.process.pid if centre.process else 0)], check=False)
    time.sleep(1)

    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if urllib.request.urlopen(f"{centre.url}/readyz", timeout=5).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(centre.output.read_text())


def test_a_taken_port_is_said_in_one_sentence(unstarted: Centre) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", int(unstarted.environment["PORT"])))
        other.listen()

        done = subprocess.run([ROOT / "run"], env=unstarted.environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("PORT=8001 ./run")


def test_outside_the_demo_it_does_not_start_without_secrets(unstarted: Centre) -> None:
    unstarted.environment["CC_DEMO"] = "0"

    done = subprocess.run([ROOT / "run"], env=unstarted.environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "CC_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (unstarted.data_dir / "keys").exists()
