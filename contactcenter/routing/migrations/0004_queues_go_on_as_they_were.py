"""In queues that were there before, work is chosen as freely as until now; new ones want a reason."""

from typing import Any

from django.db import migrations


def choose_freely(apps: Any, schema_editor: Any) -> None:
    apps.get_model("routing", "Queue").objects.update(choosing="free")


class Migration(migrations.Migration):
    dependencies = [("routing", "0003_offers_and_presence")]
    operations = [migrations.RunPython(choose_freely, migrations.RunPython.noop)]
