"""Few tickets were put into another: an index of those is small, and no change of all the others writes to it."""

import django.db.models.deletion
from django.db import migrations, models

from contactcenter.postgresql.operations import AddIndexLive


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0010_emptied")]
    operations = [
        AddIndexLive(
            "ticket",
            models.Index(
                fields=["merged_into"], condition=models.Q(("merged_into__isnull", False)), name="ticket_merged"
            ),
        ),
        migrations.AlterField(
            "ticket",
            "merged_into",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="tickets.ticket",
            ),
        ),
    ]
