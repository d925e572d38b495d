"""Who may do everything already is an administrator by role too, since rights follow the role from now on."""

from django.db import migrations


def name_them(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    User.objects.filter(is_superuser=True).update(role="administrator", is_staff=True)
    User.objects.filter(role="administrator").update(is_superuser=True, is_staff=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_administrators_by_role")]

    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
