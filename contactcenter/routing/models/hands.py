"""In whose hands work is, or to whom it is offered; from when to when."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.routing.models.people import Agent
from contactcenter.routing.models.work import WorkItem

LEASE = timedelta(minutes=20)
ASKED_AFTER = timedelta(minutes=15)  # with so much of a lease gone, the page asks whether one goes on


class Assignment(models.Model):
    """An agent (or the service token) holds a work item, until release, done, or the lease's end.

    `lease_until` is None for a live call, whose lease is held by its legs; while the work is parked for a call
    (`parked_at`) its lease stands still. `interrupted` says that a call was offered meanwhile, which happens once.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="assignments")
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="assignments", null=True, blank=True, db_index=False
    )
    actor = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    started_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    interrupted = models.BooleanField(default=False)
    connected_at = models.DateTimeField(null=True, blank=True)
    wrap_up_at = models.DateTimeField(null=True, blank=True)
    chosen_because = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_item"], condition=Q(ended_at=None), name="assignment_one_open_per_work_item"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="assignment_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["agent"], condition=Q(ended_at=None), name="assignment_in_hand"),
            models.Index(fields=["lease_until"], condition=Q(ended_at=None), name="assignment_by_lease"),
            models.Index(fields=["agent", "ended_at"], name="assignment_by_agent"),  # since when they have been idle
        ]

    def __str__(self) -> str:
        return f"{self.holder} holds {self.work_item_id}"


class Parking(models.Model):
    """From when to when written work in hand was set aside for a call; what still is has no end."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="parkings")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(ended_at=None), name="parking_one_open_per_assignment"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="parking_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} set aside"


class Offer(models.Model):
    """Routing proposes a work item to one agent, for a while; meanwhile it is nobody else's."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="offers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_item"], condition=Q(ended_at=None), name="offer_one_open_per_work_item"
            ),
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at=None), name="offer_one_open_per_agent"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="offer_ended_has_its_outcome",
            ),
        ]
        indexes = [models.Index(fields=["agent", "-made_at"], name="offer_by_agent")]

    def __str__(self) -> str:
        return f"offer {self.pk}"
