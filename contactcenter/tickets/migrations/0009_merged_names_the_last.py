"""A merged ticket names the one that its story goes on in now, however often that one was put into others since."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_last(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    tickets, undos = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "Undo")
    for undo in undos.objects.filter(kind="merge", undone_at=None).order_by("pk"):
        merged = tickets.objects.filter(merged_into=undo.ticket_id)
        undo.before["merged"] = list(merged.values_list("pk", flat=True))
        undo.save(update_fields=["before"])
        merged.update(merged_into=undo.other_id)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_tags_and_links")]
    operations = [migrations.RunPython(name_the_last, migrations.RunPython.noop)]
