"""Dated proof that we received something."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contactcenter.tickets.models import LegalNature


class Receipt(models.Model):
    """What we certified, as it was then: a later change of the office changes no receipt.

    `content` holds dates, codes and the service's own name and addresses, nothing of the person. `code` is sixteen
    digits, the last a check digit: who has it may verify that the receipt is genuine, and learns nothing more.
    """

    code = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="receipts")
    interaction = models.ForeignKey("tickets.Interaction", on_delete=models.PROTECT, related_name="receipts")
    legal_nature = models.CharField(max_length=12)
    issued_at = models.DateTimeField()
    language = models.CharField(max_length=8, default="fr")
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["interaction"], name="receipt_one_per_interaction"),
            models.CheckConstraint(condition=Q(legal_nature__in=LegalNature.values), name="receipt_nature_known"),
        ]

    def __str__(self) -> str:
        return self.code
