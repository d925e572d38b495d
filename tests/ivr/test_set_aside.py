"""What came while the database was away and no door takes: it holds up nobody, and somebody is told of it."""

import os
import signal
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError

from contactcenter.accounts.models import Role, User
from contactcenter.reports.models import Alarm, AlarmMail
from ivr import checkup, replay, spool
from ivr.models import Call, Command
from ivr.replay import MOST_TRIES, carry_in
from ivr.services.orders import order
from ivr.set_aside import sweep_set_aside
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import ring


def kept(line: Line, sid: str) -> None:
    spool.keep(spool.Spooled(path="/ivr/voice", params=ring(line, sid), token=sid))


def listed(*options: str) -> str:
    out = StringIO()
    call_command("spool", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def broken(monkeypatch):
    """No door takes the call CAbroken, until this is undone."""
    ask = replay.ask

    def fails(spooled: spool.Spooled) -> None:
        if spooled.token == "CAbroken":
            raise OperationalError("always, on this one alone")
        ask(spooled)

    monkeypatch.setattr(replay, "ask", fails)
    return monkeypatch


def test_one_that_fails_again_and_again_is_set_aside_and_the_others_go_on(line: Line, broken):
    kept(line, "CAbroken")
    kept(line, "CAwell")

    carried = [carry_in() for _ in range(MOST_TRIES)]

    assert carried == [0] * (MOST_TRIES - 1) + [1]
    assert (len(spool.refused()), spool.waiting()) == (1, [])
    assert Call.objects.get().sid == "CAwell"


def test_what_is_set_aside_is_an_alarm_written_to_the_administrators_until_it_was_tried_again(line: Line, broken):
    User.objects.create_user("ada", email="ada@example.org", role=Role.ADMINISTRATOR)
    kept(line, "CAbroken")
    for _ in range(MOST_TRIES):
        carry_in()

    for _ in range(2):
        sweep_set_aside()

    alarm = Alarm.objects.get(closed_at=None)
    assert "spool --again" in alarm.text
    assert list(AlarmMail.objects.values_list("alarm", "to")) == [(alarm.pk, "ada@example.org")]
    assert "spool --again" in next(iter(checkup.kept_meanwhile())).text
    assert "CAbroken" in listed()
    assert "+336" not in listed()

    broken.undo()
    listed("--again")
    assert carry_in() == 1
    sweep_set_aside()

    assert not Alarm.objects.filter(closed_at=None).exists()
    assert list(checkup.kept_meanwhile()) == []
    assert Call.objects.get().sid == "CAbroken"


def test_what_another_node_set_aside_stays_its_own_alarm(line: Line):
    Alarm.objects.create(kind="set_aside", key="another-node", text="…")
    spool.refuse(spool.keep(spool.Spooled(path="/ivr/nowhere", params={}, token="")))

    sweep_set_aside()

    assert Alarm.objects.filter(kind="set_aside", closed_at=None).count() == 2


def test_however_long_it_takes_to_carry_in_no_command_waits_for_it(line: Line, monkeypatch):
    assert line.call("11", patient=True).wait_for("queued")
    goes_on = threading.Event()
    monkeypatch.setattr("ivr.management.commands.voice.carry_in", goes_on.wait)
    order(Command.Kind.HANG_UP, "hang-up", call=Call.objects.get())
    carried = []

    def stop_once_carried() -> None:
        carried.append(soon(lambda: Command.objects.exclude(done_at=None).exists()))
        goes_on.set()
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    watcher = threading.Thread(target=stop_once_carried)
    watcher.start()
    try:
        call_command("voice", skip_checks=True)
    finally:
        watcher.join()
        for number, handler in before.items():
            signal.signal(number, handler)

    assert carried == [True]
