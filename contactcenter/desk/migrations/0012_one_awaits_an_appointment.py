"""At most one decision of a ticket awaits an appointment, and no refusal does; they are found by that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0011_those_that_await_one")]

    operations = [
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(awaits_appointment=True),
                name="decision_one_awaits_appointment",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(favourable=True) | models.Q(awaits_appointment=False),
                name="decision_refusal_awaits_nothing",
            ),
        ),
        migrations.RemoveIndex("decision", "decision_to_follow_up"),
    ]
