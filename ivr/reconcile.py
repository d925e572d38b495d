"""What the provider took in and we never heard of: asked for every few minutes, and made a ticket."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from contactcenter.tickets.models import Interaction
from ivr import asked
from ivr.models import CHANNEL, Call, CallState, Command
from ivr.provider import OVER, Json, Provider, ProviderError, moment
from ivr.services import texts, voicemail
from ivr.services.unheard import heard_of_late

log = logging.getLogger(__name__)

TOLD_WITHIN = timedelta(minutes=2)  # what is younger may still be told by itself
AT_ONCE = 500


def find_unheard(provider: Provider) -> int:
    """Take in calls, texts and messages that we do not know, since we last could; returns how many. Again, none."""
    now = timezone.now()
    since = asked.since(now)
    try:
        calls = [one for one in provider.calls(since=since) if one.get("status") in OVER]
        said = provider.texts(since=since)
        in_turn = reversed(_unknown(calls, "start_time", since, now))  # as they rang, the newest last
        found = [_take_call(provider, one) for one in in_turn]
        found += _take_messages(provider.messages(since=since))
    except ProviderError as error:
        log.warning("ivr.not_reconciled", extra={"why": str(error)})
        return 0
    found += [_take_text(one) for one in _unknown(said, "date_sent", since, now)]
    asked.asked(now)
    if found:
        log.warning("ivr.unheard", extra={"count": len(found)})
    return len(found)


def _take_call(provider: Provider, told: Json) -> str:
    sid = _of(told, "sid")
    recordings = provider.recordings_of(sid)
    rang_at, over_at = moment(told, "start_time"), moment(told, "end_time")
    number, line = _of(told, "from"), _of(told, "to")
    heard_of_late(sid, number=number, line=line, rang_at=rang_at, over_at=over_at, recordings=recordings)
    return sid


def _take_text(told: Json) -> str:
    sid, sent_at = _of(told, "sid"), moment(told, "date_sent")
    texts.text_received(sid, number=_of(told, "from"), line=_of(told, "to"), text=_of(told, "body"), at=sent_at)
    return sid


def _take_messages(spoken: list[tuple[str, str]]) -> list[str]:
    """A caller whom we had answered spoke at the other host, which tells us nothing."""
    known = _known(Command.objects.all(), "key", [f"fetch-{recording}" for recording, _call in spoken])
    lost = {sid: recording for recording, sid in spoken if f"fetch-{recording}" not in known}
    over = Call.objects.filter(sid__in=lost, state=CallState.ENDED)
    for call in over:
        voicemail.take_message(call, recording=lost[call.sid or ""])
    return [call.sid or "" for call in over]


def _unknown(told: list[Json], when: str, since: datetime, now: datetime) -> list[Json]:
    """Those that came in during that time and that we do not know."""
    came = [one for one in told if _came_in(one, when, since, now)]
    sids = [_of(one, "sid") for one in came]
    known = _known(Call.objects.all(), "sid", sids)
    known |= _known(Interaction.objects.filter(channel=CHANNEL), "external_id", sids)
    return [one for one in came if _of(one, "sid") not in known]


def _known(rows: QuerySet[Model], field: str, names: Sequence[str]) -> set[str]:
    """Which of these names rows have; after a long time they are many, and a database takes only so many at once."""
    pieces = (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))
    return {name for piece in pieces for name in rows.filter(**{f"{field}__in": piece}).values_list(field, flat=True)}


def _came_in(told: Json, when: str, since: datetime, now: datetime) -> bool:
    at = moment(told, when)
    is_ours = bool(told.get("sid")) and told.get("direction") == "inbound"
    return is_ours and at is not None and since < at < now - TOLD_WITHIN


def _of(told: Json, name: str) -> str:
    return str(told.get(name) or "")[:10_000]
