"""A ticket that a split had made, and an undo emptied, says so: no list shows it any more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def say_emptied(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    _move(apps, "merged", "emptied")


def say_merged(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    _move(apps, "emptied", "merged")


def _move(apps: Apps, was: str, becomes: str) -> None:
    undone = apps.get_model("tickets", "Undo").objects.filter(kind="split", undone_at__isnull=False)
    tickets = apps.get_model("tickets", "Ticket").objects.filter(disposition=was, merged_into__isnull=False)
    tickets.filter(pk__in=undone.values("other")).update(disposition=becomes)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0009_merged_names_the_last")]
    operations = [migrations.RunPython(say_emptied, say_merged)]
