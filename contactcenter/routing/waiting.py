"""The queue in its order, page by page.

Each lane is in order by itself, so a page is a merge of the lanes: it costs the number of lanes and the length of the
page, however long the queue. The first of every lane come in one statement, further ones only where a lane gives more
of the page than that.
"""

import heapq
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple, TypeAlias

from django.db import connection
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.routing import floor
from contactcenter.routing.floor import Bounds, Standing
from contactcenter.routing.match import ANYBODY, Asker, Floor
from contactcenter.routing.models import Lane, Queue, WorkItem
from contactcenter.routing.score import Candidate, rank
from contactcenter.routing.selectors import candidate, held_back, lanes_for, reason
from contactcenter.rows import instant, part

AT_LEAST = 4  # read of each lane at once
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A waiting work item with its score and the sentence that says why it stands there.

    `held` is the part of it that tells what keeps it from the reader at this moment; "" where nothing does.
    """

    item: WorkItem
    score: float
    reason: str
    held: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the queue in its order; `next` continues at the same instant, None at the end."""

    items: list[Waiting]
    next: str | None


class _Place(NamedTuple):
    """Where reading a lane goes on: behind this."""

    enqueued_at: datetime = BEFORE_ALL
    due_at: datetime = BEFORE_ALL
    id: int = 0


class _Row(NamedTuple):
    lane_id: int
    enqueued_at: datetime
    due_at: datetime
    id: int
    kind: str

    @property
    def place(self) -> _Place:
        return _Place(self.enqueued_at, self.due_at, self.id)

    def in_lane(self, lane: Lane) -> WorkItem:
        """As much of the work item as the order looks at."""
        item = part(WorkItem, **self._asdict())
        item.lane = lane
        return item


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The queue at one instant, of one channel or of all ("")."""

    at: datetime
    channel: str
    chunk: int


_Entry: TypeAlias = tuple[tuple[float, datetime, datetime, int], Candidate, Lane]

_OF_ONE = """
    SELECT item.lane_id, item.enqueued_at, item.due_at, item.id, item.kind FROM routing_workitem item
    WHERE item.lane_id = {place[0]} AND item.state = 'waiting'
      AND (item.enqueued_at, item.due_at, item.id) > ({place[1]}, {place[2]}, {place[3]})
      AND item.enqueued_at <= %s AND (%s = '' OR item.channel = %s)
    ORDER BY item.enqueued_at, item.due_at, item.id LIMIT %s
"""
_OF_ONE_ALONE = _OF_ONE.format(place=["%s"] * 4)
_OF_MANY = f"""
    SELECT item.* FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[])
                       AS place (lane, enqueued, due, id)
    JOIN LATERAL ({_OF_ONE.format(place=["place.lane", "place.enqueued", "place.due", "place.id"])}) item ON true
"""  # noqa: S608  # names of our own columns


def waiting_page(by: Principal, *, channel: str = "", limit: int = 50, cursor: str = "") -> Page:
    """The waiting work this one can serve, by score at the instant kept in the cursor.

    Raises ValueError where the cursor is not one of ours.
    """
    at, places = _read_cursor(cursor) if cursor else (timezone.now(), {})
    lanes = {lane.pk: lane for lane in lanes_for(by).select_related("queue__office")}
    reading = _Reading(at=at, channel=channel, chunk=max(AT_LEAST, ceil(2 * limit / max(len(lanes), 1))))
    first = _chunks({lane_id: places.get(lane_id, _Place()) for lane_id in lanes}, reading)
    streams = [_stream(lanes[lane_id], rows, reading) for lane_id, rows in first.items()]
    found: list[tuple[Candidate, Lane]] = []
    for _key, one, lane in heapq.merge(*streams, key=lambda entry: entry[0]):
        if len(found) == limit:
            return Page(items=_shown(found, by), next=_cursor(at, places))
        found.append((one, lane))
        places[lane.pk] = _Place(one.enqueued_at, one.due_at, one.id)
    return Page(items=_shown(found, by), next=None)


def _stream(lane: Lane, rows: list[_Row], reading: _Reading) -> Iterator[_Entry]:
    """The lane's waiting work in its order, beginning with what was read already."""
    while True:
        for row in rows:
            one = candidate(row.in_lane(lane), reading.at)
            yield rank(one), one, lane
        if len(rows) < reading.chunk:
            return
        reading = replace(reading, chunk=2 * reading.chunk)
        rows = _chunks({lane.pk: rows[-1].place}, reading).get(lane.pk, [])


def _chunks(places: dict[int, _Place], reading: _Reading) -> dict[int, list[_Row]]:
    """The next waiting items of each of these lanes behind its place."""
    stored = connection.ops.adapt_datetimefield_value
    which = [stored(reading.at), reading.channel, reading.channel, reading.chunk]
    behind = [(lane_id, stored(place.enqueued_at), stored(place.due_at), place.id) for lane_id, place in places.items()]
    chunks: dict[int, list[_Row]] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_OF_MANY, [*([row[column] for row in behind] for column in range(4)), *which])
            rows = [_Row(*row) for row in cursor.fetchall()]
        else:
            every = (cursor.execute(_OF_ONE_ALONE, [*one, *which]).fetchall() for one in behind)
            rows = [_Row(row[0], instant(row[1]), instant(row[2]), *row[3:]) for of_one in every for row in of_one]
    for row in rows:
        chunks.setdefault(row.lane_id, []).append(row)
    return chunks


def _shown(found: Sequence[tuple[Candidate, Lane]], by: Principal) -> list[Waiting]:
    """What stands on the page, read whole; what was taken since is left out."""
    rows = WorkItem.objects.filter(pk__in=[one.id for one, _lane in found]).select_related("ticket__person")
    items = {item.pk: item for item in rows}
    asker, floors = _floors({lane.queue for one, lane in found if not one.live}, by)
    shown = []
    for one, lane in found:
        item = items.get(one.id)
        if item is not None:
            item.lane = lane
            held = held_back(one, floors.get(one.queue_id), asker)
            shown.append(Waiting(item=item, score=one.score, reason=reason(item, one, held), held=held))
    return shown


def _floors(queues: Set[Queue], by: Principal) -> tuple[Asker, dict[int, Floor]]:
    """Who reads, and who is there for these queues as far as it could hold something back."""
    standing = floor.standing(by) if queues else Standing(asker=ANYBODY)
    places = {Bounds(queue.pk, queue.office_id, queue.cap) for queue in queues}
    return standing.asker, floor.floors_seen(standing, places) if standing.can_bind else {}


def _cursor(at: datetime, places: dict[int, _Place]) -> str:
    """The instant and where each lane was left: what stands there may be taken, or set aside, before one reads on."""
    left = (f"{lane}-{_micros(one.enqueued_at):x}-{_micros(one.due_at):x}-{one.id}" for lane, one in places.items())
    return f"{at.isoformat()}~{'.'.join(left)}"


def _read_cursor(cursor: str) -> tuple[datetime, dict[int, _Place]]:
    instant, _separator, left = cursor.partition("~")
    at = datetime.fromisoformat(instant)
    if at.tzinfo is None:
        raise ValueError("not one of our cursors")
    rows = (place.split("-") for place in left.split(".") if place)
    return at, {int(lane): _Place(_moment(since), _moment(due), int(item)) for lane, since, due, item in rows}


def _micros(moment: datetime) -> int:
    return (moment - BEFORE_ALL) // timedelta(microseconds=1)


def _moment(micros: str) -> datetime:
    try:
        return BEFORE_ALL + timedelta(microseconds=int(micros, 16))
    except OverflowError as error:
        raise ValueError("not one of our cursors") from error
