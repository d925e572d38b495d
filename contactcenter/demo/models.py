"""The demo mailbox: what the demo sent instead of sending it to the world."""

from django.db import models
from django.utils import timezone


class DemoMail(models.Model):
    """One mail that left the outbox and stopped here."""

    to = models.CharField(max_length=320)
    sender = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    raw_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"mail {self.pk}"
