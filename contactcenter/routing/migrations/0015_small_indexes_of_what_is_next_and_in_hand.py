"""What each taking of work reads lies in indexes that stay small, however much waits."""

from django.db import migrations, models

from contactcenter.postgresql.operations import AddIndexLive


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("routing", "0014_fronts_of_long_lanes")]
    operations = [
        AddIndexLive(
            "workitem",
            models.Index(
                fields=["lane", "enqueued_at", "due_at", "id"],
                condition=models.Q(("in_front", True), ("state", "waiting")),
                name="work_item_lane_fronts",
            ),
        ),
        AddIndexLive(
            "workitem",
            models.Index(
                fields=["lane", "enqueued_at", "due_at", "id"],
                condition=models.Q(("kind__in", ("call", "callback")), ("state", "waiting")),
                name="work_item_live_waiting",
            ),
        ),
        AddIndexLive(
            "workitem",
            models.Index(
                fields=["id"],
                condition=models.Q(("state__in", ("assigned", "offered"))),
                name="work_item_in_hand",
            ),
        ),
    ]
