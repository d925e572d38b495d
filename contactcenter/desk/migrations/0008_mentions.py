"""Colleagues meant by a note."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0007_missing_in_templates'),
        ('routing', '0006_words_and_levels'),
        ('tickets', '0005_calls_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='routing.agent')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='tickets.note')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['agent', 'note'], name='mention_unread')],
                'constraints': [models.UniqueConstraint(fields=('note', 'agent'), name='mention_once_per_note')],
            },
        ),
    ]
