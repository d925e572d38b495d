"""Which decision awaits an appointment is written down."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_templates_in_known_languages")]

    operations = [
        migrations.AddField("decision", "awaits_appointment", models.BooleanField(db_default=False, default=False)),
    ]
