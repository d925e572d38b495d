"""A callback for an hour that an agent promises, of those that the telephone has free."""

from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.errors import InvalidError
from contactcenter.offices.models import Office
from contactcenter.outbox.models import Delivery, Means
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem

PHONE, SHOWN = "phone", 40


def free_hours(office: Office) -> list[datetime]:
    """When a callback can begin, the soonest first: while the office is open, in hours not promised full."""
    plug = channel.get(PHONE) if PHONE in channel.names() else None
    hours = getattr(plug, "free_hours", None)
    return list(islice(hours(office), SHOWN)) if hours else []


def for_hour(delivery: Delivery, at: datetime, *, actor: str) -> None:
    """The callback of this delivery rests until its hour, and its promise is watched.

    InvalidError for another means, and for an hour in which nobody can call.
    """
    if delivery.means != Means.CALLBACK:
        raise InvalidError(_("An hour is for a callback: choose it as the means."))
    if at not in free_hours(delivery.ticket.office):
        raise InvalidError(_("This hour is full, or nobody is here then: choose another."))
    item = WorkItem.objects.get(delivery_id=delivery.pk, kind=Kind.CALLBACK)
    routing.schedule(item.pk, at, actor=actor, why="promised", keep_place=False)
    channel.get(PHONE).promise(item.pk, at)  # type: ignore[attr-defined]  # it named the hour
