"""Who may be brought into a conversation is said for each office; so far it was one list for all."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def of_every_office(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    offices = list(apps.get_model("offices", "Office").objects.values_list("pk", flat=True))
    for party in apps.get_model("ivr", "ThirdParty").objects.all():
        party.offices.set(offices)


class Migration(migrations.Migration):
    dependencies = [("ivr", "0013_tapes"), ("offices", "0004_closures")]

    operations = [
        migrations.AddField(
            "thirdparty",
            "offices",
            models.ManyToManyField(related_name="third_parties", to="offices.office", verbose_name="offices that may call them"),
        ),
        migrations.AlterField(
            "thirdparty",
            "languages",
            models.CharField(blank=True, max_length=80, verbose_name="languages of an interpreter, as in ar, ps"),
        ),
        migrations.RunPython(of_every_office, migrations.RunPython.noop),
    ]
