import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0003_line_menus'),
    ]

    operations = [
        migrations.CreateModel(
            name='LineProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent_id', models.BigIntegerField(default=0)),
                ('line_index', models.CharField(max_length=64)),
                ('proved_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='call',
            name='held_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='missed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='leg',
            name='digit',
            field=models.CharField(blank=True, db_default='', default='', max_length=1),
        ),
        migrations.AddField(
            model_name='leg',
            name='joined_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='leg',
            name='kind',
            field=models.CharField(choices=[('agent', 'agent'), ('supervisor', 'supervisor'), ('third_party', 'third party')], db_default='agent', default='agent', max_length=12),
        ),
        migrations.AddField(
            model_name='leg',
            name='mode',
            field=models.CharField(blank=True, choices=[('listen', 'listens'), ('whisper', 'whispers to the agent'), ('barge', 'takes part')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='leg',
            name='muted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='leg',
            name='tries',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='leg',
            name='why_ended',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='command',
            name='kind',
            field=models.CharField(choices=[('dial_agent', 'dial the leg of an agent, a supervisor or a third party'), ('dial_person', 'dial the person'), ('move', "move the person's leg to another document"), ('move_leg', 'move another leg to another document'), ('hang_up', 'end a leg'), ('hold', 'let the person hear the hold music, or no longer'), ('mute', 'silence a leg in the conversation, or no longer'), ('coach', 'change who hears a supervisor'), ('sms', 'send a text message'), ('fetch', 'fetch a recording')], max_length=12),
        ),
        migrations.AlterField(
            model_name='leg',
            name='call',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='legs', to='ivr.call'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['agent', 'supervisor', 'third_party'])), name='leg_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='leg',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'supervisor'), ('mode__in', ['listen', 'whisper', 'barge'])), models.Q(models.Q(('kind', 'supervisor'), _negated=True), ('mode', '')), _connector='OR'), name='leg_mode_is_a_supervisors'),
        ),
        migrations.AddConstraint(
            model_name='lineproof',
            constraint=models.UniqueConstraint(fields=('agent_id', 'line_index'), name='line_proof_once_per_line'),
        ),
    ]
