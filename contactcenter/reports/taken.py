"""What was taken when, by the event log: it alone is kept by time, and bounds every question to an interval."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from contactcenter.tickets.models import TicketEvent


def items_taken(start: datetime, end: datetime) -> "QuerySet[TicketEvent, Any]":
    """The numbers of the work items that somebody took from `start` until before `end`, for a subquery."""
    taken = TicketEvent.objects.filter(kind="work_item.taken", at__gte=start, at__lt=end)
    number = Cast(KeyTextTransform("work_item", "data"), BigIntegerField())
    return taken.annotate(number=number).values("number")
