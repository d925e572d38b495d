"""Find the lane for a piece of work, making queue and lane when an office first needs them."""

from datetime import datetime, timedelta
from itertools import chain, count

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from contactcenter.offices.hours import add_opening
from contactcenter.offices.models import Office
from contactcenter.routing.classes import TARGETS_S
from contactcenter.routing.models import Choosing, Lane, Queue
from contactcenter.routing.validation import Level
from contactcenter.rows import part

# Written out: every request that reaches us looks for its lane (see `contactcenter/rows.py`).
_LANE = """
    SELECT lane.id, lane.queue_id, lane.target_s FROM routing_lane lane
    JOIN routing_queue queue ON queue.id = lane.queue_id
    WHERE lane.service_class = %s AND lane.skills = %s AND """
_LANE_OF_QUEUE = _LANE + "queue.id = %s"
_LANE_OF_ARRIVAL = _LANE + "queue.office_id = %s AND queue.arrives_here"
_NEEDS = """
    SELECT skill.code, need.level FROM routing_need need JOIN routing_skill skill ON skill.id = need.skill_id
    LEFT JOIN routing_queue queue ON queue.id = need.queue_id
    WHERE (need.procedure_id IS NULL OR need.procedure_id = %s) AND (need.channel = '' OR need.channel = %s)
      AND (need.queue_id IS NULL OR queue.id = %s OR (%s = 0 AND queue.office_id = %s AND queue.arrives_here))
"""


def needed(office: Office, procedure_id: int | None, channel: str, queue: Queue | None = None) -> frozenset[str]:
    """The skills that an administrator wants for this procedure's, channel's and queue's work: `asylum`, `asylum:2`."""
    number = queue.pk if queue else 0
    with connection.cursor() as cursor:
        cursor.execute(_NEEDS, [procedure_id or 0, channel, number, number, office.pk])
        return frozenset(code if level == Level.GETS_BY else f"{code}:{level}" for code, level in cursor.fetchall())


def lane_for(office: Office, service_class: str, skills: str, queue: Queue | None = None) -> Lane:
    """The lane of the office's arrival queue (or of `queue`) for this promise and these skills."""
    sql, whose = (_LANE_OF_QUEUE, queue.pk) if queue else (_LANE_OF_ARRIVAL, office.pk)
    with connection.cursor() as cursor:
        cursor.execute(sql, [service_class, skills, whose])
        row = cursor.fetchone()
    if row is None:
        return _made(queue or arrival_queue(office), service_class, skills)
    lane = part(Lane, id=row[0], queue_id=row[1], service_class=service_class, skills=skills, target_s=row[2])
    lane.queue = queue or part(Queue, id=row[1], office_id=office.pk)
    return lane


def arrival_queue(office: Office) -> Queue:
    """The queue in which an office's new work arrives."""
    return Queue.objects.filter(office=office, arrives_here=True).first() or _opened(office)


def arrives_only_in(queue: Queue) -> None:
    """The office's other queue takes no new work any more, since it arrives in this one."""
    Queue.objects.filter(office=queue.office_id, arrives_here=True).exclude(pk=queue.pk).update(arrives_here=False)


def due_at(office: Office, since: datetime, target_s: int) -> datetime:
    """When the promise is up: `target_s` opening seconds after `since`."""
    return add_opening(office, since, timedelta(seconds=target_s))


def _opened(office: Office) -> Queue:
    try:
        with transaction.atomic():
            choosing = Choosing.FREE if settings.CC_DEMO else Choosing.REASON
            return Queue.objects.create(office=office, slug=_free_slug(office), name=office.name, choosing=choosing)
    except IntegrityError:  # somebody else's first work came at the same moment
        return Queue.objects.get(office=office, arrives_here=True)


def _free_slug(office: Office) -> str:
    """The office's short name, or counted on where some queue has it already."""
    counted = (f"{office.slug[:50]}-{number}" for number in count(2))  # room for the number in a slug's 60 signs
    return next(slug for slug in chain([office.slug], counted) if not Queue.objects.filter(slug=slug).exists())


def _made(queue: Queue, service_class: str, skills: str) -> Lane:
    try:
        with transaction.atomic():
            return Lane.objects.create(
                queue=queue, service_class=service_class, skills=skills, target_s=TARGETS_S[service_class]
            )
    except IntegrityError:
        return Lane.objects.select_related("queue").get(queue=queue, service_class=service_class, skills=skills)
