"""What the webhooks left undone: an end that was never told, a call that nobody dialled, audio that never came."""

from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.reports.alarms import Wrong, settle
from contactcenter.routing import services as routing
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Assignment, Stage
from contactcenter.tickets.models import Attachment
from ivr.carry import AUDIO, PATIENT_ATTEMPTS
from ivr.models import CHANNEL, Call, CallState, Command, Leg
from ivr.provider import TOO_LARGE, Provider
from ivr.reading import said_as
from ivr.services import ending, legs
from ivr.services.told_late import LONGEST_CALL
from ivr.tapes import Tape

DIALLED_WITHIN = timedelta(seconds=30)
ASKED_AFTER = timedelta(minutes=2)  # a webhook is told within seconds, and repeated by nobody
TOLD_FOR = timedelta(days=7)
HUNG_UP_ANEW = timedelta(seconds=30)
ASKED_ANEW = timedelta(hours=1)
MOST_ANEW = 7 * 24  # every hour for a week
STANDS_STILL = timedelta(days=30)  # as long we may have been down ourselves
AT_ONCE = 50
Row = TypeVar("Row", bound=Model)
_last: dict[str, int] = {}


def sweep_undialled() -> int:
    """Give back the calls that were taken, and that nobody dialled: whoever should have was killed in between."""
    since = timezone.now() - DIALLED_WITHIN
    taken = Assignment.objects.filter(
        ended_at=None, started_at__lte=since, work_item__kind__in=LIVE_KINDS, work_item__stage=Stage.CONNECTING
    )
    dialled = set(Leg.objects.filter(ended_at=None).values_list("call__work_item_id", flat=True))
    left = [pk for pk in taken.values_list("work_item", flat=True) if pk not in dialled]
    return sum(routing.requeue(pk, actor="system", why="not_dialled") for pk in left)


def ask_after(provider: Provider) -> int:
    """Ask the provider after calls and legs that have been open for long, and end those that are over there."""
    since = timezone.now() - ASKED_AFTER
    ended = 0
    calls = Call.objects.exclude(state=CallState.ENDED).exclude(sid=None).filter(started_at__lte=since)
    for call in in_turn("calls", calls, AT_ONCE):
        if provider.is_over(call.sid or ""):
            ending.end(call, at=provider.over_at(call.sid or ""))
            ended += 1
    for leg in in_turn("legs", Leg.objects.filter(ended_at=None, started_at__lte=since).exclude(sid=""), AT_ONCE):
        if provider.is_over(leg.sid):
            legs.leg_gone(leg, at=provider.over_at(leg.sid))
            ended += 1
    return ended


def hang_up_anew() -> int:
    """Ask again for the legs that the provider would not end: else somebody is left on the line with nobody."""
    now = timezone.now()
    given_up = Command.objects.filter(
        kind=Command.Kind.HANG_UP, done_at__gt=now - LONGEST_CALL, done_at__lte=now - HUNG_UP_ANEW
    )
    return given_up.exclude(error__in=("", "gone")).update(done_at=None, attempts=0, due_at=now)


def ask_anew() -> int:
    """Ask again for audio that could not be had, and for the deletion of copies: one try an hour, for a week."""
    now = timezone.now()
    given_up = Command.objects.filter(
        kind__in=AUDIO | {Command.Kind.DELETE},
        done_at__gt=now - STANDS_STILL,
        done_at__lte=now - ASKED_ANEW,
        attempts__lt=PATIENT_ATTEMPTS + MOST_ANEW,
    ).exclude(error__in=("", "gone", TOO_LARGE))
    return given_up.update(done_at=None, attempts=Greatest(F("attempts"), PATIENT_ATTEMPTS), due_at=now)


def in_turn(what: str, rows: QuerySet[Row], most: int) -> list[Row]:
    """The next of these rows after those that this process took before; from the end on to the beginning.

    Always the oldest would not do: some that the provider does not know would stand before all others for ever.
    """
    last = _last.get(what, 0)
    taken = list(rows.filter(pk__gt=last).order_by("pk")[:most])
    taken += rows.filter(pk__lte=last).order_by("pk")[: most - len(taken)]
    _last[what] = taken[-1].pk if taken else 0
    return taken


def sweep_audio() -> tuple[int, int]:
    """Open an alarm for each recording that could not be had, until its audio is there or a week has passed."""
    told = Q(done_at__gte=timezone.now() - TOLD_FOR) | Q(done_at=None, attempts__gte=PATIENT_ATTEMPTS)  # tried anew
    given_up = Command.objects.filter(told, kind=Command.Kind.FETCH, call__isnull=False).exclude(error="")
    wrong = {}
    for command in given_up.select_related("call__ticket")[:AT_ONCE]:
        call = command.call
        audio = Attachment.objects.filter(
            interaction__channel=CHANNEL,
            interaction__external_id=said_as(call) if call else "",
            content_type__startswith="audio/",
        )
        if call and not audio.exists():
            wrong[str(command.pk)] = Wrong(says=partial(_audio_lost, call), office_id=call.ticket.office_id)
    return settle("audio_lost", wrong)


def _audio_lost(call: Call) -> str:
    facts = {"reference": call.ticket.reference}
    return _("The recorded message on request %(reference)s could not be fetched: call the person back.") % facts


def sweep_tape_audio() -> tuple[int, int]:
    """Open an alarm for each conversation whose recording could not be fetched, until it is there or erased."""
    untaken = Tape.objects.filter(state=Tape.State.ENDED, trouble=Tape.Trouble.AUDIO).select_related("call__ticket")
    wrong = {
        str(tape.pk): Wrong(says=partial(_tape_lost, tape.call), office_id=tape.call.ticket.office_id)
        for tape in untaken.order_by("-pk")[:AT_ONCE]
    }
    return settle("tape_lost", wrong)


def _tape_lost(call: Call) -> str:
    facts = {"reference": call.ticket.reference}
    return (
        _("The recorded conversation on request %(reference)s could not be fetched: look for it at the provider.")
        % facts
    )
