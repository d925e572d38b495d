"""People to whom something was granted and who still have no appointment: the figure that nobody else keeps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

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
    """Each request's last decision, where it is favourable and no appointment was made since.

    A request is all that was put together: what was decided on one part, an appointment on another part ends.
    """
    later = Q(decided_on__gt=OuterRef("decided_on")) | Q(decided_on=OuterRef("decided_on"), pk__gt=OuterRef("pk"))
    appointed = Q(at__date__gte=OuterRef("decided_on"))
    granted = (
        Decision.objects.filter(favourable=True)
        .annotate(goes_on_in=Coalesce("ticket__merged_into", "ticket"))
        .exclude(_there_is(Decision.objects.filter(later)))
        .exclude(_there_is(Appointment.objects.filter(appointed)))
    )
    if offices is None:
        return granted
    into = Q(ticket__merged_into__office__in=offices)
    return granted.filter(into | Q(ticket__merged_into=None, ticket__office__in=offices))


def _there_is(rows: QuerySet[Any]) -> Q:
    """Whether the same request has such a row; two questions, each of which one index answers."""
    own, put_into_it = Q(ticket=OuterRef("goes_on_in")), Q(ticket__merged_into=OuterRef("goes_on_in"))
    return Q(Exists(rows.filter(own))) | Q(Exists(rows.filter(put_into_it)))
