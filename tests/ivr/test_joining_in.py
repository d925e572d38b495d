"""Others in a conversation: an interpreter of the list, a supervisor who listens, whispers or takes part."""

from django.utils import timezone

from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Command, Leg, ThirdParty
from ivr.simulator.calls import SimulatedCall
from tests.contracts.asking import Api
from tests.factories import an_office
from tests.ivr.conftest import Line, soon
from tests.ivr.conversing import INTERPRETER, conversation, legs_of, participant, someone


def test_an_interpreter_of_the_list_joins_and_nobody_else_can(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number=INTERPRETER)
    closed = ThirdParty.objects.create(name="Ancien", role="office", number=INTERPRETER, closed_at=timezone.now())

    others = ThirdParty.objects.create(name="De Hautmont", role="interpreter", languages="ar", number=INTERPRETER)
    listed.offices.add(line.office)
    closed.offices.add(line.office)
    others.offices.add(an_office("hautmont"))

    assert mine.post(f"/calls/{call.sid}/third-party", {"id": closed.pk}).status_code == 422
    assert mine.post(f"/calls/{call.sid}/third-party", {"id": others.pk}).status_code == 422
    assert mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk}).status_code == 200

    assert line.carry(lambda: Leg.objects.filter(kind="third_party", joined_at__isnull=False).exists())
    legs_of(line, "third_party")[0].hang_up()
    assert soon(lambda: Leg.objects.get(kind="third_party").ended_at)
    assert Call.objects.get().state == "connected"
    assert INTERPRETER not in str(mine.get(f"/tickets/{Ticket.objects.get().reference}").json())


def test_a_supervisor_listens_whispers_and_takes_part(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    _chief, chief = someone("supervisor")
    room = Call.objects.get().room

    assert mine.post(f"/calls/{call.sid}/supervise").status_code == 403
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "listen"}).status_code == 200
    assert line.carry(lambda: legs_of(line, "supervisor") and legs_of(line, "supervisor")[0].state.startswith("conf"))
    leg = legs_of(line, "supervisor")[0]
    assert participant(line, room, leg.sid).muted
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "whisper"}).status_code == 200
    assert line.carry(lambda: participant(line, room, leg.sid).coached == legs_of(line)[0].sid)
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "barge"}).status_code == 200
    assert line.carry(
        lambda: not participant(line, room, leg.sid).coached and not participant(line, room, leg.sid).muted
    )
    call.hang_up()
    call.join_end()
    assert line.carry(lambda: leg.is_over)


def test_a_supervisor_who_whispered_is_heard_by_whoever_goes_on_and_may_leave(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    _chief, watching = someone("supervisor")
    watching.post(f"/calls/{call.sid}/supervise", {"mode": "whisper"})
    assert line.carry(lambda: Leg.objects.filter(kind="supervisor").exclude(joined_at=None).exists())
    colleague, _theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id, "warm": True})
    assert line.carry(lambda: Leg.objects.filter(kind="agent").exclude(joined_at=None).count() == 2)
    first, second = legs_of(line)
    whispering = legs_of(line, "supervisor")[0]

    first.hang_up()

    room = Call.objects.get().room
    assert line.carry(lambda: participant(line, room, whispering.sid).coached == second.sid)
    assert watching.post(f"/calls/{call.sid}/supervise", {"mode": "leave"}).status_code == 200
    assert line.carry(lambda: whispering.is_over)
    assert Call.objects.get().state == "connected"


def asked_in(line: Line, mine: Api, call: SimulatedCall) -> Leg:
    """An interpreter who was asked in, and whose telephone is not yet dialled."""
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number=INTERPRETER)
    listed.offices.add(line.office)
    assert mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk}).status_code == 200
    return Leg.objects.get(kind="third_party")


def test_an_interpreter_who_picks_up_while_the_agent_is_dialled_anew_waits_for_both(line: Line, api: Api, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    by, mine = someone()
    call = conversation(line, by)
    guest = asked_in(line, mine, call)

    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"})

    assert line.carry(lambda: Call.objects.get().state == "connected" and call.state.startswith("conference"))
    assert not Command.objects.filter(key=f"move-{guest.pk}").exists()
    assert Leg.objects.filter(kind="agent", ended_at=None).exclude(joined_at=None).exists()
    assert line.carry(lambda: legs_of(line, "third_party")[0].state.startswith("conference"))
    assert len(line.network.conferences.room(Call.objects.get().room).participants) == 3


def test_an_interpreter_is_not_left_with_a_person_whose_agent_does_not_come_back(line: Line, api: Api, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    line.network.outcomes["sip:ines@phones.example"] = "no-answer"
    by, mine = someone()
    call = conversation(line, by)
    guest = asked_in(line, mine, call)

    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"})

    assert line.carry(lambda: WorkItem.objects.get().state == "waiting" and call.state == "queued")
    assert line.carry(lambda: all(leg.is_over for leg in legs_of(line, "third_party")))
    assert not Command.objects.filter(key=f"move-{guest.pk}").exists()
    assert Ticket.objects.get().events.filter(kind="call.connected").count() == 1
    assert not Leg.objects.filter(ended_at=None).exists()


def test_a_supervisor_who_picks_up_while_the_agent_is_dialled_anew_is_let_go(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    _chief, chief = someone("supervisor")
    chief.post(f"/calls/{call.sid}/supervise", {"mode": "whisper"})

    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"})

    watching = Leg.objects.get(kind="supervisor")
    told = line.network.webhooks.post(f"/ivr/guest?leg={watching.pk}", {"CallSid": "CAchief"})
    assert "<Hangup" in told.text
    assert not Command.objects.filter(key=f"move-{watching.pk}").exists()
    assert line.carry(lambda: Call.objects.get().state == "connected")
