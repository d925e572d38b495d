"""An agent's skill has a level; the table stays the one that Django made for the plain relation."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AgentSkill",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="able", to="routing.agent"
                            ),
                        ),
                        (
                            "skill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="able", to="routing.skill"
                            ),
                        ),
                    ],
                    options={"db_table": "routing_agent_skills", "unique_together": {("agent", "skill")}},
                ),
                migrations.AlterField(
                    model_name="agent",
                    name="skills",
                    field=models.ManyToManyField(
                        blank=True, related_name="agents", through="routing.AgentSkill", to="routing.skill"
                    ),
                ),
            ],
            database_operations=[],
        ),
        migrations.AddField(
            model_name="agentskill", name="level", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AddConstraint(
            model_name="agentskill",
            constraint=models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3), name="agent_skill_level_known"
            ),
        ),
    ]
