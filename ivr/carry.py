"""Carry commands to the provider: one process, agents' legs first, at most one dialled leg a second."""

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from contactcenter import vault
from contactcenter.channel import File
from contactcenter.intake.services import amend
from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.reading import text_message
from contactcenter.outbox.texting import LONGEST
from ivr import carry_tapes
from ivr.models import CHANNEL, Call, CallState, Command, Leg, Pace
from ivr.provider import GoneError, Json, Provider, ProviderError, moment
from ivr.reading import agents_leg, said_as
from ivr.services import ending, legs, standing, tapes, voicemail
from ivr.services.orders import order
from ivr.services.voicemail import is_audio

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 4  # somebody holds the line
PATIENT_ATTEMPTS = 10  # a quarter of an hour: nobody does, and what was recorded is still there
BETWEEN_DIALS = timedelta(seconds=1)
UNSURE = frozenset({"ReadTimeout", "ConnectionError"})  # it may have been dialled all the same
CLOCKS_DIFFER = timedelta(minutes=1)  # ours and the provider's
UNKNOWN_TO_THEM = frozenset({"HTTP 401", "HTTP 403"})  # a token that was changed at one end only passes
RINGS = timedelta(seconds=30)  # longer than a leg rings
SLOW_FROM = 5
ANY, PROMPT, SLOW = Q(), Q(rank__lte=SLOW_FROM), Q(rank__gt=SLOW_FROM)  # whether somebody on the line may wait for it
DIALS = frozenset({Command.Kind.DIAL_LEG, Command.Kind.DIAL_PERSON})
AUDIO = frozenset({Command.Kind.FETCH, Command.Kind.FETCH_TAPE})
ENDS = frozenset({Command.Kind.DIAL_PERSON, Command.Kind.MOVE, Command.Kind.HANG_UP})  # the call, where they are gone
PATIENT = AUDIO | {Command.Kind.DELETE, Command.Kind.SMS}


def carry_due(provider: Provider, which: Q = ANY) -> int:
    """Carry what is due of these; returns how many were carried. What may not be dialled yet stays due."""
    carried = 0
    now = timezone.now()
    for command in Command.objects.filter(which, done_at=None, due_at__lte=now).order_by("rank", "due_at", "id")[:50]:
        if command.kind in DIALS and not _may_dial():
            continue
        if _claim(command):
            _carry(command, provider)
            carried += 1
            if command.rank > SLOW_FROM:  # it took its time: something that goes before the rest may be due by now
                break
    return carried


def _may_dial() -> bool:
    """One pace for all dialled legs, kept in the database: the one UPDATE that succeeds may dial."""
    now = timezone.now()
    if Pace.objects.filter(name="dial", last_at__lte=now - BETWEEN_DIALS).update(last_at=now):
        return True
    return Pace.objects.get_or_create(name="dial", defaults={"last_at": now})[1]  # the first of all


def next_dial_in() -> float:
    """In how many seconds the pace lets another leg be dialled, where one waits to be; else for ever."""
    due = Command.objects.filter(done_at=None, due_at__lte=timezone.now(), kind__in=DIALS)
    last = Pace.objects.filter(name="dial").values_list("last_at", flat=True).first() if due.exists() else None
    return max(0.01, (last + BETWEEN_DIALS - timezone.now()).total_seconds()) if last else math.inf


def _claim(command: Command) -> bool:
    due = Command.objects.filter(pk=command.pk, done_at=None, due_at=command.due_at)
    return bool(due.update(attempts=F("attempts") + 1, due_at=timezone.now() + LEASE))


def _carry(command: Command, provider: Provider) -> None:
    try:
        CARRY[Command.Kind(command.kind)](command, provider)
    except GoneError:
        if command.kind in AUDIO:  # asked for before the provider had it ready
            _failed(command, ProviderError("not there yet", passing=True))
        else:
            _done(command, "gone")
            _gone(command, over_at=_over_at(command, provider))
    except ProviderError as error:
        _failed(command, error)
    except Exception as error:  # one command that breaks must not stop the others
        log.exception("ivr.command_broke", extra={"command": command.pk, "kind": command.kind})
        _failed(command, ProviderError(type(error).__name__, passing=True))
    else:
        _done(command)


def _dial_leg(command: Command, provider: Provider) -> None:
    call, leg = _call(command), _leg(command)
    if not Leg.objects.filter(pk=leg.pk, ended_at=None, answered_at=None).exists():
        return  # nobody waits for them any more, or an earlier dial, whose answer was lost, was taken up
    door = "agent" if leg.kind == Leg.Kind.AGENT else "guest"
    sid = provider.dial(
        to=command.argument,
        from_=call.line,
        url=_ours(f"{door}?leg={leg.pk}"),
        status_url=_ours(f"status?leg={leg.pk}"),
    )
    Leg.objects.filter(pk=leg.pk, answered_at=None).update(sid=sid)
    if not Leg.objects.filter(pk=leg.pk, sid=sid, ended_at=None).exists():  # the person left while it was dialled
        provider.hang_up(sid)


def _dial_person(command: Command, provider: Provider) -> None:
    call = _call(command)
    if not Call.objects.filter(pk=call.pk, sid=None).exclude(state=CallState.ENDED).exists():
        return
    sid = provider.dial(
        to=command.argument,
        from_=call.line,
        url=_ours(f"reached?call={call.pk}"),
        status_url=_ours(f"status?call={call.pk}"),
        fallback_url=_ours(f"fallback?call={call.pk}"),
    )
    mine = Call.objects.filter(Q(sid=None) | Q(sid=sid), pk=call.pk).exclude(state=CallState.ENDED)
    if not mine.update(sid=sid):
        provider.hang_up(sid)


def _move(command: Command, provider: Provider) -> None:
    call = _call(command)
    if call.state == CallState.CONNECTED or (command.argument == "join" and call.state != CallState.CONNECTING):
        return  # an earlier try, whose answer was lost, moved them, and they have gone on since
    provider.move(call.sid or "", _ours(f"{command.argument}?call={call.pk}"))


def _move_leg(command: Command, provider: Provider) -> None:
    leg = _leg(command)
    if command.argument in STANDS and not STANDS[command.argument](leg):
        return  # it went there by itself, or on to something else
    provider.move(leg.sid, _ours(f"{command.argument}?leg={leg.pk}"))


STANDS: dict[str, Callable[[Leg], bool]] = {
    standing.STAND: lambda leg: Leg.objects.filter(pk=leg.pk, call=None, answered_at=None, ended_at=None).exists(),
    standing.AGENT: lambda leg: Leg.objects.filter(pk=leg.pk, joined_at=None, ended_at=None).exists(),
}


def _hang_up(command: Command, provider: Provider) -> None:
    sid = command.leg.sid if command.leg else _call(command).sid
    if sid:
        provider.hang_up(sid)


def _hold(command: Command, provider: Provider) -> None:
    call = _call(command)
    on = command.argument == "on"
    hold = [("Hold", "true"), ("HoldUrl", _ours(f"held?call={call.pk}")), ("HoldMethod", "POST")]
    provider.participant(call.room, call.sid or "", hold if on else [("Hold", "false")])


def _mute(command: Command, provider: Provider) -> None:
    muted = "true" if command.argument == "on" else "false"
    provider.participant(_call(command).room, _leg(command).sid, [("Muted", muted)])


def _coach(command: Command, provider: Provider) -> None:
    call, leg = _call(command), _leg(command)
    talking = agents_leg(call)
    form = [("Muted", "true" if command.argument == Leg.Mode.LISTEN else "false")]
    if command.argument == Leg.Mode.WHISPER and talking:
        form += [("Coaching", "true"), ("CallSidToCoach", talking.sid)]
    else:
        form += [("Coaching", "false")]
    provider.participant(call.room, leg.sid, form)


def _text(command: Command, provider: Provider) -> None:
    delivery = Delivery.objects.select_related("ticket__office").get(pk=command.delivery_id or 0)
    sender, body = text_message(delivery)
    if len(body) > LONGEST:
        raise ProviderError("the text is too long for a text message", passing=False)
    known = delivery.external_id or _sent_before(command, delivery, body, provider)
    sid = known or provider.text(
        to=command.argument,
        from_=sender.name,
        body=body,
        status_url=_ours(f"sms-status?delivery={delivery.pk}"),
    )
    outbox.report(delivery.pk, "sent", external_id=sid)


def _sent_before(command: Command, delivery: Delivery, body: str, provider: Provider) -> str:
    """The id of this very text, where the provider took it and its answer was lost; else "".

    Mostly it has named it by itself meanwhile (`texts.text_reported`), and nobody looks. Each try is noted before it is
    made, so that one made again looks first: the provider has no key by which it would notice. A body that it changed
    (a trial account's does) is not recognised, and goes out twice.
    """
    if not command.attempts:
        return ""
    since = delivery.created_at - CLOCKS_DIFFER
    sids = [
        str(one.get("sid"))
        for one in provider.texts(to=command.argument)
        if one.get("body") == body and one.get("direction") != "inbound" and _is_since(one, since)
    ]
    others = Delivery.objects.filter(external_id__in=sids).exclude(pk=delivery.pk).values_list("external_id", flat=True)
    return next(iter(set(sids) - set(others)), "")


def _is_since(told: Json, since: datetime) -> bool:
    at = moment(told, "date_created")
    return at is None or at >= since


def _fetch(command: Command, provider: Provider) -> None:
    """Keep the audio of a message; once it is ours, and on its ticket, the provider's copy is deleted."""
    call, data = _call(command), provider.recording(command.argument)
    if not is_audio(data):
        raise ProviderError("what came is no recording", passing=True)
    audio = File(name="message.wav", content_type="audio/wav", kept=vault.keep(data))
    amend(channel=CHANNEL, external_id=said_as(call), files=(audio,), actor="system")
    order(Command.Kind.DELETE, f"delete-{command.argument}", call=call, argument=command.argument, rank=8)


def _delete(command: Command, provider: Provider) -> None:
    provider.delete_recording(command.argument)


CARRY: dict[Command.Kind, Callable[[Command, Provider], None]] = {
    Command.Kind.DIAL_LEG: _dial_leg,
    Command.Kind.DIAL_PERSON: _dial_person,
    Command.Kind.MOVE: _move,
    Command.Kind.MOVE_LEG: _move_leg,
    Command.Kind.HANG_UP: _hang_up,
    Command.Kind.HOLD: _hold,
    Command.Kind.MUTE: _mute,
    Command.Kind.COACH: _coach,
    Command.Kind.SMS: _text,
    Command.Kind.FETCH: _fetch,
    Command.Kind.DELETE: _delete,
    Command.Kind.TAPE: carry_tapes.bring,
    Command.Kind.FETCH_TAPE: carry_tapes.fetch,
}


def _call(command: Command) -> Call:
    if command.call is None:
        raise ProviderError("the call is no longer known", passing=False)
    return command.call


def _leg(command: Command) -> Leg:
    if command.leg is None:
        raise ProviderError("the leg is no longer known", passing=False)
    return command.leg


def _ours(path: str) -> str:
    return f"{settings.CC_PUBLIC_BASE_URL}/ivr/{path}"


def _done(command: Command, error: str = "") -> None:
    Command.objects.filter(pk=command.pk).update(done_at=timezone.now(), error=error)


def _failed(command: Command, error: ProviderError) -> None:
    """Try again while it may help; else the person is not left hanging."""
    attempts = command.attempts + 1
    patient = command.kind in PATIENT
    passing = error.passing or (patient and str(error) in UNKNOWN_TO_THEM)
    if passing and attempts < (PATIENT_ATTEMPTS if patient else MOST_ATTEMPTS):
        unsure = command.kind in DIALS and str(error) in UNSURE
        again = timezone.now() + (RINGS if unsure else timedelta(seconds=2**attempts))
        Command.objects.filter(pk=command.pk).update(due_at=again, error=str(error)[:200])
        return
    log.error("ivr.command_failed", extra={"command": command.pk, "kind": command.kind})
    _done(command, str(error)[:200])
    if command.kind == Command.Kind.HANG_UP:  # they are up still: a sweep asks again, as it does for what was recorded
        return
    if command.kind == Command.Kind.MOVE and command.call:  # that the provider would not says nothing of the person
        legs.not_moved(command.call)
    else:
        _gone(command)


def _over_at(command: Command, provider: Provider) -> datetime | None:
    """When a person whom we wanted to move, and who is gone, left: before their agent's end, or after it."""
    asked = command.kind == Command.Kind.MOVE and command.call and command.call.sid
    return provider.over_at(asked) if asked else None


def _gone(command: Command, *, over_at: datetime | None = None) -> None:
    """What could not be carried has its consequence: a leg is lost, a text failed, a callback is retried."""
    if command.kind in (Command.Kind.DIAL_LEG, Command.Kind.MOVE_LEG) and command.leg:
        legs.leg_gone(command.leg)
    elif command.kind in ENDS and command.call and command.leg is None:
        ending.end(command.call, at=over_at)
    elif command.kind == Command.Kind.FETCH and command.call:
        voicemail.audio_lost(command.call)
    elif command.kind == Command.Kind.TAPE:
        tapes.disobeyed(int(command.argument))
    elif command.kind == Command.Kind.FETCH_TAPE:
        tapes.lost(int(command.argument))
    elif command.kind == Command.Kind.SMS and command.delivery_id:
        outbox.report(command.delivery_id, "failed", error="the provider refused the text")
