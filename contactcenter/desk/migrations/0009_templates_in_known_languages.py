"""The language of a template was free text: what names a language that we know is written as its code."""

from django.db import migrations, models

import contactcenter.desk.models

WORDS = {"french": "fr", "français": "fr", "francais": "fr", "english": "en", "anglais": "en", "arabic": "ar", "arabe": "ar"}
KNOWN = ("fr", "en", "ar", "es", "pt", "tr", "ru", "uk", "zh", "fa", "ps", "de", "it")


def by_code(apps, schema_editor):
    templates = apps.get_model("desk", "ReplyTemplate").objects
    for row in templates.exclude(language__in=KNOWN):
        said = row.language.strip().lower()
        code = WORDS.get(said, said.replace("_", "-").partition("-")[0])
        # What we do not know, and a second one of the same title, stays: the form asks for its language.
        if code in KNOWN and not templates.filter(language=code, title=row.title).exists():
            templates.filter(pk=row.pk).update(language=code)


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_mentions")]

    operations = [
        migrations.RunPython(by_code, migrations.RunPython.noop),
        migrations.AlterField(
            "replytemplate",
            "language",
            models.CharField(
                choices=contactcenter.desk.models.written_in,
                help_text="The language of the text; it is proposed to whoever is answered in that language.",
                max_length=8,
                verbose_name="language",
            ),
        ),
    ]
