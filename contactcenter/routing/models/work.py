"""What waits for a human, and the whole of its life."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.errors import InvalidError
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models.queues import Lane


class Kind(models.TextChoices):
    """The kinds of work items; an open list, so rows hold plain strings."""

    CALL = "call", _("call")
    CALLBACK = "callback", _("callback")
    MESSAGE = "message", _("message to answer")
    SCAN_CHECK = "scan_check", _("scan to check")
    LETTER_TO_POST = "letter_to_post", _("letter to post")
    UNDELIVERED = "undelivered", _("answer that could not be delivered")
    FOLLOW_UP = "follow_up", _("favourable decision without an appointment")


class WorkState(models.TextChoices):
    """Where a work item stands."""

    SCHEDULED = "scheduled", _("scheduled")
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("offered")
    ASSIGNED = "assigned", _("in hand")
    DONE = "done", _("done")


IN_HAND = (WorkState.ASSIGNED, WorkState.OFFERED)
NEXT: dict[WorkState, frozenset[WorkState]] = {
    WorkState.SCHEDULED: frozenset({WorkState.WAITING, WorkState.DONE}),
    WorkState.WAITING: frozenset({WorkState.OFFERED, WorkState.ASSIGNED, WorkState.SCHEDULED, WorkState.DONE}),
    WorkState.OFFERED: frozenset({WorkState.WAITING, WorkState.ASSIGNED, WorkState.SCHEDULED, WorkState.DONE}),
    WorkState.ASSIGNED: frozenset({WorkState.WAITING, WorkState.SCHEDULED, WorkState.DONE}),
    WorkState.DONE: frozenset(),
}


class WrongStepError(InvalidError):
    """A work item's life does not allow this step."""


class Stage(models.TextChoices):
    """How far a call in somebody's hands has come."""

    CONNECTING = "connecting", _("connecting")
    CONNECTED = "connected", _("in conversation")
    WRAP_UP = "wrap_up", _("wrap-up")


NEXT_STAGE: dict[str, frozenset[Stage]] = {
    "": frozenset({Stage.CONNECTING}),
    Stage.CONNECTING: frozenset({Stage.CONNECTED}),
    Stage.CONNECTED: frozenset({Stage.WRAP_UP}),
    Stage.WRAP_UP: frozenset(),
}


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Work items; the order within a lane is always the same."""

    def waiting(self) -> "WorkItemQuerySet":
        """Those that anybody with the skills may take."""
        return self.filter(state=WorkState.WAITING)

    def unfinished(self) -> "WorkItemQuerySet":
        """Those not done."""
        return self.exclude(state=WorkState.DONE)

    def in_lane_order(self) -> "WorkItemQuerySet":
        """The longest here first; ties by the date due, then by id."""
        return self.order_by("enqueued_at", "due_at", "id")

    def with_lane(self) -> "WorkItemQuerySet":
        """With what is needed to score and show them."""
        return self.select_related("lane__queue__office", "ticket__person")


class WorkItem(models.Model):
    """One thing that waits for a human. `enqueued_at` is when the person's waiting began, and survives every detour."""

    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=12)  # the work's own: a letter to post is paper, a callback phone
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="work_items")
    interaction = models.ForeignKey(
        "tickets.Interaction", on_delete=models.PROTECT, related_name="work_items", null=True, blank=True
    )
    delivery_id = models.BigIntegerField(null=True, blank=True)  # what it carries out (a letter, a callback)
    # Asked for by lane is only what waits, or what came or ended at some time: see the indexes below.
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="work_items", db_index=False)
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING)
    enqueued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_from = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, blank=True, default="")
    interpreter_needed = models.BooleanField(default=False)
    in_front = models.BooleanField(default=False, db_default=False, editable=False)  # see `routing/fronts.py`
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="work_item_state_known"),
            models.CheckConstraint(
                condition=~Q(state=WorkState.SCHEDULED) | Q(due_from__isnull=False), name="work_item_scheduled_has_date"
            ),
            models.CheckConstraint(
                condition=Q(state=WorkState.DONE, done_at__isnull=False)
                | (~Q(state=WorkState.DONE) & Q(done_at__isnull=True)),
                name="work_item_done_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(stage="") | Q(stage__in=Stage.values, state=WorkState.ASSIGNED),
                name="work_item_stage_in_hand",
            ),
            models.UniqueConstraint(
                fields=["interaction", "kind"],
                condition=~Q(state=WorkState.DONE) & Q(interaction__isnull=False),
                name="work_item_one_open_per_interaction",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "enqueued_at", "due_at", "id"],
                condition=Q(state=WorkState.WAITING),
                name="work_item_lane_heads",
            ),
            models.Index(
                fields=["lane", "enqueued_at", "due_at", "id"],
                condition=Q(state=WorkState.WAITING, in_front=True),
                name="work_item_lane_fronts",
            ),
            models.Index(
                fields=["lane", "enqueued_at", "due_at", "id"],
                condition=Q(state=WorkState.WAITING, kind__in=tuple(sorted(LIVE_KINDS))),
                name="work_item_live_waiting",
            ),
            models.Index(fields=["id"], condition=Q(state__in=IN_HAND), name="work_item_in_hand"),
            models.Index(
                fields=["due_from"], condition=Q(state=WorkState.SCHEDULED), name="work_item_scheduled_by_date"
            ),
            models.Index(
                fields=["lane"],
                condition=Q(state=WorkState.WAITING, interpreter_needed=True),
                name="work_item_for_interpreter",
            ),
            models.Index(
                fields=["kind", "lane", "enqueued_at", "id"],
                condition=~Q(state=WorkState.DONE),
                name="work_item_open_of_kind",
            ),
            models.Index(fields=["created_at", "lane"], name="work_item_by_arrival"),
            models.Index(fields=["done_at", "lane"], condition=Q(done_at__isnull=False), name="work_item_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def step(self, to: WorkState) -> None:
        """Be in this state, if its life leads there from where it is; already there is no step. The caller saves."""
        if to != self.state and to not in NEXT[WorkState(self.state)]:
            raise WrongStepError(f"A work item that is {self.state} cannot become {to}.")
        self.state = to

    def come_to(self, stage: Stage) -> None:
        """The same for how far a call in somebody's hands has come; out of these hands it begins anew."""
        if stage != self.stage and stage not in NEXT_STAGE[self.stage]:
            raise WrongStepError(f"A call that is {self.stage or 'in nobody’s hands'} cannot become {stage}.")
        self.stage = stage
