"""What is owed to somebody who hung up some time ago, and of whom we hear only now: nobody was there to be told."""

from datetime import datetime, timedelta

from django.utils import timezone

from contactcenter.offices.hours import opening_before
from contactcenter.people.models import ContactPoint
from contactcenter.routing.classes import TARGETS_S
from ivr.models import Call

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


def spoken_since(call: Call) -> bool:
    """Whether somebody has spoken, since this call ended, with whoever has its number to themselves."""
    if call.ended_at is None or timezone.now() - call.ended_at < AT_ONCE:
        return False
    theirs = ContactPoint.objects.valued("phone", call.number).filter(shared=False).values("person")
    about = Call.objects.filter(ticket__office=call.ticket.office_id, ticket__interactions__person__in=theirs)
    spoken = about.filter(connected_at__gte=call.ended_at).exclude(pk=call.pk)
    return any(one.number == call.number for one in spoken)
