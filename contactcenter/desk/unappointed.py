"""People to whom something was granted and who still have no appointment: the figure that nobody else keeps.

Which decision awaits one is written down where it changes, so that a reading costs what it shows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q

from contactcenter.desk.models import Appointment, Decision
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import whole

FOLLOW_UP_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unappointed:
    """How many requests, how many of them for so long that they became work, and since which day the first."""

    requests: int
    for_long: int
    since: date | None


def unappointed(offices: Collection[int] | None, today: date) -> Unappointed:
    """Those of these offices (None is all); a later refusal takes a request out, whatever was granted before."""
    awaiting = Decision.objects.filter(awaits_appointment=True)
    if offices is not None:
        into = Q(ticket__merged_into__office__in=offices)
        awaiting = awaiting.filter(into | Q(ticket__merged_into=None, ticket__office__in=offices))
    for_long = Count("pk", filter=Q(decided_on__lte=today - FOLLOW_UP_AFTER))
    return Unappointed(**awaiting.aggregate(requests=Count("pk"), for_long=for_long, since=Min("decided_on")))


def awaits_one(ticket: Ticket) -> bool:
    """Whether its person was granted something and has no appointment yet."""
    return Decision.objects.filter(ticket__in=whole(ticket), awaits_appointment=True).exists()


def mark_awaiting(ticket: Ticket) -> None:
    """Mark the request's last decision if it is favourable and no appointment was made since, and no other.

    A request is all that was put together: what was decided on one part, an appointment on another part ends.
    """
    decisions = Decision.objects.filter(ticket__in=whole(ticket))
    decisions.filter(awaits_appointment=True).update(awaits_appointment=False)
    last = decisions.order_by("decided_on", "pk").last()
    if last is not None and last.favourable and not _appointed_since(ticket, last.decided_on):
        decisions.filter(pk=last.pk).update(awaits_appointment=True)


def _appointed_since(ticket: Ticket, day: date) -> bool:
    morning = datetime.combine(day, time(), ticket.office.zone)
    return Appointment.objects.filter(ticket__in=whole(ticket), at__gte=morning).exists()
