"""What the API answers and takes about calls, field by field. Times are ISO 8601 with offset."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field
from typing_extensions import TypedDict

from contactcenter.tickets.models import TicketEvent
from ivr import tape_panel
from ivr.models import Call, CallState, Leg
from ivr.reading import events_of, name_of, state_of, waited_s


class CallLegOut(TypedDict):
    """One end of a call: `person`, `agent`, `supervisor` or `third_party`."""

    id: int | None
    kind: str
    to: str
    agent: str | None
    mode: str | None
    started_at: str
    answered_at: str | None
    joined_at: str | None
    ended_at: str | None


class CallEventOut(TypedDict):
    """One thing that happened to the call or to its work."""

    at: str
    kind: str
    actor: str
    data: Mapping[str, object]


class CallOut(TypedDict):
    """A call as it stands. `sid` is the provider's id, or our own name for it until there is one."""

    sid: str
    state: str
    outgoing: bool
    ticket: str
    language: str
    work_item: int | None
    legs: list[CallLegOut]
    started_at: str
    ended_at: str | None
    waited_s: float
    recording: str | None
    events: list[CallEventOut]


class HoursOut(TypedDict):
    """The beginnings of hours that are free."""

    items: list[str]


class CallProblem(TypedDict):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str


class CallTransferIn(Schema):
    """Whom to pass a call to: a queue or an agent; `warm` lets the two agents speak with the person together first."""

    queue: str | int | None = None
    agent: str | int | None = None
    warm: bool = False
    text: str = Field("", max_length=100_000)


class BadLineIn(Schema):
    """Mend the line: `swap` the agent's leg (to another number, where given), or `call_back` the person at once."""

    do: Literal["swap", "call_back"] = "swap"
    to: str = Field("", max_length=120)


class GuestIn(Schema):
    """Who is brought in: a row of the list of third parties."""

    id: int


class SuperviseIn(Schema):
    """How a supervisor is there."""

    mode: Literal["listen", "whisper", "barge", "leave"] = "listen"


class MuteIn(Schema):
    """Whether the agent is heard."""

    on: bool = True


class RecordingIn(Schema):
    """What becomes of the recording: `pause`, `go-on`, or `erase`, where the person does not want it."""

    do: Literal["pause", "go-on", "erase"]


def call_out(call: Call) -> CallOut:
    """The call with its legs, the person's first, and its events."""
    legs = [_persons(call), *map(_leg, call.legs.order_by("pk"))]
    return {
        "sid": name_of(call),
        "state": state_of(call),
        "outgoing": call.outgoing,
        "ticket": call.ticket.reference,
        "language": call.language,
        "work_item": call.work_item_id,
        "legs": legs,
        "started_at": call.started_at.isoformat(),
        "ended_at": _time(call.ended_at),
        "waited_s": waited_s(call),
        "recording": (call.state == CallState.CONNECTED and tape_panel.state_of(call)) or None,
        "events": [_event(event) for event in events_of(call)],
    }


def _persons(call: Call) -> CallLegOut:
    """The person's own end: of a call that came in it was taken up at once."""
    return {
        "id": None,
        "kind": "person",
        "to": call.number,
        "agent": None,
        "mode": None,
        "started_at": call.started_at.isoformat(),
        "answered_at": _time(call.connected_at) if call.outgoing else call.started_at.isoformat(),
        "joined_at": _time(call.connected_at),
        "ended_at": _time(call.ended_at),
    }


def _leg(leg: Leg) -> CallLegOut:
    return {
        "id": leg.pk,
        "kind": leg.kind,
        "to": leg.to,
        "agent": f"agent:{leg.agent_id}" if leg.agent_id else None,
        "mode": leg.mode or None,
        "started_at": leg.started_at.isoformat(),
        "answered_at": _time(leg.answered_at),
        "joined_at": _time(leg.joined_at),
        "ended_at": _time(leg.ended_at),
    }


def _event(event: TicketEvent) -> CallEventOut:
    return {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "data": event.data}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
