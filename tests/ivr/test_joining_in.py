"""Others in a conversation: an interpreter of the list, a supervisor who listens, whispers or takes part."""

from django.utils import timezone

from contactcenter.tickets.models import Ticket
from ivr.models import Call, Leg, ThirdParty
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
