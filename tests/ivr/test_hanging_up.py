"""Whom an agent hangs up on is off the line, whatever the provider says to it at first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.desk import work
from contactcenter.routing import presence
from contactcenter.routing.models import Presence, WorkItem
from contactcenter.routing.selectors import principal_for
from ivr.models import Call, Command, Leg
from ivr.provider import Provider, ProviderError
from ivr.services import legs
from ivr.sweeps import hang_up_anew
from tests.contracts.asking import asking_as
from tests.factories import a_user
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import agents_leg, conversation, there


def refuses(*_: object) -> None:
    raise ProviderError("HTTP 400", passing=False)


def is_given_up() -> bool:
    return Command.objects.filter(kind="hang_up").exclude(error="").exclude(done_at=None).exists()


def a_while_later() -> None:
    Command.objects.filter(kind="hang_up").update(done_at=timezone.now() - timedelta(seconds=31))


def test_a_person_whom_the_provider_would_not_hang_up_is_hung_up_anew(line: Line, monkeypatch):
    call, item = conversation(line, there())
    with monkeypatch.context() as patched:
        patched.setattr(Provider, "hang_up", refuses)
        legs.hang_up(item.pk)
        assert line.carry(is_given_up)
    assert (call.is_over, Call.objects.get().state, hang_up_anew()) == (False, "connected", 0)
    a_while_later()

    assert hang_up_anew() == 1

    assert line.carry(lambda: call.is_over and Call.objects.get().state == "ended")
    assert WorkItem.objects.get().stage == "wrap_up"
    a_while_later()
    assert hang_up_anew() == 0


def test_an_agents_leg_that_the_provider_would_not_hang_up_is_hung_up_anew(line: Line, monkeypatch):
    by = there()
    _call, item = conversation(line, by)
    with monkeypatch.context() as patched:
        patched.setattr(Provider, "hang_up", refuses)
        patched.setattr(Provider, "move", refuses)
        work.release(item.pk, by)
        assert line.carry(is_given_up)
    assert not agents_leg(line).is_over
    a_while_later()

    hang_up_anew()

    assert line.carry(lambda: agents_leg(line).is_over)


def test_a_person_who_had_gone_untold_is_off_the_line_as_soon_as_their_agent_hangs_up(line: Line):
    call, item = conversation(line, there())
    assert soon(lambda: call.state.startswith("conference"))
    line.network.faults.drop = lambda _params: True
    leg = agents_leg(line)
    line.network.conferences.find(Call.objects.get().room).participants[call.sid].ends = False  # the agent stays
    call.hang_up()
    call.join_end()
    assert (leg.is_over, Call.objects.get().state) == (False, "connected")

    legs.hang_up(item.pk)

    assert line.carry(lambda: Call.objects.get().state == "ended")
    assert soon(lambda: line.carry(lambda: leg.is_over))
    assert WorkItem.objects.get().stage == "wrap_up"


@pytest.mark.parametrize("door", ["page", "api", "plug"])
def test_an_agent_who_hangs_up_while_their_own_telephone_rings_leaves_the_caller_at_their_place(line: Line, door: str):
    user = a_user()
    by = principal_for(user)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    call = line.call("111")
    assert call.wait_for("queued")
    item = work.take_next(by).work_item
    page = Client(headers={"accept-language": "en"})
    page.force_login(user)
    assert "desk/work-items" in (shown := page.get(f"/desk/tickets/{item.ticket.reference}/").content.decode())
    assert f"/desk/work-items/{item.pk}/hang-up/" not in shown
    assert f"/desk/work-items/{item.pk}/done/" not in shown

    doors = {
        "page": lambda: page.post(f"/desk/work-items/{item.pk}/hang-up/", follow=True),
        "api": lambda: asking_as(user).post(f"/calls/{call.sid}/hang-up"),
        "plug": lambda: legs.hang_up(item.pk),
    }
    answer = doors[door]()

    assert door == "plug" or answer.status_code == 200
    assert line.carry(lambda: Leg.objects.get().ended_at)
    waits = WorkItem.objects.get()
    assert (waits.state, waits.stage, waits.enqueued_at) == ("waiting", "", item.enqueued_at)
    assert (Call.objects.get().state, call.state) == ("waiting", "queued")
    assert not Command.objects.filter(kind="hang_up", leg=None).exists()
    assert work.take_next(there())
    assert line.carry(lambda: Call.objects.get().state == "connected")


def test_a_callback_that_was_not_dialled_goes_back_to_its_place_at_once(line: Line):
    user = a_user()
    by = principal_for(user)
    line.call("222").join_end()
    item = work.take(WorkItem.objects.get(kind="callback").pk, by).work_item

    told = asking_as(user).post(f"/calls/call-{Call.objects.get(outgoing=True).pk}/hang-up")

    assert (told.status_code, told.json()["state"]) == (200, "ended")
    waits = WorkItem.objects.get(pk=item.pk)
    assert (waits.state, waits.enqueued_at) == ("waiting", item.enqueued_at)
    assert not Call.objects.filter(missed=True).exists()
