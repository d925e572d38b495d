"""Open and close alarms, so that each shows from when to when something was wrong."""

from django.db import transaction
from django.utils import timezone

from contactcenter.reports.models import Alarm


@transaction.atomic
def settle(kind: str, wrong: dict[str, str]) -> tuple[int, int]:
    """Make the open alarms of a kind those of `wrong` (key -> sentence); returns how many were opened and closed."""
    standing = {alarm.key: alarm for alarm in Alarm.objects.select_for_update().filter(kind=kind, closed_at=None)}
    over = [alarm.pk for key, alarm in standing.items() if key not in wrong]
    closed = Alarm.objects.filter(pk__in=over).update(closed_at=timezone.now())
    fresh = [Alarm(kind=kind, key=key, text=text) for key, text in wrong.items() if key not in standing]
    opened = Alarm.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(opened), closed


def open_alarms() -> list[Alarm]:
    """What is wrong now, the oldest first."""
    return list(Alarm.objects.filter(closed_at=None).order_by("opened_at"))
