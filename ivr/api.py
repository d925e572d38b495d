"""Calls through the API: read, held, passed on, mended, ended; and a person called from their ticket."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Router

from contactcenter.accounts.principal import Principal
from contactcenter.desk import promised
from contactcenter.desk.whereto import agent_named, queue_named
from contactcenter.errors import NotAllowedError
from contactcenter.tickets.selectors import by_reference
from ivr.models import Call
from ivr.reading import call_named
from ivr.services import bad_line, calling, conversations, guests, taping, transfers
from ivr.shapes import (
    BadLineIn,
    CallOut,
    CallProblem,
    CallTransferIn,
    GuestIn,
    HoursOut,
    MuteIn,
    RecordingIn,
    SuperviseIn,
    call_out,
)

router = Router(tags=["calls"])
ANSWERS: dict[Any, Any] = {200: CallOut, frozenset({401, 403, 404, 409, 422}): CallProblem}
HOURS: dict[Any, Any] = {200: HoursOut, frozenset({401, 403, 404}): CallProblem}
CREATED: dict[Any, Any] = {201: CallOut, frozenset({401, 403, 404, 409, 422}): CallProblem}
DEFAULT: Any = Body(None)  # type: ignore[type-arg]


@router.post("/tickets/{reference}/call", response=CREATED)
def call_person(request: HttpRequest, reference: str) -> tuple[int, CallOut]:
    """Call the ticket's person now: the agent's leg first, then theirs. Again while that goes on is the same call."""
    return 201, _told(calling.call_now(reference, _by(request)))


@router.get("/tickets/{reference}/hours", response=HOURS)
def free_hours(request: HttpRequest, reference: str) -> HoursOut:
    """The hours for which a callback can be promised to the ticket's person (`at` of a reply), the soonest first."""
    office = by_reference(_by(request), reference).office
    return {"items": [at.isoformat() for at in promised.free_hours(office)]}


@router.get("/calls/{sid}", response=ANSWERS)
def read_call(request: HttpRequest, sid: str) -> CallOut:
    """A call with its legs and what happened to it."""
    return call_out(call_named(sid, _by(request)))


@router.post("/calls/{sid}/hold", response=ANSWERS)
def hold_call(request: HttpRequest, sid: str) -> CallOut:
    """The person hears the hold music."""
    by = _by(request)
    return _told(conversations.hold(call_named(sid, by), by))


@router.post("/calls/{sid}/resume", response=ANSWERS)
def resume_call(request: HttpRequest, sid: str) -> CallOut:
    """The person and the agent hear each other again."""
    by = _by(request)
    return _told(conversations.resume(call_named(sid, by), by))


@router.post("/calls/{sid}/mute", response=ANSWERS)
def mute_call(request: HttpRequest, sid: str, body: MuteIn | None = DEFAULT) -> CallOut:
    """The agent is heard no longer, or again."""
    by = _by(request)
    return _told(conversations.mute(call_named(sid, by), by, on=body.on if body else True))


@router.post("/calls/{sid}/recording", response=ANSWERS)
def recording_of_call(request: HttpRequest, sid: str, body: RecordingIn) -> CallOut:
    """Pause the recording, go on with it, or end and erase it because the person does not want it."""
    by = _by(request)
    call = call_named(sid, by)
    return _told(taping.refuse(call, by) if body.do == "erase" else taping.pause(call, by, on=body.do == "pause"))


@router.post("/calls/{sid}/transfer", response=ANSWERS)
def transfer_call(request: HttpRequest, sid: str, body: CallTransferIn) -> CallOut:
    """Pass the call on with its ticket."""
    by = _by(request)
    call = call_named(sid, by)
    queue, agent = queue_named(body.queue, by), agent_named(body.agent, by)
    return _told(transfers.transfer(call, by, queue=queue, agent=agent, warm=body.warm, text=body.text))


@router.post("/calls/{sid}/hang-up", response=ANSWERS)
def hang_up_call(request: HttpRequest, sid: str) -> CallOut:
    """End the conversation."""
    by = _by(request)
    return _told(conversations.hang_up(call_named(sid, by), by))


@router.post("/calls/{sid}/bad-line", response=ANSWERS)
def mend_call(request: HttpRequest, sid: str, body: BadLineIn | None = DEFAULT) -> CallOut:
    """They cannot hear each other: another leg for the agent, or the person is called back at once."""
    by = _by(request)
    do, to = (body.do, body.to) if body else (bad_line.SWAP, "")
    return _told(bad_line.bad_line(call_named(sid, by), by, do=do, to=to))


@router.post("/calls/{sid}/third-party", response=ANSWERS)
def bring_in(request: HttpRequest, sid: str, body: GuestIn) -> CallOut:
    """Bring an interpreter or the competent office into the conversation."""
    by = _by(request)
    return _told(guests.bring_in(call_named(sid, by), body.id, by))


@router.post("/calls/{sid}/supervise", response=ANSWERS)
def supervise_call(request: HttpRequest, sid: str, body: SuperviseIn | None = DEFAULT) -> CallOut:
    """Listen to a conversation, whisper to its agent, take part in it, or leave it."""
    by = _by(request)
    if body and body.mode == guests.LEAVE:
        return _told(guests.leave(call_named(sid, by), by))
    return _told(guests.supervise(call_named(sid, by), by, body.mode if body else "listen"))


def _by(request: HttpRequest) -> Principal:
    by = cast("Principal", request.auth)  # type: ignore[attr-defined]
    if not by.may_write and request.method != "GET":
        raise NotAllowedError(_("An auditor reads; changing something is for agents."))
    return by


def _told(call: Call) -> CallOut:
    return call_out(Call.objects.select_related("ticket").get(pk=call.pk))
