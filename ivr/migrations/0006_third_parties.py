import contactcenter.crypto
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ivr', '0005_legs_numbers_are_encrypted'),
    ]

    operations = [
        migrations.CreateModel(
            name='ThirdParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('interpreter', 'interpreter'), ('office', 'competent office')], max_length=12, verbose_name='who they are')),
                ('languages', models.CharField(blank=True, max_length=80, verbose_name='languages, as in ar, prs')),
                ('number', contactcenter.crypto.EncryptedTextField(verbose_name='number or SIP address')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='not called any more since')),
            ],
            options={
                'verbose_name': 'third party',
                'verbose_name_plural': 'third parties',
            },
        ),
        migrations.AddConstraint(
            model_name='thirdparty',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['interpreter', 'office'])), name='third_party_role_known'),
        ),
    ]
