"""What a supervisor must know."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Alarm(models.Model):
    """Something is wrong until it is right again: opened and closed by a sweep, one open per kind and key.

    `text` says what, in the house's language; `texts` in every language, by its code. `office` is whom it concerns,
    None is everybody.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    office = models.ForeignKey("offices.Office", on_delete=models.CASCADE, null=True, blank=True)
    text = models.TextField()
    texts = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(closed_at=None), name="alarm_one_open_per_key")
        ]
        indexes = [models.Index(fields=["-opened_at"], name="alarm_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def sentence(self) -> str:
        """What is wrong, in the language that is active."""
        return str(self.texts.get(get_language(), self.text))


class Threshold(models.Model):
    """What a figure must not cross; who is named is told by e-mail when it does, and when all is well again."""

    class Figure(models.TextChoices):
        ANSWERED = "answered", _("share of the last hour's calls answered, below (%)")
        CALLS = "calls", _("calls waiting, more than")
        OLDEST = "oldest", _("the longest waiting has waited longer than (hours)")
        LATENESS = "lateness", _("the most late is later than (times its promise)")
        STUCK = "stuck", _("in somebody's hands longer than (hours)")
        UNSENT = "unsent", _("what we say to somebody has not left for longer than (hours)")
        FAILED = "failed", _("of what we said in the last hour, could not be delivered, more than")

    figure = models.CharField(_("figure"), max_length=10, choices=Figure)
    limit = models.DecimalField(_("threshold"), max_digits=6, decimal_places=1)
    office = models.ForeignKey(
        "offices.Office",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("office (empty: all together)"),
    )
    addresses = models.TextField(_("told by e-mail, an address on each line"), blank=True)
    active = models.BooleanField(_("watched"), default=True)

    class Meta:
        verbose_name = _("threshold for an alarm")
        verbose_name_plural = _("thresholds for alarms")
        constraints = [models.CheckConstraint(condition=Q(limit__gt=0), name="threshold_above_nothing")]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} {self.limit.normalize():f}"

    def clean(self) -> None:
        """Say what would never ring, or always, and which address cannot be written to."""
        if self.limit is not None and self.limit <= 0:
            raise ValidationError({"limit": _("Write a number above 0: at 0 the alarm would never rest.")})
        if self.figure == self.Figure.ANSWERED and self.limit is not None and self.limit > 100:
            raise ValidationError({"limit": _("A share is at most 100 %.")})
        for address in self.told:
            try:
                validate_email(address)
            except ValidationError as error:
                sentence = _("“%(address)s” is no e-mail address: write one on each line.")
                raise ValidationError({"addresses": sentence % {"address": address}}) from error

    @property
    def told(self) -> list[str]:
        """The addresses, each once."""
        return list(dict.fromkeys(part.strip() for part in self.addresses.splitlines() if part.strip()))


class AlarmMail(models.Model):
    """An alarm's word to one address: that something is wrong, or (`over`) that it is right again.

    `due_at` is when it may be tried next; whoever sends it puts that off, so that nobody else sends it meanwhile.
    """

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="mails")
    to = models.EmailField()
    over = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alarm", "to", "over"], name="alarm_mail_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="alarm_mail_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.alarm} → {self.to}"
