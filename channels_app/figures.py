"""The wallboard's figures: who waits, how late each channel runs, what was answered today, what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from channels_app import words
from channels_app.queue_list import pace_of, score_words
from contactcenter.accounts.principal import Principal
from contactcenter.offices.hours import opening_seconds
from contactcenter.outbox.models import Delivery, Purpose
from contactcenter.reports.alarms import open_alarms
from contactcenter.reports.models import Alarm
from contactcenter.routing.models import Assignment, Lane, WorkItem
from contactcenter.routing.score import score

AXIS = 2.0  # the longest bar: twice the promise, or more
LEFT, WIDTH, STEP = 110, 280, 30  # of the drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel of the queue."""

    channel: str
    name: str
    waiting: int
    oldest: str
    lateness: float
    shown: str
    pace: str
    pace_word: str
    bar: int  # its length on the one axis of all channels
    top: int

    @property
    def label_x(self) -> int:
        """Where the number stands, behind the bar."""
        return LEFT + self.bar + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heap:
    channel: str
    count: int
    oldest_at: datetime
    lateness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Five figures, the channels beside each other, and the open alarms."""

    waiting: int
    oldest: str
    latest: Row | None
    answered: int
    in_hand: int
    rows: list[Row]
    alarms: list[Alarm]
    at: datetime

    @property
    def floor(self) -> int:
        """Where the bars end."""
        return len(self.rows) * STEP

    @property
    def height(self) -> int:
        """The drawing's height, with the line that names the promise."""
        return self.floor + 24


def of(by: Principal) -> Figures:
    """The figures of the offices this one serves, as they are now."""
    now = timezone.now()
    lanes = Lane.objects.all() if by.offices is None else Lane.objects.filter(queue__office__in=by.offices)
    heaps = _heaps(lanes, now)
    names = [*words.CHANNELS, *sorted({heap.channel for heap in heaps} - set(words.CHANNELS))]
    rows = [
        _row(number, name, [heap for heap in heaps if heap.channel == name], now) for number, name in enumerate(names)
    ]
    oldest = min((heap.oldest_at for heap in heaps), default=None)
    return Figures(
        waiting=sum(row.waiting for row in rows),
        oldest=words.age(now - oldest) if oldest else "",
        latest=max((row for row in rows if row.waiting), key=attrgetter("lateness"), default=None),
        answered=_answered(by, now),
        in_hand=Assignment.objects.filter(ended_at=None, work_item__lane__in=lanes).count(),
        rows=rows,
        alarms=open_alarms(),
        at=now,
    )


def _heaps(lanes: QuerySet[Lane], now: datetime) -> list[_Heap]:
    """What waits in each lane by each channel, counted by the database in one query."""
    by_lane = {lane.pk: lane for lane in lanes.select_related("queue__office")}
    waiting = WorkItem.objects.waiting().filter(lane__in=by_lane).values("lane", "channel")
    counted = waiting.annotate(count=Count("pk"), oldest_at=Min("enqueued_at")).order_by()
    return [
        _Heap(
            channel=row["channel"],
            count=row["count"],
            oldest_at=row["oldest_at"],
            lateness=_lateness(by_lane[row["lane"]], row["oldest_at"], now),
        )
        for row in counted
    ]


def _lateness(lane: Lane, since: datetime, now: datetime) -> float:
    return score(opening_seconds(lane.queue.office, since, now), lane.target_s)


def _row(number: int, channel: str, heaps: list[_Heap], now: datetime) -> Row:
    lateness = max((heap.lateness for heap in heaps), default=0.0)
    oldest = min((heap.oldest_at for heap in heaps), default=None)
    pace, pace_word = pace_of(lateness)
    return Row(
        channel=channel,
        name=str(words.CHANNELS.get(channel, channel)),
        waiting=sum(heap.count for heap in heaps),
        oldest=words.age(now - oldest) if oldest else "",
        lateness=lateness,
        shown=score_words(lateness),
        pace=pace,
        pace_word=pace_word,
        bar=round(min(lateness / AXIS, 1.0) * WIDTH),
        top=number * STEP,
    )


def _answered(by: Principal, now: datetime) -> int:
    """Replies written since midnight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    replies = Delivery.objects.filter(purpose=Purpose.REPLY, created_at__gte=midnight)
    return (replies if by.offices is None else replies.filter(ticket__office__in=by.offices)).count()
