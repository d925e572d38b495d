"""Lists of tickets, the newest first, page by page: what comes meanwhile moves nothing."""

from datetime import datetime

from django.db.models import Q

from contactcenter.tickets.models import Ticket, TicketQuerySet

NEWEST_FIRST = ("-opened_at", "-id")


def with_facts(*, channel: str = "", state: str = "", procedure: str = "") -> Q:
    """Those that came by this channel, stand so, and are about this procedure (its code); "" asks for nothing."""
    asked = {"channel": channel, "state": state, "procedure__procedure__code": procedure}
    return Q(**{name: value for name, value in asked.items() if value})


def place_of(ticket: Ticket) -> str:
    """Where in a list this ticket stands."""
    return f"{ticket.opened_at.isoformat()} {ticket.pk}"


def after(rows: TicketQuerySet, place: str) -> TicketQuerySet:
    """Those that follow a place which `place_of` told. ValueError where it is none."""
    instant, _space, number = place.rpartition(" ")
    at = datetime.fromisoformat(instant)
    if at.tzinfo is None or not (number.isdecimal() and len(number) < 19):
        raise ValueError(place)
    return rows.filter(Q(opened_at__lt=at) | Q(pk__lt=int(number)), opened_at__lte=at)
