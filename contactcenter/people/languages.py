"""The languages that we know by name; what is said in another one is kept and answered all the same."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

UNNAMED = "und"
LANGUAGES: dict[str, Promise] = {
    "fr": pgettext_lazy("language", "French"),
    "en": pgettext_lazy("language", "English"),
    "ar": pgettext_lazy("language", "Arabic"),
    "es": pgettext_lazy("language", "Spanish"),
    "pt": pgettext_lazy("language", "Portuguese"),
    "tr": pgettext_lazy("language", "Turkish"),
    "ru": pgettext_lazy("language", "Russian"),
    "uk": pgettext_lazy("language", "Ukrainian"),
    "zh": pgettext_lazy("language", "Chinese"),
    "fa": pgettext_lazy("language", "Persian"),
    "ps": pgettext_lazy("language", "Pashto"),
    UNNAMED: pgettext_lazy("language", "not named by the person"),
    "de": pgettext_lazy("language", "German"),
    "it": pgettext_lazy("language", "Italian"),
}


def ours(language: str | None) -> str:
    """The language of our own sentences to whoever speaks this one: theirs where we have them in it, else French.

    Django knows the days and months of many more: a French sentence would carry a Russian date.
    """
    return language if language and language in dict(settings.LANGUAGES) else "fr"
