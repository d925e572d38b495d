"""A refusal says why. What was refused before this was kept says so."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    old = apps.get_model("desk", "Decision").objects.filter(favourable=False, reasons="")
    old.update(reasons="recorded before reasons were kept")


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_reply_templates")]

    operations = [
        migrations.AddField("decision", "reasons", models.TextField(blank=True, db_default="", default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
