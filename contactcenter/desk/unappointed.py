"""People to whom something was granted and who still have no appointment: the figure that nobody else keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from contactcenter.desk.lastmile import FOLLOW_UP_AFTER
from contactcenter.desk.models import Appointment, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Unappointed:
    """How many requests, how many of them for so long that they became work, and since which day the first."""

    requests: int
    for_long: int
    since: date | None


def unappointed(offices: Collection[int] | None, today: date) -> Unappointed:
    """Those of these offices (None is all); a later refusal takes a request out, whatever was granted before."""
    days = _granted(offices).values_list("decided_on", flat=True)
    found = sorted(days)
    return Unappointed(
        requests=len(found),
        for_long=sum(day <= today - FOLLOW_UP_AFTER for day in found),
        since=found[0] if found else None,
    )


def _granted(offices: Collection[int] | None) -> QuerySet[Decision]:
    """Each request's last decision, where it is favourable and no appointment was made since."""
    same = Decision.objects.filter(ticket=OuterRef("ticket"))
    later = same.filter(decided_on__gt=OuterRef("decided_on")) | same.filter(
        decided_on=OuterRef("decided_on"), pk__gt=OuterRef("pk")
    )
    appointed = Appointment.objects.filter(ticket=OuterRef("ticket"), at__date__gte=OuterRef("decided_on"))
    granted = Decision.objects.filter(~Exists(later), ~Exists(appointed), favourable=True)
    return granted if offices is None else granted.filter(ticket__office__in=offices)
