"""What is owed to somebody who hung up some time ago, and of whom we hear only now: nobody was there to be told."""

from datetime import datetime, timedelta

from django.utils import timezone

from contactcenter.offices.hours import opening_before
from contactcenter.routing.classes import TARGETS_S
from ivr.models import Call

PROMISE = timedelta(seconds=TARGETS_S["abandoned"])


def counts_from(call: Call) -> datetime:
    """Since when the callback of whoever hung up counts: its whole promise may be used up by now, and no more.

    Else all who rang in days without us would be called before anybody who holds the line.
    """
    now = timezone.now()
    if now - call.place_since <= PROMISE:
        return call.place_since
    return max(call.place_since, opening_before(call.ticket.office, now, PROMISE))
