"""Where a caller stands in the line: the place that may be told now, and the wait to expect.

What many callers ask at once is read once and kept for seconds, in each process by itself.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

from django.utils import timezone

from contactcenter.offices.models import Office
from contactcenter.routing import places
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Assignment, Queue, WorkItem
from contactcenter.routing.selectors import answering
from contactcenter.rows import part
from ivr import estimate
from ivr.estimate import Pace, Range, Standing
from ivr.models import Call, CallState

LENGTH_KEPT_S, PACE_KEPT_S = 2.0, 10.0
SHOWN = 500  # of a longer queue nobody is told a place
RECENT = 5_000  # rows in which the last calls are looked for
CALLS = 200  # answered calls that tell how long one takes
SMOOTHING = 0.02  # weight of the newest of them
GIVING_UP_SEEN = timedelta(hours=2)
LEAST_LEAVING = 1 / 3600

T = TypeVar("T")
_kept: dict[tuple[str, int], tuple[float, object]] = {}


def tell(call: Call) -> Standing | None:
    """Where this caller stands, remembered as told: a place never moves backwards, a longer wait comes with a word.

    None for a waiting caller whom nobody can answer any more, since what they waited for is done.
    """
    if call.state != CallState.WAITING:
        return Standing()
    work = places.work(call.work_item_id or 0)
    if work is None or work.is_done:
        return None
    if not work.waits:  # being offered: somebody is about to answer
        return Standing()
    moves, ahead = pace(work.queue_id), places.ahead_of(work)
    place = ahead + 1 if ahead < SHOWN else None
    expected = estimate.wait_s(ahead, moves) if place else None
    wait = estimate.announced(expected) if expected is not None else None
    shown = place if place and moves.agents and estimate.may_be_told(place, call.place_told) else None
    worse = wait is not None and estimate.got_worse(call.longest_told_min, wait)
    _remember(call, shown, wait)
    return Standing(
        place=shown,
        wait=wait,
        worse=worse,
        slot=expected is not None and estimate.offers_slot(expected),
        credited=bool(call.credit_s),
        earlier=not call.outgoing and not call.opened_its_request,
        nobody=not moves.agents,
    )


def seconds_to_answer(office_id: int) -> float | None:
    """How long somebody would wait who joined the line now; None where nobody is there to answer."""
    queue = arrival_queue(part(Office, id=office_id))
    return estimate.wait_s(_remembered("length", queue.pk, LENGTH_KEPT_S, places.waiting), pace(queue.pk))


def pace(queue_id: int) -> Pace:
    """How fast this queue moves."""
    return _remembered("pace", queue_id, PACE_KEPT_S, _read_pace)


def forget() -> None:
    """Read everything anew."""
    _kept.clear()


def _remember(call: Call, place: int | None, wait: Range | None) -> None:
    told: dict[str, int] = {}
    if place is not None and place != call.place_told:
        told["place_told"] = place
    if wait is not None and (wait.high or 0) != call.longest_told_min:
        told["longest_told_min"] = wait.high or 0
    if told:
        Call.objects.filter(pk=call.pk).update(**told)


def _read_pace(queue_id: int) -> Pace:
    queue = Queue.objects.get(pk=queue_id)
    return Pace(
        agents=answering(queue.office_id),
        handling_s=_handling_s(queue_id),
        leaving=_leaving(queue.office_id),
        standing_s=_standing_s(queue_id),
    )


def _handling_s(queue_id: int) -> float:
    """How long a call takes with its after-work: the last ones, smoothed."""
    recent = Assignment.objects.order_by("-pk").values("pk")[:RECENT]
    held = Assignment.objects.filter(pk__in=recent, connected_at__isnull=False, ended_at__isnull=False)
    ours = held.filter(work_item__lane__queue=queue_id, work_item__kind__in=LIVE_KINDS).order_by("-pk")[:CALLS]
    spans = [
        (ended - began).total_seconds()
        for began, ended in ours.values_list("connected_at", "ended_at")
        if began and ended
    ]
    smoothed = estimate.HANDLING_S
    for at, length in enumerate(reversed(spans)):
        smoothed += max(SMOOTHING, 1 / (at + 1)) * (length - smoothed)
    return max(smoothed, 1.0)


def _leaving(office_id: int) -> float:
    """How often a waiting caller gives up, per second of waiting."""
    now = timezone.now()
    recent = Call.objects.order_by("-pk").values("pk")[:RECENT]
    waited = Call.objects.filter(
        pk__in=recent, ticket__office=office_id, outgoing=False, waiting_since__gte=now - GIVING_UP_SEEN
    ).values_list("waiting_since", "connected_at", "ended_at", "choice")
    seconds, gave_up = 0.0, 0
    for since, connected, ended, choice in waited:
        if since is None:
            continue
        seconds += max(((connected or ended or now) - since).total_seconds(), 0.0)
        gave_up += bool(ended and not connected and not choice)
    return max(gave_up / seconds if seconds else 0.0, LEAST_LEAVING)


def _standing_s(queue_id: int) -> float:
    """How long the first has waited, where nobody was answered for some minutes although agents are there."""
    now = timezone.now()
    recent = Assignment.objects.order_by("-pk").values("pk")[:RECENT]
    answered = Assignment.objects.filter(pk__in=recent, work_item__lane__queue=queue_id, work_item__kind__in=LIVE_KINDS)
    if answered.filter(connected_at__gte=now - estimate.STANDS_STILL).exists():
        return 0.0
    ours = WorkItem.objects.waiting().filter(lane__queue=queue_id, kind__in=LIVE_KINDS)
    held = Call.objects.filter(state=CallState.WAITING, ended_at=None, work_item_id__in=ours.values("pk"))
    first = held.order_by("waiting_since").first()
    age = (now - (first.waiting_since or now)).total_seconds() if first else 0.0
    return age if age >= estimate.STANDS_STILL.total_seconds() else 0.0


def _remembered(what: str, queue_id: int, seconds: float, read: Callable[[int], T]) -> T:
    known = _kept.get((what, queue_id))
    if known is None or time.monotonic() - known[0] > seconds:
        known = _kept[what, queue_id] = (time.monotonic(), read(queue_id))
    return cast("T", known[1])
