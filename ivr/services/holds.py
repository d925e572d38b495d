"""A person is put on hold, and the hold ends, by the agent or with whatever else ends it; each is an interval."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from contactcenter import rows
from ivr.holds import Hold
from ivr.models import Call


def begin(call: Call, actor: str) -> None:
    """The person of a (locked) call hears the hold music from now on."""
    call.held_at = timezone.now()
    rows.change(call, "held_at")
    Hold.objects.create(call=call, actor=actor, started_at=call.held_at)


def end(call: Call, why: Hold.End, *, at: datetime | None = None) -> bool:
    """They do no longer (since `at`, where that is told later); whether they did."""
    if call.held_at is None:
        return False
    Hold.objects.filter(call=call, ended_at=None).update(ended_at=at or timezone.now(), why_ended=why)
    call.held_at = None
    rows.change(call, "held_at")
    return True


def seconds(work_items: Iterable[int]) -> dict[int, float]:
    """How long the person of each of these work items was on hold, in all its calls; until now where they still are."""
    now, held = timezone.now(), defaultdict[int, float](float)
    intervals = Hold.objects.filter(call__work_item_id__in=work_items)
    for item, began, ended in intervals.values_list("call__work_item_id", "started_at", "ended_at"):
        held[item or 0] += ((ended or now) - began).total_seconds()
    return dict(held)
