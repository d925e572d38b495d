"""What a supervisor must know."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Alarm(models.Model):
    """Something is wrong until it is right again: opened and closed by a sweep, one open per kind and key."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    text = models.TextField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(closed_at=None), name="alarm_one_open_per_key")
        ]
        indexes = [models.Index(fields=["-opened_at"], name="alarm_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
