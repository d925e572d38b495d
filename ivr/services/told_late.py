"""What is owed to somebody who hung up some time ago, and of whom we hear only now: nobody was there to be told."""

from datetime import datetime, timedelta

from django.utils import timezone

from contactcenter.offices.hours import opening_before
from contactcenter.people.models import ContactPoint
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.routing.services import promise
from ivr.models import CHANNEL, Call

AT_ONCE = timedelta(minutes=1)  # what is told as it happens is told within seconds
LONGEST_CALL = timedelta(hours=4)  # the provider ends whatever lasts longer


def counts_from(call: Call, service_class: str) -> datetime:
    """Since when the callback of whoever hung up counts: its whole promise may be used up by now, and no more.

    Else all who rang in days without us would be called before anybody who holds the line. What is told as it happens
    keeps its place.
    """
    now = timezone.now()
    if _ended(call) is None and now - call.place_since <= LONGEST_CALL:
        return call.place_since
    promised = promise(call.ticket, Kind.CALLBACK, service_class)
    return max(call.place_since, opening_before(call.ticket.office, now, promised))


def seen_to(call: Call) -> bool:
    """Whether, since this call ended, whoever has its number to themselves was spoken with, or rang again.

    That is, if a callback is owed for that later call: it stands for both.
    """
    ended = _ended(call)
    if ended is None:
        return False
    theirs = ContactPoint.objects.valued("phone", call.number).filter(shared=False).values("person")
    office = call.ticket.office_id
    about = Call.objects.filter(ticket__office=office, ticket__interactions__person__in=theirs).exclude(pk=call.pk)
    spoken = about.filter(connected_at__gte=ended)
    open_ones = WorkItem.objects.unfinished().filter(kind=Kind.CALLBACK, delivery_id=None, ticket__office=office)
    asked = open_ones.filter(interaction__channel=CHANNEL, interaction__person__in=theirs)
    owed = about.filter(sid__in=asked.values("interaction__external_id"), started_at__gte=ended)
    return any(one.number == call.number for one in [*spoken, *owed.exclude(choice="known")])


def _ended(call: Call) -> datetime | None:
    """When it ended, if that was some time ago; None of what is told as it happens."""
    return call.ended_at if call.ended_at and timezone.now() - call.ended_at >= AT_ONCE else None
