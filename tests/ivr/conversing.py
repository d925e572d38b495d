"""A conversation between a caller and an agent, and who takes part in it."""

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.routing import presence
from contactcenter.routing.models import Presence
from contactcenter.routing.selectors import principal_for
from ivr.models import Call, Leg
from tests.contracts.asking import asking_as
from tests.factories import a_user
from tests.ivr.conftest import Line, soon

INTERPRETER = "+33199000077"


def conversation(line: Line, by: Principal, number: str = "+33639980001"):
    call = line.call("111", number=number)
    assert call.wait_for("queued")
    assert work.take_next(by)
    assert line.carry(lambda: Call.objects.filter(sid=call.sid, state="connected").exists())
    assert soon(lambda: call.state.startswith("conference"))
    return call


def legs_of(line: Line, kind: str = "agent"):
    sids = Leg.objects.filter(kind=kind).order_by("pk").values_list("sid", flat=True)
    return [line.network.calls[sid] for sid in sids if sid]


def someone(role: str = "agent"):
    """Somebody who is there for work."""
    user = a_user(role)
    by = principal_for(user)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by, asking_as(user)


def participant(line: Line, room: str, sid: str):
    return line.network.conferences.room(room).participants[sid]
