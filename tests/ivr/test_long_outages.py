"""However long we were away, what callers left meanwhile becomes a request; and somebody hears that we cannot ask."""

import time
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from contactcenter.accounts.models import Role, User
from contactcenter.desk import work
from contactcenter.people.models import ContactPoint
from contactcenter.reports.models import Alarm, AlarmMail
from contactcenter.routing.models import Lane, WorkItem
from ivr import asked, checkup, provider
from ivr.asked import sweep_unasked
from ivr.management.commands import voice
from ivr.models import Call, Pace
from ivr.provider import Provider
from ivr.reconcile import find_unheard
from ivr.simulator.network import Text
from ivr.simulator.recordings import Recording
from tests.ivr.asking import Caller
from tests.ivr.conftest import TOKEN, Line, soon
from tests.ivr.test_any_order import SERVICE, there, unfinished

ANA = "+33639980001"
DAY_S = 24 * 3600
NOWHERE = {"url": "http://127.0.0.1:9/", "fallback_url": "", "status_url": ""}


def last_asked(ago: timedelta) -> None:
    Pace.objects.update_or_create(name=asked.NAME, defaults={"last_at": timezone.now() - ago})


def rang(line: Line, number: str, days: float, message: str = "") -> None:
    """Somebody whom the other host answered, so many days ago."""
    call = line.call(number=number, **NOWHERE).join_end()
    call.began -= days * DAY_S
    call.over_at = format_datetime(timezone.now() - timedelta(days=days))
    if message:
        line.network.keep(Recording(call.sid, message, 3))


def wrote(line: Line, days: float) -> None:
    sent = format_datetime(timezone.now() - timedelta(days=days))
    text = Text("SMlost", line.office.phone, "Ma carte", "+33639980006", "inbound", "received")
    text.sent_at = sent
    line.network.texts_in["SMlost"] = text


def test_what_came_over_a_weekend_without_us_is_found_on_monday_once(line: Line):
    last_asked(timedelta(days=2.6))
    rang(line, "+33639980001", 2.6)
    rang(line, "+33639980005", 2, "Bonjour")
    wrote(line, 1.5)

    found = [find_unheard(Provider()), find_unheard(Provider())]

    assert found == [3, 0]
    assert unfinished() == [("callback", "waiting"), ("message", "waiting"), ("message", "waiting")]


def test_all_pages_of_a_long_time_are_read(line: Line, monkeypatch):
    monkeypatch.setattr(provider, "PAGE", 1)
    monkeypatch.setattr(provider, "MOST_PAGES", 1)
    last_asked(timedelta(days=3))
    for days in (1, 2, 3):
        rang(line, f"+3363998000{days}", days)

    assert find_unheard(Provider()) == 3


def test_what_is_older_than_a_month_is_not_asked_for(line: Line):
    last_asked(timedelta(days=300))
    rang(line, "+33639980001", 31)
    rang(line, "+33639980005", 29)

    assert find_unheard(Provider()) == 1


def test_who_begins_to_ask_takes_in_a_day(line: Line):
    rang(line, "+33639980001", 2)
    rang(line, "+33639980005", 0.9)

    assert find_unheard(Provider()) == 1


def test_while_the_provider_cannot_be_asked_somebody_hears_of_it(line: Line, settings):
    User.objects.create_user("ada", email="ada@example.org", role=Role.ADMINISTRATOR)
    rang(line, "+33639980001", 0.5)
    settings.TWILIO_AUTH_TOKEN = "another"

    assert (find_unheard(Provider()), sweep_unasked()) == (0, (0, 0))
    last_asked(timedelta(days=3))
    assert (find_unheard(Provider()), sweep_unasked(), sweep_unasked()) == (0, (1, 0), (0, 0))

    assert AlarmMail.objects.get().to == "ada@example.org"
    assert "TWILIO_AUTH_TOKEN" in next(iter(checkup.not_asked())).text
    settings.TWILIO_AUTH_TOKEN = TOKEN
    assert (find_unheard(Provider()), sweep_unasked()) == (1, (0, 1))
    assert list(checkup.not_asked()) == []


def owed() -> list[tuple[str, str]]:
    return [one for one in unfinished() if one[0] == "callback"]


def test_who_hung_up_while_we_were_away_outruns_nobody_who_has_held_the_line_for_minutes(line: Line):
    last_asked(timedelta(days=7))
    for number, days in (("+33639980001", 7), ("+33639980002", 6)):
        rang(line, number, days)
    find_unheard(Provider())
    call = line.call("111", number="+33639980077")
    assert call.wait_for("queued")
    WorkItem.objects.filter(kind="call", state="waiting").update(enqueued_at=timezone.now() - timedelta(minutes=10))

    taken = [work.take_next(there()) for _each in range(3)]

    assert [one and one.work_item.kind for one in taken] == ["call", "callback", "callback"]
    first, second = (one.work_item.interaction for one in taken[1:] if one)
    assert first.occurred_at < second.occurred_at  # of these whoever rang first


def test_who_hung_up_while_we_were_away_has_used_up_once_what_their_own_lane_promises(line: Line):
    other = Caller(line, sid="CAother", number="+33639980002").ring().keys("1", "1", "1")
    other.post("/ivr/queued", QueueResult="hangup")
    Lane.objects.filter(service_class="abandoned").update(target_s=3600)
    last_asked(timedelta(days=7))
    rang(line, ANA, 2)

    find_unheard(Provider())

    found = WorkItem.objects.filter(kind="callback").order_by("pk").last()
    assert found
    assert timedelta() <= timezone.now() - found.due_at < timedelta(minutes=1)
    assert found.due_at - found.enqueued_at == timedelta(hours=1)


def served(line: Line, number: str = ANA) -> None:
    """Somebody speaks with an agent now."""
    call = line.call("111", number=number)
    assert call.wait_for("queued")
    assert work.take_next(SERVICE)
    assert line.carry(lambda: Call.objects.filter(sid=call.sid, state="connected").exists())
    call.hang_up()
    assert soon(lambda: Call.objects.filter(sid=call.sid, state="ended").exists())


@pytest.mark.parametrize("days", [0.1, 2], ids=["on the same request", "on another"])
def test_who_was_spoken_with_since_is_not_called_back_as_well(line: Line, days: float):
    last_asked(timedelta(days=7))
    rang(line, ANA, days)
    served(line)

    assert find_unheard(Provider()) == 1

    assert owed() == []
    assert WorkItem.objects.filter(kind="call", outcome="abandoned").exists()


@pytest.mark.parametrize("who", ["another", "before", "shared"])
def test_who_was_not_surely_spoken_with_since_is_called_back(line: Line, who: str):
    last_asked(timedelta(days=7))
    rang(line, ANA, 2)
    served(line, "+33639980077" if who == "another" else ANA)
    if who == "before":
        Call.objects.update(connected_at=timezone.now() - timedelta(days=3))
    ContactPoint.objects.update(shared=who == "shared")

    assert find_unheard(Provider()) == 1

    assert owed() == [("callback", "waiting")]


@pytest.mark.parametrize("was_served", [True, False], ids=["served", "not served"])
@pytest.mark.parametrize("anew", [True, False], ids=["on another request", "on the same"])
def test_who_hung_up_again_since_is_still_owed_that_callback_and_no_other(line: Line, was_served: bool, anew: bool):
    last_asked(timedelta(days=7))
    rang(line, ANA, 2)
    if was_served:
        served(line)
    if anew:
        Caller(line, sid="CAmenu", number=ANA).ring().hang_up()
    caller = Caller(line, sid="CAagain", number=ANA).ring().keys("1", "1", "1").wait()
    if anew:
        caller.key("5")
    caller.post("/ivr/queued", QueueResult="hangup")
    again = WorkItem.objects.unfinished().get(kind="callback")

    assert find_unheard(Provider()) == 1

    assert WorkItem.objects.unfinished().get(kind="callback") == again
    found = Call.objects.order_by("started_at")[0]
    assert (found.ticket == caller.call.ticket) is not anew


class UntilAlarmed:
    """A process that is told to stop once there is an alarm, or after half a minute."""

    def __init__(self) -> None:
        self._end = time.monotonic() + 30

    @property
    def told(self) -> bool:
        return Alarm.objects.exists() or time.monotonic() > self._end

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self.told


def test_a_provider_that_refuses_everything_keeps_nothing_else_from_its_turn(line: Line, settings, monkeypatch):
    monkeypatch.setattr(voice, "ASK_EVERY_S", 0.01)
    last_asked(timedelta(hours=2))
    settings.TWILIO_AUTH_TOKEN = "another"

    voice.Command()._ask(UntilAlarmed())

    assert Alarm.objects.get().kind == asked.KIND
