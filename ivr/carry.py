"""Carry commands to the provider: one process, agents' legs first, at most one dialled leg a second."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from contactcenter import vault
from contactcenter.channel import File
from contactcenter.intake.services import amend
from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.reading import text_message
from contactcenter.outbox.texting import LONGEST
from ivr.models import CHANNEL, Call, CallState, Command, Leg, Pace
from ivr.provider import GoneError, Provider, ProviderError
from ivr.services import ending, legs, voicemail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 4  # somebody holds the line
PATIENT_ATTEMPTS = 10  # a quarter of an hour: nobody does, and what was recorded is still there
BETWEEN_DIALS = timedelta(seconds=1)
DIALS = frozenset({Command.Kind.DIAL_AGENT, Command.Kind.DIAL_PERSON})
PATIENT = frozenset({Command.Kind.FETCH, Command.Kind.SMS})


def carry_due(provider: Provider) -> int:
    """Carry what is due; returns how many were carried. What may not be dialled yet stays due."""
    carried = 0
    now = timezone.now()
    for command in Command.objects.filter(done_at=None, due_at__lte=now).order_by("rank", "due_at", "id")[:50]:
        if command.kind in DIALS and not _may_dial():
            continue
        if _claim(command):
            _carry(command, provider)
            carried += 1
    return carried


def _may_dial() -> bool:
    """One pace for all dialled legs, kept in the database: the one UPDATE that succeeds may dial."""
    now = timezone.now()
    Pace.objects.get_or_create(name="dial", defaults={"last_at": now - BETWEEN_DIALS})
    return bool(Pace.objects.filter(name="dial", last_at__lte=now - BETWEEN_DIALS).update(last_at=now))


def _claim(command: Command) -> bool:
    due = Command.objects.filter(pk=command.pk, done_at=None, due_at=command.due_at)
    return bool(due.update(attempts=F("attempts") + 1, due_at=timezone.now() + LEASE))


def _carry(command: Command, provider: Provider) -> None:
    try:
        _do(command, provider)
    except GoneError:
        if command.kind == Command.Kind.FETCH:  # asked for before the provider had it ready
            _failed(command, ProviderError("not there yet", passing=True))
        else:
            _done(command, "gone")
            _gone(command)
    except ProviderError as error:
        _failed(command, error)
    except Exception as error:  # one command that breaks must not stop the others
        log.exception("ivr.command_broke", extra={"command": command.pk, "kind": command.kind})
        _failed(command, ProviderError(type(error).__name__, passing=True))
    else:
        _done(command)


def _do(command: Command, provider: Provider) -> None:
    call, leg = command.call, command.leg
    if command.kind == Command.Kind.DIAL_AGENT and call and leg:
        if Leg.objects.filter(pk=leg.pk, ended_at__isnull=False).exists():
            return  # nobody waits for this agent any more
        agent = provider.dial(
            to=command.argument,
            from_=call.line,
            url=_ours(f"agent?call={call.pk}&leg={leg.pk}"),
            status_url=_ours(f"status?leg={leg.pk}"),
        )
        Leg.objects.filter(pk=leg.pk).update(sid=agent)
        if Leg.objects.filter(pk=leg.pk, ended_at__isnull=False).exists():  # they left while it was being dialled
            provider.hang_up(agent)
    elif command.kind == Command.Kind.DIAL_PERSON and call:
        person = provider.dial(
            to=command.argument,
            from_=call.line,
            url=_ours(f"join?call={call.pk}"),
            status_url=_ours(f"status?call={call.pk}"),
        )
        Call.objects.filter(pk=call.pk).update(sid=person)
        if Call.objects.filter(pk=call.pk, state=CallState.ENDED).exists():
            provider.hang_up(person)
    elif command.kind == Command.Kind.MOVE and call:
        provider.move(call.sid or "", _ours(f"{command.argument}?call={call.pk}"))
    elif command.kind == Command.Kind.HANG_UP:
        provider.hang_up((leg.sid if leg else call.sid if call else "") or "")
    elif command.kind == Command.Kind.SMS:
        _text(command, provider)
    elif command.kind == Command.Kind.FETCH and call:
        kept = vault.keep(provider.recording(command.argument))
        audio = File(name="message.wav", content_type="audio/wav", kept=kept)
        amend(channel=CHANNEL, external_id=call.sid or "", files=(audio,), actor="system")


def _text(command: Command, provider: Provider) -> None:
    delivery = Delivery.objects.select_related("ticket__office").get(pk=command.delivery_id or 0)
    sender, body = text_message(delivery)
    if len(body) > LONGEST:
        raise ProviderError("the text is too long for a text message", passing=False)
    sid = provider.text(
        to=command.argument,
        from_=sender.name,
        body=body,
        status_url=_ours(f"sms-status?delivery={delivery.pk}"),
    )
    outbox.report(delivery.pk, "sent", external_id=sid)


def _ours(path: str) -> str:
    return f"{settings.CC_PUBLIC_BASE_URL}/ivr/{path}"


def _done(command: Command, error: str = "") -> None:
    Command.objects.filter(pk=command.pk).update(done_at=timezone.now(), error=error)


def _failed(command: Command, error: ProviderError) -> None:
    """Try again while it may help; else the person is not left hanging."""
    attempts = command.attempts + 1
    most = PATIENT_ATTEMPTS if command.kind in PATIENT else MOST_ATTEMPTS
    if error.passing and attempts < most:
        again = timezone.now() + timedelta(seconds=2**attempts)
        Command.objects.filter(pk=command.pk).update(due_at=again, error=str(error)[:200])
        return
    log.error("ivr.command_failed", extra={"command": command.pk, "kind": command.kind})
    _done(command, str(error)[:200])
    _gone(command)


def _gone(command: Command) -> None:
    """What could not be carried has its consequence: an agent's leg is lost, a text failed, a callback is retried."""
    if command.kind == Command.Kind.DIAL_AGENT and command.leg:
        legs.agent_gone(command.leg)
    elif command.kind in (Command.Kind.DIAL_PERSON, Command.Kind.MOVE) and command.call:
        ending.end(command.call)
    elif command.kind == Command.Kind.FETCH and command.call:
        voicemail.audio_lost(command.call)
    elif command.kind == Command.Kind.SMS and command.delivery_id:
        outbox.report(command.delivery_id, "failed", error="the provider refused the text")
