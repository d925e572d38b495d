import contactcenter.crypto
from django.db import migrations, models


def sealed(apps, schema_editor):
    """Each number is written again, encrypted."""
    Leg = apps.get_model("ivr", "Leg")
    for leg in Leg.objects.only("pk", "to").iterator():
        leg.line = leg.to
        leg.save(update_fields=["line"])


def opened(apps, schema_editor):
    """Each number is written again in clear."""
    Leg = apps.get_model("ivr", "Leg")
    for leg in Leg.objects.only("pk", "line").iterator():
        leg.to = leg.line[:120]
        leg.save(update_fields=["to"])


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0004_legs'),
    ]

    operations = [
        migrations.AddField(
            model_name='leg',
            name='line',
            field=contactcenter.crypto.EncryptedTextField(default=''),
        ),
        migrations.AlterField(
            model_name='leg',
            name='to',
            field=models.CharField(max_length=120, default=''),
        ),
        migrations.RunPython(sealed, opened),
        migrations.RemoveField(model_name='leg', name='to'),
        migrations.RenameField(model_name='leg', old_name='line', new_name='to'),
        migrations.AlterField(
            model_name='leg',
            name='to',
            field=contactcenter.crypto.EncryptedTextField(),
        ),
    ]
