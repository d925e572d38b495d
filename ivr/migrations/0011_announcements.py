# What supervisors have said on a line has the glossary's word; a notice is something we write to a person.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0010_delete_at_provider'),
        ('offices', '0004_closures'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='notice', name='notice_one_on_a_line'),
        migrations.RenameModel(old_name='Notice', new_name='Announcement'),
        migrations.AlterField(
            model_name='announcement',
            name='door',
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='offices.door'
            ),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.UniqueConstraint(
                condition=models.Q(('ended_at', None)), fields=('door',), name='announcement_one_on_a_line'
            ),
        ),
        migrations.RenameField(model_name='call', old_name='notice_heard', new_name='announcement_heard'),
    ]
