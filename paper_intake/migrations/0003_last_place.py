"""The place where a clerk put the letter before is looked up."""

from django.db import migrations, models

from contactcenter.postgresql.operations import AddIndexLive


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("paper_intake", "0002_found_by_their_place")]
    operations = [
        AddIndexLive(
            "scan",
            models.Index(
                fields=["checked_by", "-checked_at"],
                condition=models.Q(("place", ""), _negated=True),
                name="scan_places_of_clerk",
            ),
        ),
    ]
