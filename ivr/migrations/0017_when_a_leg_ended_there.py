"""When a leg ended by the provider's own clock: which of two ends came first, in whatever order they are told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ivr", "0016_holds")]

    operations = [migrations.AddField("leg", "over_at", models.DateTimeField(blank=True, null=True))]
