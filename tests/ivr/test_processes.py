"""The process that carries commands looks by itself; a caller in a terminal calls, presses keys and hangs up."""

import io
import math
import os
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from contactcenter import jobs
from contactcenter.desk import work
from contactcenter.routing.models import WorkItem
from ivr.management.commands import voice
from ivr.models import Call, Command
from ivr.services import voicemail
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import there

HANGS_S = 4.0


class UntilDialled:
    """A process that is told to stop once somebody was dialled, or after ten seconds."""

    def __init__(self, line: Line) -> None:
        self._line, self._end = line, time.monotonic() + 10

    @property
    def told(self) -> bool:
        return any(leg.outgoing for leg in self._line.network.calls.values()) or time.monotonic() > self._end

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not self.told and time.monotonic() < end:
            time.sleep(0.05)
        return self.told


@pytest.fixture
def without_redis(settings) -> Iterator[None]:
    there_is, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    jobs.connection.cache_clear()
    yield
    settings.REDIS_URL = there_is
    jobs.connection.cache_clear()


def test_an_agent_is_dialled_within_seconds_though_nothing_wakes_the_process(line: Line, monkeypatch, without_redis):
    assert line.call("111").wait_for("queued")
    monkeypatch.setattr(voice, "Stop", lambda: UntilDialled(line))
    began = time.monotonic()
    work.take_next(there())

    voice.Command().handle()

    assert [leg.number for leg in line.network.calls.values() if leg.outgoing] == ["client:simulated-agent"]
    assert time.monotonic() - began < 5


def test_a_database_that_goes_away_between_two_rounds_ends_no_process(line: Line, monkeypatch):
    assert line.call("111").wait_for("queued")
    monkeypatch.setattr(voice, "Stop", lambda: UntilDialled(line))
    gone = iter([True])

    def next_dial_in() -> float:
        if next(gone, False):
            work.take_next(there())
            raise OperationalError("terminating connection due to administrator command")
        return math.inf

    monkeypatch.setattr(voice, "next_dial_in", next_dial_in)

    voice.Command().handle()

    assert [leg.number for leg in line.network.calls.values() if leg.outgoing] == ["client:simulated-agent"]


def until_told() -> None:
    voice.Command().handle()
    connection.close()  # this thread's own


def test_a_recording_whose_host_hangs_holds_up_no_dial(line: Line, monkeypatch):
    line.network.faults.audio_after_s = HANGS_S
    assert line.call("111").wait_for("queued")
    voicemail.fetch(Call.objects.get(), "REhangs")
    monkeypatch.setattr(voice, "Stop", lambda: UntilDialled(line))
    process = threading.Thread(target=until_told)
    process.start()
    assert soon(lambda: Command.objects.get(kind="fetch").attempts == 1)
    began = time.monotonic()
    work.take_next(there())

    assert soon(lambda: any(leg.outgoing for leg in line.network.calls.values()))
    assert time.monotonic() - began < HANGS_S / 2
    process.join()


@pytest.fixture
def typing(monkeypatch) -> Iterator[io.TextIOWrapper]:
    """What somebody types into the terminal."""
    read, write = os.pipe()
    with os.fdopen(read) as ear, os.fdopen(write, "w") as mouth:
        monkeypatch.setattr(sys, "stdin", ear)
        yield mouth


def test_a_caller_in_a_terminal_presses_keys_and_reads_what_is_said(line: Line, typing):
    typing.write("112\n")
    typing.flush()
    said = io.StringIO()

    call_command("phone", number="+33639980042", line=line.office.phone, seconds=60, stdout=said)

    assert "· completed" in said.getvalue()
    assert Call.objects.get().ticket.reference[0] in said.getvalue()
    assert "rappel" in said.getvalue()
    assert soon(lambda: WorkItem.objects.filter(kind="callback", state="waiting").exists())


def test_a_caller_in_a_terminal_hangs_up(line: Line, typing):
    typing.write("h\n")
    typing.flush()

    call_command("phone", number="+33639980042", line=line.office.phone, seconds=60, stdout=io.StringIO())

    assert soon(lambda: Call.objects.filter(state="ended").exists())


def test_keys_that_were_given_at_once_are_pressed_one_a_question(line: Line, typing):
    said = io.StringIO()

    call_command(
        "phone", number="anonymous", line=line.office.phone, keys="1,1,3", message="Bonjour", seconds=60, stdout=said
    )

    assert "« " in said.getvalue()
    assert soon(lambda: WorkItem.objects.filter(kind="message", state="waiting").exists())
