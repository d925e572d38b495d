"""Wrong codes are counted here, so that a personal code cannot be found by trying."""

from django.db import models
from django.utils import timezone


class WrongCode(models.Model):
    """One wrong personal code typed on the follow page. Reference and source are kept as blind indexes only."""

    reference_index = models.CharField(max_length=64)
    source_index = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["source_index", "at"], name="wrong_code_by_source"),
            models.Index(fields=["reference_index", "at"], name="wrong_code_by_reference"),
        ]

    def __str__(self) -> str:
        return f"wrong code {self.pk}"
