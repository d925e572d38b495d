"""What is owed to somebody who hung up some time ago, and of whom we hear only now: nobody was there to be told."""

from datetime import datetime, timedelta

from django.utils import timezone

from contactcenter.offices.hours import opening_before
from contactcenter.people.models import ContactPoint
from contactcenter.routing.classes import TARGETS_S
from contactcenter.routing.models import Kind, WorkItem
from ivr.models import CHANNEL, Call

AT_ONCE = timedelta(minutes=1)  # what is told as it happens is told within seconds
PROMISE = timedelta(seconds=TARGETS_S["abandoned"])


def counts_from(call: Call) -> datetime:
    """Since when the callback of whoever hung up counts: its whole promise may be used up by now, and no more.

    Else all who rang in days without us would be called before anybody who holds the line.
    """
    now = timezone.now()
    if now - call.place_since <= PROMISE:
        return call.place_since
    return max(call.place_since, opening_before(call.ticket.office, now, PROMISE))


def seen_to(call: Call) -> bool:
    """Whether, since this call ended, whoever has its number to themselves was spoken with, or rang again.

    That is, if a callback is owed for that later call: it stands for both.
    """
    if call.ended_at is None or timezone.now() - call.ended_at < AT_ONCE:
        return False
    theirs = ContactPoint.objects.valued("phone", call.number).filter(shared=False).values("person")
    office = call.ticket.office_id
    about = Call.objects.filter(ticket__office=office, ticket__interactions__person__in=theirs).exclude(pk=call.pk)
    spoken = about.filter(connected_at__gte=call.ended_at)
    open_ones = WorkItem.objects.unfinished().filter(kind=Kind.CALLBACK, delivery_id=None, ticket__office=office)
    asked = open_ones.filter(interaction__channel=CHANNEL, interaction__person__in=theirs)
    owed = about.filter(sid__in=asked.values("interaction__external_id"), started_at__gte=call.ended_at)
    return any(one.number == call.number for one in [*spoken, *owed.exclude(choice="known")])
