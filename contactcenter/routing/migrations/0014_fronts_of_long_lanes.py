"""The first of what waits in a long lane are marked; a process of before goes on inserting without the marks.

An index by the ticket alone finds what is open of it as well: a ticket has few work items. What is asked for by lane
waits, or came or ended at some time: an index by the lane alone is written at every step, and read by nobody.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0013_by_arrival_and_end")]
    operations = [
        migrations.RemoveIndex("workitem", "work_item_open_of_ticket"),
        migrations.AlterField(
            "workitem",
            "lane",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_items",
                to="routing.lane",
            ),
        ),
        migrations.AddField(
            "lane", "is_long", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "workitem", "in_front", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
