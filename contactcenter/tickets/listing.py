"""Lists of tickets, the newest first, page by page: what comes meanwhile moves nothing."""

from datetime import datetime

from django.db.models import Q

from contactcenter.ids import id_in
from contactcenter.tickets.models import Ticket, TicketQuerySet, TicketTag

NEWEST_FIRST = ("-opened_at", "-id")


def with_facts(*, channel: str = "", state: str = "", procedure: str = "") -> Q:
    """Those that came by this channel, stand so, and are about this procedure (its code); "" asks for nothing."""
    asked = {"channel": channel, "state": state, "procedure__procedure__code": procedure}
    return Q(**{name: value for name, value in asked.items() if value})


def with_tag(name: str) -> Q:
    """Those that have this tag, and those into which one was put that has it: they show it too."""
    marked = TicketTag.objects.filter(tag__name=name)
    given = marked.filter(ticket__merged_into__isnull=False)
    # Two lists put together rather than OR, which would look at every ticket.
    return Q(pk__in=marked.values("ticket").union(given.values("ticket__merged_into")))


def place_of(ticket: Ticket) -> str:
    """Where in a list this ticket stands."""
    return f"{ticket.opened_at.isoformat()} {ticket.pk}"


def after(rows: TicketQuerySet, place: str) -> TicketQuerySet:
    """Those that follow a place which `place_of` told. ValueError where it is none."""
    instant, _space, named = place.rpartition(" ")
    at, number = datetime.fromisoformat(instant), id_in(named)
    if at.tzinfo is None or number is None:
        raise ValueError(place)
    return rows.filter(Q(opened_at__lt=at) | Q(pk__lt=number), opened_at__lte=at)
