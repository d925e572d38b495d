"""What we say, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.crypto import EncryptedTextField


class Purpose(models.TextChoices):
    """Why we say it."""

    RECEIPT = "receipt", _("receipt")
    REPLY = "reply", _("reply")
    NOTICE = "notice", _("notice")


class Means(models.TextChoices):
    """How it reaches the person."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    CALLBACK = "callback", _("callback")
    LETTER = "letter", _("letter")
    PAGE = "page", _("follow page")


CHANNEL_OF: dict[str, str] = {
    Means.EMAIL: "email",
    Means.SMS: "phone",
    Means.CALLBACK: "phone",
    Means.LETTER: "paper",
    Means.PAGE: "web",
}


class DeliveryState(models.TextChoices):
    """How far it has come; `sent` means that the next hop took it."""

    PENDING = "pending", _("to be sent")
    SENDING = "sending", _("on its way")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("not delivered")
    BOUNCED = "bounced", _("came back")


NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PENDING: frozenset(
        {DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED}
    ),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED}
    ),
    DeliveryState.SENT: frozenset({DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.BOUNCED}),
    DeliveryState.DELIVERED: frozenset({DeliveryState.BOUNCED}),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.BOUNCED: frozenset(),
}


class Delivery(models.Model):
    """One thing we say to one person by one means, from the transaction that caused it to its arrival.

    The text is encrypted, since a receipt carries the follow code.
    """

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="deliveries")
    interaction = models.ForeignKey(
        "tickets.Interaction", on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    receipt_id = models.BigIntegerField(null=True, blank=True)  # the receipts' room lies above this one
    purpose = models.CharField(max_length=10, choices=Purpose)
    means = models.CharField(max_length=10, choices=Means)
    channel = models.CharField(max_length=12)
    to = EncryptedTextField(blank=True, default="")
    to_index = models.CharField(max_length=64, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True)
    text = EncryptedTextField(blank=True, default="")
    language = models.CharField(max_length=8, default="fr")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    external_id = models.CharField(max_length=200, blank=True)  # the Message-ID or the provider's id
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(condition=Q(means__in=Means.values), name="delivery_means_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="delivery_by_external_id"),
            models.Index(fields=["to_index", "created_at"], condition=~Q(to_index=""), name="delivery_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.means} {self.pk}"
