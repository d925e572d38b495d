"""By which clock figures of several offices are told."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.utils import timezone

from contactcenter.offices.models import Office


def shared_zone(offices: Collection[int] | None) -> ZoneInfo:
    """The time zone of all these offices (None: of all there are), or the house's own where they share none."""
    rows = Office.objects.order_by() if offices is None else Office.objects.filter(pk__in=offices).order_by()
    zones = list(rows.values_list("timezone", flat=True).distinct()[:2])
    return ZoneInfo(zones[0]) if len(zones) == 1 else timezone.get_default_timezone()
