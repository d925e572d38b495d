"""A caller speaks: it is a message at the moment they stop or hang up, and its audio follows."""

from django.db import transaction

from contactcenter.intake.services import amend, missing
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem, WorkState
from ivr.models import CHANNEL, Call, CallState, Command
from ivr.reading import said_as
from ivr.services.legs import drop_agent
from ivr.services.orders import order
from ivr.services.waiting import leave_queue
from ivr.sids import is_sid

WAV_HEAD = 44  # bytes before the first sample


@transaction.atomic
def start_message(call: Call) -> None:
    """The caller speaks; should they hang up now, or have done so already, it is a message all the same."""
    call = Call.objects.locked(call.pk)
    leave_queue(call, "message")
    drop_agent(call)
    if call.state == CallState.ENDED:
        left(call)
    call.now(CallState.RECORDING)


@transaction.atomic
def take_message(call: Call, *, recording: str = "", promised: bool = False) -> None:
    """The caller stopped speaking: the message waits for a human, its audio follows.

    Who was `promised` a callback just before has both.
    """
    call = Call.objects.locked(call.pk)
    left(call, promised=promised)
    if call.state == CallState.RECORDING:
        call.now(CallState.MENU)
    if recording:
        fetch(call, recording)


def left(call: Call, *, promised: bool = False) -> None:
    """A message is there. Where we had called them it takes that call's place, unless we had something to tell them,
    or have just promised to call them again.
    """
    since = call.waiting_since or call.started_at
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first() if call.outgoing else None
    if item and not promised and item.delivery_id is None and item.state != WorkState.DONE:
        since = item.enqueued_at
        routing.withdraw(item.pk, actor="person", outcome="message")
    amend(channel=CHANNEL, external_id=said_as(call), needs=Kind.MESSAGE, enqueued_at=since, receipt=bool(call.number))


@transaction.atomic
def heard_nothing(call: Call) -> None:
    """The caller said nothing at the recorder: they are no longer speaking, and may wait or be called back."""
    call = Call.objects.locked(call.pk)
    if call.state == CallState.RECORDING:
        call.now(CallState.MENU)


def fetch(call: Call, recording: str) -> None:
    """Have the audio fetched, once; it is asked for by its id alone, never by an address that somebody sent."""
    if is_sid(recording):
        order(Command.Kind.FETCH, f"fetch-{recording}", call=call, argument=recording, rank=7)


def is_audio(data: bytes) -> bool:
    """Whether these bytes are a WAV file with sound in it, and not an error page or the beginning of one."""
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE" and len(data) > WAV_HEAD


def audio_lost(call: Call) -> None:
    """The recording could not be had: said on the ticket, where somebody will miss it (an alarm tells as well)."""
    missing(channel=CHANNEL, external_id=said_as(call), what="audio")
