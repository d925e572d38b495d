"""Who is talking: persons, and the addresses and numbers we know of them.

A person with no e-mail, no telephone and no account is an ordinary person. Identifiers are encrypted and found by
blind indexes; a contact point's value is not unique, since a family shares a phone and an association a mailbox.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.crypto import EncryptedTextField, blind_index, blind_indexes


class Person(models.Model):
    """Somebody who reached us or whom a request concerns."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    birth_date = EncryptedTextField(_("birth date"), blank=True, default="")
    foreigner_number = EncryptedTextField(_("foreigner number"), blank=True, default="")
    foreigner_number_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # three times the time for each answer on the telephone: they are slow at it, or somebody relays it to them
    unhurried = models.BooleanField(_("gets more time on the telephone"), default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.name or f"person {self.pk}"

    def identify(self, foreigner_number: str) -> None:
        """Set the foreigner number together with its blind index; the caller saves."""
        self.foreigner_number = foreigner_number
        self.foreigner_number_index = blind_index(foreigner_number) if foreigner_number else ""


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    """Contact points, found without being read."""

    def valued(self, kind: str, value: str) -> "ContactPointQuerySet":
        """Those with this kind and normalised value, whoever's they are."""
        return self.filter(kind=kind, value_index__in=blind_indexes(value))

    def current(self) -> "ContactPointQuerySet":
        """Those that were not replaced by others."""
        return self.filter(former_at=None)


class ContactPoint(models.Model):
    """One address or number of one person, and how we know it; `former_at` once another took its place."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("telephone")
        ADDRESS = "address", _("postal address")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=Kind)
    value = EncryptedTextField()
    value_index = models.CharField(max_length=64)
    source = models.CharField(max_length=20)  # the channel by which we learnt it
    proved_at = models.DateTimeField(null=True, blank=True)
    shared = models.BooleanField(_("used by several people"), default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    former_at = models.DateTimeField(null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value_index"], name="contact_point_once_per_person"),
            models.CheckConstraint(
                condition=Q(kind__in=["email", "phone", "address"]), name="contact_point_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["value_index", "kind"], name="contact_point_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class Evidence(models.Model):
    """Something that showed who a person is: which kind (a code of `assurance.KINDS`), who saw it, and when.

    One of a kind stands at a time; what was noted by mistake is withdrawn and stays to be read.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(withdrawn_at=None), name="evidence_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="evidence_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"
