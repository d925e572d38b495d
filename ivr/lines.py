"""What administrators and supervisors set for a telephone line: languages, an announcement, recorded prompts."""

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter.offices.models import Door
from ivr.prompts import CODES

USUAL = "fr,en,ar,es,pt,tr,ru,zh"
ON_FIRST_KEYS = 8
LONGEST = 500


def validate_languages(value: str) -> None:
    """Refuse languages we have no words for, the same twice, and more than there are keys."""
    codes = value.split(",")
    if not set(codes) <= set(CODES) or len(set(codes)) != len(codes) or len(codes) > ON_FIRST_KEYS:
        facts = {"known": ",".join(CODES), "most": ON_FIRST_KEYS}
        raise ValidationError(_("Write at most %(most)d of %(known)s, each once, with commas between them.") % facts)


class Line(models.Model):
    """How one telephone line asks its callers; a line without such a row asks as usual."""

    door = models.OneToOneField(
        Door, on_delete=models.CASCADE, related_name="line", limit_choices_to={"kind": "phone"},
        verbose_name=gettext_lazy("telephone line"),
    )  # fmt: skip
    languages = models.CharField(
        gettext_lazy("languages on the keys 1 to 8, in this order"),
        max_length=40,
        default=USUAL,
        validators=[validate_languages],
        help_text=gettext_lazy("The others are behind key 9. One whose prompts are incomplete is left out."),
    )
    serves_after_closing_s = models.PositiveIntegerField(
        gettext_lazy("seconds for which those who wait are still served after closing"), default=900
    )

    class Meta:
        verbose_name = gettext_lazy("telephone line's menu")
        verbose_name_plural = gettext_lazy("telephone lines' menus")

    def __str__(self) -> str:
        return str(self.door)


class Announcement(models.Model):
    """What a supervisor has said on a line for now, in French and where they can in other languages."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="announcements")
    texts = models.JSONField(default=dict)  # language -> words
    incident = models.ForeignKey("desk.Incident", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.CharField(max_length=40)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door"], condition=Q(ended_at=None), name="announcement_one_on_a_line"),
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"


def new_token() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(24)


class Recording(models.Model):
    """A prompt that a person spoke, as it was uploaded; the provider fetches it under a name nobody can guess."""

    prompt = models.CharField(gettext_lazy("prompt"), max_length=40)
    language = models.CharField(gettext_lazy("language"), max_length=8)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    uploaded_at = models.DateTimeField(gettext_lazy("uploaded"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("recorded prompt")
        verbose_name_plural = gettext_lazy("recorded prompts")
        constraints = [
            models.UniqueConstraint(fields=["prompt", "language"], name="recording_once_per_language"),
            models.CheckConstraint(condition=Q(language__in=CODES), name="recording_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.prompt} ({self.language})"
