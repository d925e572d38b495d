"""Holds: from when to when a person in conversation heard the hold music."""

from django.db import models
from django.db.models import F, Q


class Hold(models.Model):
    """One hold of a call, by whose hand, and what ended it; the one that goes on has no end."""

    class End(models.TextChoices):
        """What ended it."""

        RESUMED = "resumed", "resumed"  # person and agent heard each other again
        LINE = "line", "line"  # the agent's line was bad, and is dialled anew
        PASSED_ON = "passed_on", "passed on"
        LEFT = "left", "left"  # who had put them on hold left; a colleague talks on, or they wait for another
        OVER = "over", "over"  # the call ended

    call = models.ForeignKey("ivr.Call", on_delete=models.CASCADE, related_name="holds")
    actor = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=12, choices=End, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(ended_at=None), name="hold_one_open_per_call"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="hold_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, why_ended="")
                | Q(ended_at__isnull=False, why_ended__in=["resumed", "line", "passed_on", "left", "over"]),
                name="hold_ended_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"hold of call {self.call_id}"
