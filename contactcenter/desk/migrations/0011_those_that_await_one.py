"""Mark the decisions that await an appointment now: each request's last, if favourable and none was made since."""

from django.db import migrations
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce


def there_is(rows):
    """Whether the same request has such a row: a request is all that was put together."""
    own, put_into_it = Q(ticket=OuterRef("goes_on_in")), Q(ticket__merged_into=OuterRef("goes_on_in"))
    return Q(Exists(rows.filter(own))) | Q(Exists(rows.filter(put_into_it)))


def mark(apps, schema_editor):
    decisions, appointments = (apps.get_model("desk", name).objects for name in ("Decision", "Appointment"))
    later = Q(decided_on__gt=OuterRef("decided_on")) | Q(decided_on=OuterRef("decided_on"), pk__gt=OuterRef("pk"))
    granted = decisions.filter(favourable=True).annotate(goes_on_in=Coalesce("ticket__merged_into", "ticket"))
    awaiting = granted.exclude(there_is(decisions.filter(later))).exclude(
        there_is(appointments.filter(at__date__gte=OuterRef("decided_on")))
    )
    decisions.filter(pk__in=awaiting.values("pk")).update(awaits_appointment=True)


class Migration(migrations.Migration):
    dependencies = [("desk", "0010_awaits_appointment"), ("tickets", "0010_emptied")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
