"""The mailroom reads its open work lane by lane."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0007_open_of_kind'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='workitem',
            name='work_item_open_of_kind',
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['kind', 'lane', 'enqueued_at', 'id'], name='work_item_open_of_kind'),
        ),
    ]
