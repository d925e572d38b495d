"""Reports count what arrived and what was finished within a day or a month."""

from django.db import migrations, models

from contactcenter.postgresql.operations import AddIndexLive


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("routing", "0012_parking_kept_as_intervals")]
    operations = [
        AddIndexLive("workitem", models.Index(fields=["created_at", "lane"], name="work_item_by_arrival")),
        AddIndexLive(
            "workitem",
            models.Index(
                fields=["done_at", "lane"],
                condition=models.Q(("done_at__isnull", False)),
                name="work_item_by_end",
            ),
        ),
    ]
