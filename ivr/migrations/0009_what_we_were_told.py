"""What the provider told us already, so that a request made again gets the same answer."""

import django.utils.timezone
from django.db import migrations, models

import contactcenter.crypto


class Migration(migrations.Migration):
    dependencies = [("ivr", "0008_who_calls")]
    operations = [
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("answer", contactcenter.crypto.EncryptedTextField(blank=True, default="")),
                ("told_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
    ]
