"""Who talks to an agent when the database goes: they go on, and whoever hung up meanwhile is not queued again."""

import itertools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from django.utils import timezone

from contactcenter.desk import work
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import TicketEvent
from ivr import spool
from ivr.models import Call, Leg
from ivr.provider import Provider, ProviderError
from ivr.replay import carry_in
from ivr.sweeps import ask_after
from ivr.watch import watch_legs
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import SERVICE, agents_leg, conversation, posts, ring, there, unfinished
from tests.ivr.test_told_again import Away


def talking(line: Line):
    """Both legs are up, and in the same room."""
    call, item = conversation(line, there())
    assert soon(lambda: call.state.startswith("conference") and agents_leg(line).state.startswith("conference"))
    return call, item


def test_a_conversation_goes_on_through_an_outage_and_ends_as_any_other(line: Line, monkeypatch):
    call, item = talking(line)
    away = Away(monkeypatch)
    held = line.network.webhooks.post(f"/ivr/held?call={Call.objects.get().pk}", ring(line, call.sid))
    assert held.status_code == 200
    away.comes_back()
    carry_in()

    assert call.state.startswith("conference")
    assert Call.objects.get().state == "connected"
    assert unfinished() == [("call", "assigned")]

    call.hang_up()
    call.join_end()

    assert soon(lambda: WorkItem.objects.get().stage == "wrap_up")
    assert not TicketEvent.objects.filter(kind="work_item.requeued").exists()
    assert WorkItem.objects.get().pk == item.pk


def test_who_hung_up_meanwhile_was_served_and_is_not_queued_again(line: Line, monkeypatch):
    call, _item = talking(line)
    away = Away(monkeypatch)
    call.hang_up()
    call.join_end()
    agents_leg(line).join_end()
    assert soon(lambda: len(spool.waiting()) >= 3)  # the agent's leg came out and ended, the call ended
    away.comes_back()

    assert carry_in() >= 3

    assert Call.objects.get().state == "ended"
    assert (WorkItem.objects.get().state, WorkItem.objects.get().stage) == ("assigned", "wrap_up")
    assert not TicketEvent.objects.filter(kind="work_item.requeued").exists()


TOLD = ("leg out", "leg completed", "call completed", "call in progress")
ORDERS = [one for one in itertools.permutations(TOLD) if one.index("leg out") < one.index("leg completed")]


@pytest.mark.parametrize("order", ORDERS, ids=" · ".join)
def test_in_whatever_order_the_end_of_a_conversation_is_told_it_is_one_end(line: Line, order: tuple[str, ...]):
    """The provider asks what the agent's leg does next and waits for the answer, so its own end comes after that."""
    call, _item = talking(line)
    line.network.faults.drop = lambda _params: True
    leg, sid = Leg.objects.get(), call.sid
    its = {"CallSid": leg.sid, "Direction": "outbound-api"}
    told = {
        "leg out": (f"/ivr/left?leg={leg.pk}", {**its, "CallStatus": "in-progress"}),
        "leg completed": (f"/ivr/status?leg={leg.pk}", {**its, "CallStatus": "completed", "SequenceNumber": "3"}),
        "call completed": ("/ivr/status", {"CallSid": sid, "CallStatus": "completed", "SequenceNumber": "3"}),
        "call in progress": ("/ivr/status", {"CallSid": sid, "CallStatus": "in-progress", "SequenceNumber": "2"}),
    }

    posts(line, *[told[one] for one in order])

    assert Call.objects.get().state == "ended"
    assert (WorkItem.objects.get().state, WorkItem.objects.get().stage) == ("assigned", "wrap_up")


NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds_after", "left"), [(-2, []), (0, []), (1, [("callback", "waiting")]), (None, [("callback", "waiting")])]
)
def test_where_the_leg_s_way_out_was_never_told_the_provider_s_clock_says_who_left_first(
    line: Line, seconds_after: int | None, left: list[tuple[str, str]]
):
    call, _item = talking(line)
    line.network.faults.drop = lambda _params: True
    leg = Leg.objects.get()
    over = {"CallStatus": "completed", "SequenceNumber": "3"}
    stamped = {} if seconds_after is None else {"Timestamp": format_datetime(NOON + timedelta(seconds=seconds_after))}

    its = {"CallSid": leg.sid, "Direction": "outbound-api", "Timestamp": format_datetime(NOON)}
    posts(line, (f"/ivr/status?leg={leg.pk}", {**its, **over}))
    posts(line, ("/ivr/status", {"CallSid": call.sid, **over, **stamped}))

    assert Call.objects.get().state == "ended"
    assert unfinished() == left


@pytest.fixture
def way_out_untold(line: Line, monkeypatch) -> None:
    """The agent's leg asks what comes next in vain."""
    real = line.network.webhooks.ask

    def ask(_self: object, method: str, url: str, *args, **more):
        if "/ivr/left" in url:
            raise requests.Timeout
        return real(method, url, *args, **more)

    monkeypatch.setattr(type(line.network.webhooks), "ask", ask)


@pytest.mark.usefixtures("way_out_untold")
def test_who_was_served_is_not_called_back_though_nothing_of_their_end_is_told(line: Line):
    """Only the agent's own end arrives."""
    call, _item = talking(line)
    line.network.faults.drop = lambda params: params.get("CallSid") == call.sid

    call.hang_up()
    call.join_end()

    assert line.carry(lambda: Call.objects.get().state == "ended")
    assert unfinished() == []
    assert WorkItem.objects.get().outcome == "served"


def hung_up_unheard(line: Line):
    """Somebody who hung up on their agent, whose line ended with theirs; nothing of it is told."""
    call, _item = talking(line)
    line.network.faults.drop = lambda _params: True
    call.hang_up()
    for leg in (call, agents_leg(line)):
        leg.join_end()
    return call


@pytest.mark.usefixtures("way_out_untold")
def test_who_was_served_is_not_called_back_though_no_end_at_all_is_told(line: Line):
    hung_up_unheard(line)
    Leg.objects.update(started_at=timezone.now() - timedelta(seconds=6))

    assert watch_legs(Provider()) == 1

    assert line.carry(lambda: Call.objects.get().state == "ended")
    assert unfinished() == []
    assert WorkItem.objects.get().outcome == "served"


@pytest.mark.usefixtures("way_out_untold")
def test_an_end_that_is_found_out_hours_later_is_dated_when_it_was(line: Line):
    call = hung_up_unheard(line)
    over_at = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    began = over_at - timedelta(minutes=5)
    Call.objects.update(started_at=began, waiting_since=began, connected_at=began)
    call.over_at = format_datetime(over_at)

    assert ask_after(Provider()) == 1

    assert Call.objects.get().ended_at == over_at


def test_whom_the_provider_will_not_move_waits_at_their_place_for_another_agent(line: Line, monkeypatch):
    def refuses(*_: object) -> None:
        raise ProviderError("HTTP 400", passing=False)

    call = line.call("111", patient=True)
    assert call.wait_for("queued")
    before = WorkItem.objects.get().enqueued_at
    work.take_next(SERVICE)
    with monkeypatch.context() as patched:
        patched.setattr(Provider, "move", refuses)
        assert line.carry(lambda: unfinished() == [("call", "waiting")] and Call.objects.get().state == "waiting")

    assert call.state == "queued"
    assert WorkItem.objects.get().enqueued_at == before
    assert soon(lambda: line.carry(lambda: agents_leg(line).state == "completed"))
    work.take_next(SERVICE)
    assert line.carry(lambda: Call.objects.get().state == "connected")


def test_when_we_fail_in_the_waiting_music_who_waits_goes_on_waiting(line: Line, monkeypatch):
    """The provider allows no recording there."""
    caller = Caller(line).ring().keys("1", "1", "1")

    def breaks(*_: object) -> None:
        raise RuntimeError("something of ours")

    monkeypatch.setattr("ivr.services.line.tell", breaks)
    caller.wait()

    assert "Record" not in caller.verbs
    assert caller.verbs[0] == "Gather"
    assert unfinished() == [("call", "waiting")]


def test_who_shows_another_s_number_hears_no_reference_of_that_one_s_request(line: Line):
    first = Caller(line, sid="CAfirst").ring().keys("1", "1", "2")
    assert ", ".join(first.call.ticket.reference) in first.heard
    posts(line, ("/ivr/status", {**ring(line, "CAfirst"), "CallStatus": "completed"}))

    second = Caller(line, sid="CAsecond").ring().keys("1", "1", "2")

    assert second.call.ticket == first.call.ticket
    assert ", ".join(first.call.ticket.reference) not in second.heard
    assert "Hangup" in second.verbs
