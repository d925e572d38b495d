"""Where and when we are open: offices and their doors."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contactcenter.offices.hours import HoursError, parse_week


def validate_week(value: object) -> None:
    """Refuse hours that nobody could keep, with a sentence that says which."""
    try:
        parse_week(value)
    except HoursError as error:
        raise ValidationError(str(error)) from error


class Office(models.Model):
    """A service that people reach, named on every receipt it gives."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    service = models.CharField(_("service named on receipts"), max_length=200)
    address = models.TextField(_("postal address"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    department = models.CharField(_("department, for its public holidays"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class DoorQuerySet(models.QuerySet["Door"]):
    """Doors, as people find them."""

    def open_to_people(self) -> "DoorQuerySet":
        """Those that exist and have hours; the hour itself does not matter."""
        return self.filter(closed_at=None).exclude(hours={})

    def at(self, kind: str, address: str) -> "DoorQuerySet":
        """The doors of this kind with this number or address."""
        return self.filter(kind=kind, address__iexact=address).select_related("office")


class Door(models.Model):
    """One way to reach an office: a telephone line, a mailroom, a counter, a mailbox; `address` is where."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("telephone line")
        MAILROOM = "mailroom", _("mailroom")
        COUNTER = "counter", _("counter")
        MAILBOX = "mailbox", _("mailbox")

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="doors")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    address = models.TextField(_("number or address"))
    label = models.CharField(_("what people are told about it"), max_length=160, blank=True)
    hours = models.JSONField(_("hours"), default=dict, blank=True, validators=[validate_week])
    closed_at = models.DateTimeField(_("closed since"), null=True, blank=True)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["phone", "mailroom", "counter", "mailbox"]), name="door_kind_known"
            ),
            models.UniqueConstraint(
                fields=["kind", "address"],
                condition=Q(kind__in=["phone", "mailbox"], closed_at=None),
                name="door_one_office_per_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}".replace("\n", ", ")
