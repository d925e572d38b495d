"""Where and when we are open: offices and their doors."""

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contactcenter.offices.hours import has_hours
from contactcenter.offices.validation import (
    as_lines,
    as_mailbox,
    as_number,
    validate_department,
    validate_timezone,
    validate_week,
)

LONGEST_CLOSURE = 366  # days


class Office(models.Model):
    """A service that people reach, named on every receipt it gives."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    service = models.CharField(_("service named on receipts"), max_length=200)
    address = models.TextField(_("postal address"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris", validators=[validate_timezone])
    department = models.CharField(
        _("department, for its public holidays"), max_length=3, blank=True, validators=[validate_department]
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its people live by."""
        return ZoneInfo(self.timezone)

    def clean(self) -> None:
        """Address and number as receipts and letters print them."""
        self.address = as_lines(self.address)
        self.phone = as_number(self.phone, field="phone") if self.phone else ""


class DoorQuerySet(models.QuerySet["Door"]):
    """Doors, as people find them."""

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
        return ", ".join(f"{self.get_kind_display()} {self.address}".splitlines())

    def opens_to_people(self) -> bool:
        """Whether it is not closed and has hours; the hour itself does not matter."""
        return self.closed_at is None and has_hours(self.hours)

    def clean(self) -> None:
        """A number and a mailbox as calls and mails name them, or a sentence that says how to write them."""
        if self.kind == self.Kind.PHONE:
            self.address = as_number(self.address)
        elif self.kind == self.Kind.MAILBOX:
            self.address = as_mailbox(self.address)
        else:
            self.address = as_lines(self.address)
            return
        taken = Door.objects.at(self.kind, self.address).filter(closed_at=None).exclude(pk=self.pk).first()
        if taken and self.closed_at is None:
            facts = {"office": taken.office}
            raise ValidationError(
                {"address": gettext("This leads to “%(office)s” already. Close that door first, or this one.") % facts}
            )


class Closure(models.Model):
    """Days on which an office is closed although its hours say otherwise: a move, a strike, a day off for all."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason, for colleagues"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="closure_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"

    def clean(self) -> None:
        """A closure that lasts, and not for years by a slip of the keyboard."""
        if self.first_day and self.last_day and not 0 <= (self.last_day - self.first_day).days < LONGEST_CLOSURE:
            raise ValidationError({"last_day": _("The last day comes after the first, within a year.")})
