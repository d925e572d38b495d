"""Which documents of a procedure are held and which are missing."""


import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0005_a_refusal_has_reasons'),
        ('tickets', '0005_calls_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='PieceMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField()),
                ('held', models.BooleanField()),
                ('actor', models.CharField(max_length=40)),
                ('author', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='piece_marks', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ticket', 'code'), name='piece_mark_one_per_piece')],
            },
        ),
    ]
