"""The first of what waits in a long lane are marked; a process of before goes on inserting without the marks.

An index by the ticket alone finds what is open of it as well: a ticket has few work items.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0013_by_arrival_and_end")]
    operations = [
        migrations.RemoveIndex("workitem", "work_item_open_of_ticket"),
        migrations.AddField(
            "lane", "is_long", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddField(
            "workitem", "in_front", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
