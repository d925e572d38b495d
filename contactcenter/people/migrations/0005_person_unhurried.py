from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_former_contact_points")]

    operations = [
        migrations.AddField(
            "person",
            "unhurried",
            models.BooleanField(db_default=False, default=False, verbose_name="gets more time on the telephone"),
        ),
    ]
