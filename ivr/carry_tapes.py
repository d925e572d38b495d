"""Carry what is wanted of recordings to the provider, fetch their audio, and ask after those of which nobody told."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from ivr import sealed
from ivr.models import Call, CallState, Command
from ivr.provider import GoneError, Json, Provider, ProviderError
from ivr.services import tapes
from ivr.services.voicemail import is_audio
from ivr.tapes import LIVE, Tape

THERE = {Tape.State.RUNS: "in-progress", Tape.State.PAUSED: "paused", Tape.State.ENDED: "stopped"}
UNDER_WAY = frozenset({"in-progress", "paused"})
SOURCE = "StartCallRecordingAPI"  # begun by a request like ours; what somebody said into the recorder is not
TOLD_WITHIN = timedelta(minutes=2)
AT_ONCE = 50


def bring(command: Command, provider: Provider) -> None:
    """Bring a recording to what is wanted of it by now; with a call that is over it ended by itself."""
    tape = _tape(command)
    try:
        if tape.state == Tape.State.WANTED:
            _begin(tape, provider, again=command.attempts > 0)
        elif tape.state in LIVE and tape.state != tape.wants:
            provider.change_recording(tape.call.sid or "", tape.sid, THERE[tape.wants])
            tapes.became(tape.pk, tape.wants)
    except GoneError:
        if tape.state == Tape.State.WANTED:
            tapes.came_to_nothing(tape.pk)


def _begin(tape: Tape, provider: Provider, *, again: bool) -> None:
    """Begin it, unless the conversation is over; paused before it began, it waits until somebody goes on with it."""
    call = tape.call
    if tape.wants == Tape.State.ENDED or call.state != CallState.CONNECTED:
        tapes.came_to_nothing(tape.pk)
    elif tape.wants == Tape.State.RUNS:
        begun = _begun_before(call, provider) if again else ""
        address = f"{settings.CC_PUBLIC_BASE_URL}/ivr/tape?tape={tape.pk}"
        tapes.runs(tape.pk, begun or provider.record(call.sid or "", address))


def _begun_before(call: Call, provider: Provider) -> str:
    """The recording that an earlier try began, whose answer was lost: a call must not be recorded twice."""
    return next((str(one["sid"]) for one in _unknown(call, provider) if one.get("status") in UNDER_WAY), "")


def _unknown(call: Call, provider: Provider) -> list[Json]:
    """Recordings of this conversation that the provider has and we do not know."""
    known = set(call.tapes.exclude(sid="").values_list("sid", flat=True))
    there = provider.recordings(call.sid or "")
    return [one for one in there if one.get("source") == SOURCE and one.get("sid") and one["sid"] not in known]


def fetch(command: Command, provider: Provider) -> None:
    """Keep the audio, sealed; once it is ours the provider's copy is deleted. It is asked for by its id alone."""
    tape = _tape(command)
    if tape.state == Tape.State.ENDED:
        tapes.kept(tape.pk, sealed.keep(_audio(provider.sound(tape.sid))))


def ask_after(provider: Provider) -> int:
    """Ask after recordings whose conversation is over and whose end nobody told; returns how many were settled."""
    untold = Tape.objects.filter(
        seconds=None, state__in=(*LIVE, Tape.State.ENDED), started_at__lte=timezone.now() - TOLD_WITHIN
    ).exclude(call__state=CallState.CONNECTED, stop=False)
    return sum(_settled(tape, provider) for tape in untold.select_related("call").order_by("pk")[:AT_ONCE])


def _settled(tape: Tape, provider: Provider) -> bool:
    try:
        sid = tape.sid or next((str(one["sid"]) for one in _unknown(tape.call, provider)), "")
        told = provider.recording_told(sid) if sid else {"status": "absent"}
    except GoneError:
        told = {"status": "absent"}
    except ProviderError:
        return False
    if told.get("status") == "completed":
        tapes.ended(tape.pk, sid, tapes.whole_seconds(told.get("duration")))
    elif told.get("status") == "absent":
        tapes.came_to_nothing(tape.pk)
    else:
        return False
    return True


def _audio(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces, b"")
    if not is_audio(first):
        raise ProviderError("what came is no recording", passing=True)
    yield first
    yield from pieces


def _tape(command: Command) -> Tape:
    return Tape.objects.select_related("call").get(pk=command.argument)
