"""Find the lane for a piece of work, making queue and lane when an office first needs them."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from contactcenter.offices.hours import add_opening
from contactcenter.offices.models import Office
from contactcenter.routing.classes import TARGETS_S
from contactcenter.routing.models import Lane, Queue


def lane_for(office: Office, service_class: str, skills: str, queue: Queue | None = None) -> Lane:
    """The lane of the office's arrival queue (or of `queue`) for this promise and these skills."""
    lanes = Lane.objects.select_related("queue").filter(service_class=service_class, skills=skills)
    where = lanes.filter(queue=queue) if queue else lanes.filter(queue__office=office, queue__arrives_here=True)
    return where.first() or _made(queue or arrival_queue(office), service_class, skills)


def arrival_queue(office: Office) -> Queue:
    """The queue in which an office's new work arrives."""
    found = Queue.objects.filter(office=office, arrives_here=True).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Queue.objects.create(office=office, slug=office.slug, name=office.name)
    except IntegrityError:  # somebody else's first work came at the same moment
        return Queue.objects.get(office=office, arrives_here=True)


def due_at(office: Office, since: datetime, target_s: int) -> datetime:
    """When the promise is up: `target_s` opening seconds after `since`."""
    return add_opening(office, since, timedelta(seconds=target_s))


def _made(queue: Queue, service_class: str, skills: str) -> Lane:
    try:
        with transaction.atomic():
            return Lane.objects.create(
                queue=queue, service_class=service_class, skills=skills, target_s=TARGETS_S[service_class]
            )
    except IntegrityError:
        return Lane.objects.select_related("queue").get(queue=queue, service_class=service_class, skills=skills)
