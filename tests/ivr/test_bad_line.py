"""Somebody cannot be heard: the leg is swapped, or the person is called back at once."""

import pytest

from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Leg, LineProof, ThirdParty
from ivr.services import outgoing
from tests.contracts.asking import Api
from tests.ivr.conftest import Line
from tests.ivr.conversing import INTERPRETER, conversation, legs_of, someone


def test_a_bad_line_is_mended_by_another_leg_that_is_proved_anew(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at

    told = mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"}).json()

    assert told["state"] == "connecting"
    assert not LineProof.objects.exists()
    assert line.carry(lambda: Call.objects.get().state == "connected" and call.state.startswith("conference"))
    first, second = legs_of(line)
    assert (first.is_over, second.number, second.trail[:2]) == (True, "sip:ines@phones.example", ["Gather", "Gather"])
    assert WorkItem.objects.get().enqueued_at == since
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id


def test_a_bad_line_is_mended_by_calling_the_person_back_at_once(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at

    told = mine.post(f"/calls/{call.sid}/bad-line", {"do": "call_back"}).json()

    assert (told["outgoing"], told["state"]) == (True, "connecting")
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    assert call.is_over
    item = WorkItem.objects.get(kind="callback")
    assert (item.stage, item.enqueued_at) == ("connected", since)
    assert WorkItem.objects.get(kind="call").outcome == "bad_line"
    assert Ticket.objects.count() == 1


def test_a_bad_line_calls_nobody_back_oftener_than_a_day_allows(line: Line, api: Api, settings):
    by, mine = someone()
    call = conversation(line, by)
    settings.CC_CALLS_PER_NUMBER = 1
    outgoing.spend(Call.objects.get().number)

    refused = mine.post(f"/calls/{call.sid}/bad-line", {"do": "call_back"})

    assert refused.status_code == 422
    assert Call.objects.get().state == "connected"


@pytest.mark.parametrize("to", ["+8816123456789", "+9791234567", "+12015550123", "+33899000000"])
def test_no_line_of_an_agent_lies_where_we_do_not_call(line: Line, api: Api, to: str):
    by, mine = someone()
    call = conversation(line, by)

    refused = mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": to})

    assert refused.status_code == 422
    assert Call.objects.get().state == "connected"


def test_a_bad_line_is_swapped_without_throwing_the_interpreter_out(line: Line, api: Api, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    by, mine = someone()
    call = conversation(line, by)
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number=INTERPRETER)
    listed.offices.add(line.office)
    mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk})
    assert line.carry(lambda: Leg.objects.filter(kind="third_party", joined_at__isnull=False).exists())

    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"})

    assert line.carry(lambda: Leg.objects.filter(kind="agent", ended_at=None).exclude(joined_at=None).exists())
    assert Leg.objects.filter(kind="third_party", ended_at=None).exists()
    assert call.state.startswith("conference")
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id
