"""What waits for a human, and who may take it.

A lane is queue × service class × set of required skills; its head is found by one partial index, so a pick costs the
number of lanes, not the length of the queue.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contactcenter.crypto import EncryptedTextField
from contactcenter.errors import InvalidError
from contactcenter.routing.validation import Level, validate_code, validate_promise


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


class Choosing(models.TextChoices):
    """Whether an agent may take a chosen work item out of its turn."""

    FREE = "free", _("freely")
    REASON = "reason", _("with a reason")
    NEVER = "never", _("never: whoever takes work takes the next")


class Presence(models.TextChoices):
    """Whether an agent is there for work."""

    AVAILABLE = "available", _("available")
    BUSY = "busy", _("busy")
    WRAP_UP = "wrap_up", _("wrap-up")
    AWAY = "away", _("away")
    OFFLINE = "offline", _("offline")


class Skill(models.Model):
    """Something an agent can do and a work item may need."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[validate_code],
        help_text=_("A language is its two letters, such as de."),
    )
    label = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.label


class Agent(models.Model):
    """A user who takes work, with their presence: one row, however many tabs they have open."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="agent", verbose_name=_("user"))
    skills = models.ManyToManyField(Skill, blank=True, related_name="agents", through="AgentSkill")
    capacity = models.PositiveSmallIntegerField(
        _("written work items in hand at once, at most (empty: no bound)"), null=True, blank=True
    )
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.OFFLINE)
    reason = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    phone = EncryptedTextField(_("telephone of the agent's leg"), blank=True, default="")  # E.164, sip: or client:

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [models.CheckConstraint(condition=Q(presence__in=Presence.values), name="agent_presence_known")]

    def __str__(self) -> str:
        return str(self.user)


class AgentSkill(models.Model):
    """How well an agent can do something."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="able")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="able", verbose_name=_("skill"))
    level = models.PositiveSmallIntegerField(_("how well"), choices=Level, default=Level.GETS_BY)

    class Meta:
        db_table = "routing_agent_skills"
        verbose_name = _("skill of the agent")
        verbose_name_plural = _("skills of the agent")
        unique_together = [("agent", "skill")]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="agent_skill_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class PresenceInterval(models.Model):
    """From when to when an agent was there or not, with the reason and who said so; the newest has no end.

    What an agent did while there is told by assignments and offers, so that busy time is counted once.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="intervals")
    state = models.CharField(max_length=10, choices=Presence)
    reason = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at=None), name="presence_one_open_per_agent"),
            models.CheckConstraint(condition=Q(state__in=Presence.values), name="presence_interval_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="presence_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["agent", "started_at"], name="presence_by_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class Pulse(models.Model):
    """When a process that reports agents' signs of life last came up: their silence is counted from then at most."""

    name = models.CharField(max_length=20, unique=True)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


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
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="work_items")
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING)
    enqueued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_from = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, blank=True, default="")
    interpreter_needed = models.BooleanField(default=False)
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
                fields=["due_from"], condition=Q(state=WorkState.SCHEDULED), name="work_item_scheduled_by_date"
            ),
            models.Index(
                fields=["lane"],
                condition=Q(state=WorkState.WAITING, interpreter_needed=True),
                name="work_item_for_interpreter",
            ),
            models.Index(fields=["ticket"], condition=~Q(state=WorkState.DONE), name="work_item_open_of_ticket"),
            models.Index(
                fields=["kind", "lane", "enqueued_at", "id"],
                condition=~Q(state=WorkState.DONE),
                name="work_item_open_of_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def step(self, to: WorkState) -> None:
        """Be in this state, if its life leads there from where it is; already there is no step. The caller saves."""
        if to != self.state and to not in NEXT[WorkState(self.state)]:
            raise WrongStepError(f"A work item that is {self.state} cannot become {to}.")
        self.state = to


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


LEASE = timedelta(minutes=20)
ASKED_AFTER = timedelta(minutes=15)  # with so much of a lease gone, the page asks whether one goes on
