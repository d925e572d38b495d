"""The catalogue: what people need done, in versions that never change once published."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

NEVER = "a published version is never changed: publish a new one"


class PublishedVersionError(TypeError):
    """Somebody tried to change a published version; a new version is published instead."""


class Procedure(models.Model):
    """What a person needs done, under a code that stays the same over all its versions."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("place on the portal"), default=100)
    withdrawn_at = models.DateTimeField(_("withdrawn since"), null=True, blank=True)

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class SilenceEffect(models.TextChoices):
    """What it means in law that the administration does not answer."""

    NONE = "none", _("nothing")
    ACCEPT = "accept", _("acceptance")
    REJECT = "reject", _("rejection")


class ProcedureVersion(models.Model):
    """One wording and set of rules of a procedure. A ticket points to the version it was opened under.

    Once published it never changes: the model says so kindly, and a trigger says so to everybody else.

    `legal_natures` maps a way in (a channel's name, or `counter`, `appointment`) to one of the six natures, with
    `any` for the others; `channels_in` and `channels_out` list ways as the catalogue names them.
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="versions", verbose_name=_("procedure")
    )
    number = models.PositiveIntegerField(_("version"))
    name = models.JSONField(_("name per language"), default=dict)
    hint = models.JSONField(_("hint per language"), default=dict, blank=True)
    legal_natures = models.JSONField(_("legal nature per way"), default=dict)
    channels_in = models.JSONField(_("ways in"), default=list)
    channels_out = models.JSONField(_("ways out"), default=list)
    pieces = models.JSONField(_("documents asked for"), default=list, blank=True)
    silence_effect = models.CharField(
        _("what silence means"), max_length=8, choices=SilenceEffect, default=SilenceEffect.NONE
    )
    silence_months = models.PositiveSmallIntegerField(_("months until silence decides"), null=True, blank=True)
    silence_source = models.CharField(_("article that says so"), max_length=120, blank=True)
    service_class = models.CharField(_("service class"), max_length=30, blank=True)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("procedure version")
        verbose_name_plural = _("procedure versions")
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_number_unique"),
            models.CheckConstraint(
                condition=Q(silence_effect="none", silence_months=None)
                | (~Q(silence_effect="none") & Q(silence_months__isnull=False)),
                name="procedure_version_silence_has_months",
            ),
            models.CheckConstraint(
                condition=Q(silence_effect__in=SilenceEffect.values), name="procedure_version_silence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and ProcedureVersion.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise PublishedVersionError(NEVER)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.published_at:
            raise PublishedVersionError(NEVER)
        return super().delete(*args, **kwargs)

    def named(self, language: str = "") -> str:
        """Its name in a language, else in French."""
        return in_language(self.name, language)

    def hinted(self, language: str = "") -> str:
        """Its hint in a language, else in French."""
        return in_language(self.hint, language)


def in_language(texts: dict[str, str], language: str = "") -> str:
    """The text in this language or the reader's, else in French, else in any."""
    wanted = (language or get_language() or "fr")[:2]
    return texts.get(wanted) or texts.get("fr") or next(iter(texts.values()), "")
