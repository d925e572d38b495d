"""Every hold is an interval of its own; one that goes on, or that nobody ended, is taken over."""

import django.db.models.deletion
from django.db import migrations, models


def take_over(apps, schema_editor):
    Call, Hold = apps.get_model("ivr", "Call"), apps.get_model("ivr", "Hold")
    for call in Call.objects.exclude(held_at=None):
        over = call.ended_at is not None
        Hold.objects.create(
            call=call,
            actor="system",
            started_at=call.held_at,
            ended_at=call.ended_at,
            why_ended="over" if over else "",
        )
        if over:
            Call.objects.filter(pk=call.pk).update(held_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0015_standing_legs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=40)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('why_ended', models.CharField(blank=True, choices=[('resumed', 'resumed'), ('line', 'line'), ('passed_on', 'passed on'), ('left', 'left'), ('over', 'over')], default='', max_length=12)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='ivr.call')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('call',), name='hold_one_open_per_call'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='hold_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('why_ended', '')), models.Q(('ended_at__isnull', False), ('why_ended__in', ['resumed', 'line', 'passed_on', 'left', 'over'])), _connector='OR'), name='hold_ended_has_its_reason')],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
