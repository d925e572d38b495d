"""Every start finds room for its servers, or says in one sentence why not."""

import json
import os
import socket
from pathlib import Path

import pytest

from contactcenter import env, places


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.2)
    for name in places.PORTS:
        monkeypatch.setenv(name, "")


def test_a_taken_port_is_named_with_the_command_that_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        monkeypatch.setenv("CC_SMTP_PORT", str(places.servers.free_port()))

        with pytest.raises(places.RefusedError, match=r"Port \d+ \(PORT\) is taken: .* PORT=8001 ./run"):
            places.choose(demo=True)


def test_ports_that_nobody_names_are_free_and_all_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(places.servers.free_port()))
    monkeypatch.setenv("CC_SMTP_PORT", str(places.servers.free_port()))

    chosen = places.choose(demo=True)

    assert len(set(chosen.values())) == len(places.PORTS)


def test_two_centres_do_not_share_a_data_folder(tmp_path: Path) -> None:
    with places.lock(tmp_path), pytest.raises(places.RefusedError, match=r"CC_DATA_DIR=other \./run"):
        places.lock(tmp_path)


def test_a_command_finds_the_running_centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("CC_LIVE_PORT", "")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    places.remember(tmp_path, {"CC_LIVE_PORT": "4321", "REDIS_URL": "redis://here/0"})

    env.settle_in(tmp_path)

    assert os.environ["CC_LIVE_PORT"] == "4321"
    assert os.environ["REDIS_URL"] == "redis://elsewhere/0"


def test_where_everything_is_stays_private(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()

    places.remember(tmp_path, {"REDIS_URL": "redis://:secret@here/0"})

    assert (tmp_path / env.PLACES).stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / env.PLACES).read_text())["REDIS_URL"].endswith("here/0")
