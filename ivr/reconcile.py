"""What the provider took in and we never heard of: asked for every few minutes, and made a ticket."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from contactcenter.tickets.models import Interaction
from ivr.models import CHANNEL, Call, CallState, Command
from ivr.provider import OVER, Json, Provider, ProviderError, moment
from ivr.services import texts, voicemail
from ivr.services.unheard import heard_of_late

log = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=1)
TOLD_WITHIN = timedelta(minutes=2)  # what is younger may still be told by itself


def find_unheard(provider: Provider) -> int:
    """Take in calls, texts and messages of the last day that we do not know; returns how many. Again, it finds none."""
    now = timezone.now()
    try:
        calls = [one for one in provider.calls(since=now - LOOKS_BACK) if _is_over(one, now)]
        said = [one for one in provider.texts(since=now - LOOKS_BACK) if _came_in(one, "date_sent", now)]
        found = [_take_call(provider, one) for one in _unknown(calls)]
        found += _take_messages(provider.messages(since=now - LOOKS_BACK))
    except ProviderError as error:
        log.warning("ivr.not_reconciled", extra={"why": str(error)})
        return 0
    for one in _unknown(said):
        texts.text_received(_of(one, "sid"), number=_of(one, "from"), line=_of(one, "to"), text=_of(one, "body"))
        found.append(_of(one, "sid"))
    if found:
        log.warning("ivr.unheard", extra={"count": len(found)})
    return len(found)


def _take_call(provider: Provider, told: Json) -> str:
    sid = _of(told, "sid")
    recordings = provider.recordings_of(sid)
    rang_at = moment(told, "start_time") or timezone.now()
    heard_of_late(sid, number=_of(told, "from"), line=_of(told, "to"), rang_at=rang_at, recordings=recordings)
    return sid


def _take_messages(spoken: list[tuple[str, str]]) -> list[str]:
    """A caller whom we had answered spoke at the other host, which tells us nothing."""
    asked_for = [f"fetch-{recording}" for recording, _call in spoken]
    known = set(Command.objects.filter(key__in=asked_for).values_list("key", flat=True))
    lost = {sid: recording for recording, sid in spoken if f"fetch-{recording}" not in known}
    over = Call.objects.filter(sid__in=lost, state=CallState.ENDED)
    for call in over:
        voicemail.take_message(call, recording=lost[call.sid or ""])
    return [call.sid or "" for call in over]


def _unknown(told: list[Json]) -> list[Json]:
    sids = [_of(one, "sid") for one in told]
    known = set(Call.objects.filter(sid__in=sids).values_list("sid", flat=True))
    said = Interaction.objects.filter(channel=CHANNEL, external_id__in=sids).values_list("external_id", flat=True)
    return [one for one in told if _of(one, "sid") not in known | set(said)]


def _is_over(told: Json, now: datetime) -> bool:
    return told.get("status") in OVER and _came_in(told, "start_time", now)


def _came_in(told: Json, when: str, now: datetime) -> bool:
    at = moment(told, when)
    is_ours = bool(told.get("sid")) and told.get("direction") == "inbound"
    return is_ours and at is not None and now - LOOKS_BACK < at < now - TOLD_WITHIN


def _of(told: Json, name: str) -> str:
    return str(told.get(name) or "")[:10_000]
