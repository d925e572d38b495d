"""A mailroom with its folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from paper_intake.sandbox import Press
from paper_intake.watch import Inbox, inbox_folder, take_in
from tests.factories import an_office


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: object) -> Path:
    """Each test has a data folder of its own."""
    settings.CC_DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """One for all, as the watcher's is for all files; where it was killed, the next question starts it again."""
    with Press() as one:
        yield one


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(db: None, data_dir: Path, press: Press, clock: Clock) -> Inbox:
    """The first office's scan folder, looked through by hand."""
    an_office()
    box = Inbox(folder=inbox_folder(), take=take_in(press), clock=clock)
    box.look()
    return box


@pytest.fixture
def after(inbox: Inbox, clock: Clock):
    """Look, let the seconds pass, look again; returns how many files were taken in."""

    def wait(seconds: float = 6) -> int:
        taken = inbox.look()
        clock.now += seconds
        return taken + inbox.look()

    return wait
