from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0006_third_parties'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dialled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('key', models.CharField(max_length=64)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            model_name='dialled',
            constraint=models.UniqueConstraint(fields=('day', 'key'), name='dialled_once_per_day_and_key'),
        ),
    ]
