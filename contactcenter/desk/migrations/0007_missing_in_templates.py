"""A template may name the documents that are missing."""

import contactcenter.desk.filling
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("desk", "0006_pieces")]

    operations = [
        migrations.AlterField(
            model_name='replytemplate',
            name='text',
            field=models.TextField(help_text='It may use {reference}, {name}, {subject}, {office}, {telephone} and {missing} (the documents that are missing); [[…]] is to be filled in.', validators=[contactcenter.desk.filling.check_variables], verbose_name='text'),
        ),
    ]
