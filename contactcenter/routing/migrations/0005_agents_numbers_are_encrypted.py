import contactcenter.crypto
from django.db import migrations, models


def sealed(apps, schema_editor):
    """Each number is written again, encrypted."""
    Agent = apps.get_model("routing", "Agent")
    for agent in Agent.objects.only("pk", "phone").iterator():
        agent.line = agent.phone
        agent.save(update_fields=["line"])


def opened(apps, schema_editor):
    """Each number is written again in clear."""
    Agent = apps.get_model("routing", "Agent")
    for agent in Agent.objects.only("pk", "line").iterator():
        agent.phone = agent.line[:80]
        agent.save(update_fields=["phone"])


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0004_queues_go_on_as_they_were'),
    ]

    operations = [
        migrations.AddField(
            model_name='agent',
            name='line',
            field=contactcenter.crypto.EncryptedTextField(default=''),
        ),
        migrations.AlterField(
            model_name='agent',
            name='phone',
            field=models.CharField(max_length=80, blank=True, default=''),
        ),
        migrations.RunPython(sealed, opened),
        migrations.RemoveField(model_name='agent', name='phone'),
        migrations.RenameField(model_name='agent', old_name='line', new_name='phone'),
        migrations.AlterField(
            model_name='agent',
            name='phone',
            field=contactcenter.crypto.EncryptedTextField(blank=True, default='', verbose_name="telephone of the agent's leg"),
        ),
    ]
