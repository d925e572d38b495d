"""Mails as we accepted them, before anything clever happens to them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contactcenter.crypto import EncryptedTextField


class MailState(models.TextChoices):
    """How far a mail has come."""

    PENDING = "pending", "pending"
    TAKEN = "taken", "taken"


class IncomingMail(models.Model):
    """One delivery to us: its raw bytes lie in the vault, and this row is committed before the sender hears 250."""

    raw_sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    sender = EncryptedTextField(blank=True, default="")
    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=120, blank=True)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=["pending", "taken"]), name="mail_state_known")]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="pending"), name="mail_pending")]

    def __str__(self) -> str:
        return f"mail {self.pk}"
