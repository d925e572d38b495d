"""An agent's leg may stay up between calls: who wants that, and since when a leg stands."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ivr", "0014_third_parties_of_offices")]

    operations = [
        migrations.AddField("leg", "stands_since", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="StandingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agent_id", models.BigIntegerField(unique=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
