"""Papers are found by the words of their place, not by this column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("paper_intake", "0003_last_place")]
    operations = [
        migrations.AlterField("scan", "place", models.CharField("where the paper lies", max_length=120, blank=True)),
    ]
