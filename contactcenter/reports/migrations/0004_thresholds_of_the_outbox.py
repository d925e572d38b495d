"""Two more figures to watch: what does not leave, and what does not arrive."""

from django.db import migrations, models

FIGURES = [
    ("answered", "share of the last hour's calls answered, below (%)"),
    ("calls", "calls waiting, more than"),
    ("oldest", "the longest waiting has waited longer than (hours)"),
    ("lateness", "the most late is later than (times its promise)"),
    ("stuck", "in somebody's hands longer than (hours)"),
    ("unsent", "what we say to somebody has not left for longer than (hours)"),
    ("failed", "of what we said in the last hour, could not be delivered, more than"),
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_alarm_for_its_readers")]

    operations = [
        migrations.AlterField(
            model_name="threshold",
            name="figure",
            field=models.CharField(choices=FIGURES, max_length=10, verbose_name="figure"),
        ),
    ]
