"""No refusal without its reasons."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_decision_reasons")]

    operations = [
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(("favourable", True), models.Q(("reasons", ""), _negated=True), _connector="OR"),
                name="decision_refusal_has_reasons",
            ),
        ),
    ]
