"""Where work waits, what it is promised, and what it needs of whoever takes it.

A lane is queue × service class × set of required skills; its head is found by one partial index, so a pick costs the
number of lanes, not the length of the queue.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contactcenter.routing.models.people import Skill
from contactcenter.routing.validation import Level, validate_promise


class Choosing(models.TextChoices):
    """Whether an agent may take a chosen work item out of its turn."""

    FREE = "free", _("freely")
    REASON = "reason", _("with a reason")
    NEVER = "never", _("never: whoever takes work takes the next")


class Queue(models.Model):
    """An office's waiting work; one of them is where its work arrives."""

    office = models.ForeignKey(
        "offices.Office", on_delete=models.PROTECT, related_name="queues", verbose_name=_("office")
    )
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    arrives_here = models.BooleanField(_("new work arrives here"), default=True)
    cap = models.PositiveSmallIntegerField(
        _("agents in written work while calls wait, at most (empty: no cap)"), null=True, blank=True
    )
    offers_written = models.BooleanField(_("written work is offered to idle agents"), default=False)
    choosing = models.CharField(
        _("taking a chosen work item out of its turn"), max_length=8, choices=Choosing, default=Choosing.REASON
    )
    wrap_up_s = models.PositiveSmallIntegerField(_("wrap-up after a call, in seconds"), default=120)

    class Meta:
        verbose_name = pgettext_lazy("of waiting work", "queue")
        verbose_name_plural = pgettext_lazy("of waiting work", "queues")
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(arrives_here=True), name="queue_one_arrival_per_office"
            ),
            models.CheckConstraint(condition=Q(choosing__in=Choosing.values), name="queue_choosing_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """Work of one queue with one promise that needs the same skills; `target_s` is the promise in opening seconds."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="lanes")
    service_class = models.CharField(_("service class"), max_length=30)
    skills = models.CharField(_("skills"), max_length=200, blank=True)  # codes in alphabetical order, joined by commas
    target_s = models.PositiveIntegerField(
        _("promise, in seconds of opening hours"),
        validators=[validate_promise],
    )
    is_long = models.BooleanField(default=False, db_default=False, editable=False)  # kept by `routing/fronts.py`

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(fields=["queue", "service_class", "skills"], name="lane_unique"),
            models.CheckConstraint(condition=Q(target_s__gt=0), name="lane_promises_something"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} · {self.service_class}"

    @property
    def skill_set(self) -> frozenset[str]:
        """The skills its work needs."""
        return frozenset(code for code in self.skills.split(",") if code)


class Need(models.Model):
    """What whoever takes certain work must be able to do besides what its kind asks for; empty parts mean any.

    It holds for what comes from now on: work that waits already stays in its lane.
    """

    queue = models.ForeignKey(
        Queue,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=pgettext_lazy("of waiting work", "queue"),
    )
    procedure = models.ForeignKey(
        "procedures.Procedure",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("procedure"),
    )
    channel = models.CharField(_("channel"), max_length=12, blank=True, default="")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="needs", verbose_name=_("skill"))
    level = models.PositiveSmallIntegerField(_("how well"), choices=Level, default=Level.GETS_BY)

    class Meta:
        verbose_name = _("skill that work needs")
        verbose_name_plural = _("skills that work needs")
        constraints = [
            models.CheckConstraint(
                condition=Q(queue__isnull=False) | Q(procedure__isnull=False) | ~Q(channel=""), name="need_of_something"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="need_level_known"),
        ]

    def __str__(self) -> str:
        parts = (self.queue, self.procedure, self.channel)
        return " · ".join([*(str(part) for part in parts if part), f"{self.skill} {self.level}"])
