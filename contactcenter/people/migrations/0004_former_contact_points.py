from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_evidence")]

    operations = [
        migrations.AddField("contactpoint", "former_at", models.DateTimeField(blank=True, null=True)),
    ]
