"""An alarm is told in every language, and to the people of the office that it concerns."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0002_validated_fields"),
        ("reports", "0002_thresholds"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="office",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="offices.office"
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="texts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
