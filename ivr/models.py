"""Calls with their legs, and the commands that wait to be carried to the provider."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contactcenter.crypto import EncryptedTextField
from ivr.lines import Line, Recording  # noqa: F401  # Django looks for models here

CHANNEL = "phone"


class CallState(models.TextChoices):
    """Where a call stands with us; the provider's own status is only a hint of it."""

    MENU = "menu", "menu"
    WAITING = "waiting", "waiting"
    RECORDING = "recording", "recording"
    CONNECTING = "connecting", "connecting"
    CONNECTED = "connected", "connected"
    ENDED = "ended", "ended"


class CallQuerySet(models.QuerySet["Call"]):
    """Calls as those read them who change them."""

    def locked(self, pk: int) -> "Call":
        """The row as it is now, held; what was read before may be old."""
        return self.select_for_update(no_key=True, of=("self",)).select_related("ticket").get(pk=pk)


class Call(models.Model):
    """One conversation on the telephone, coming in or going out. `sid` is the person's leg at the provider."""

    sid = models.CharField(max_length=64, unique=True, null=True)
    outgoing = models.BooleanField(default=False)
    number = EncryptedTextField(blank=True, default="")  # the person's, E.164; "" where it was withheld
    line = models.CharField(max_length=32, blank=True)  # ours
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="calls")
    language = models.CharField(max_length=8, default="fr")
    slow = models.BooleanField(default=False)  # three times the time for each answer: by key, or known of the number
    state = models.CharField(max_length=12, choices=CallState, default=CallState.MENU)
    choice = models.CharField(max_length=12, blank=True)  # what a waiting caller keyed: callback or message
    work_item_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    started_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    credit_s = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # waited in earlier calls about the same, counted again
    place_told = models.PositiveIntegerField(null=True, blank=True)
    longest_told_min = models.PositiveSmallIntegerField(null=True, blank=True)  # 0: longer than can be said
    connected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="call_ended_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    @property
    def room(self) -> str:
        """The conference in which person and agent meet."""
        return f"call-{self.pk}"

    @property
    def place_since(self) -> datetime:
        """Since when they count as waiting: earlier calls about the same are credited."""
        return (self.waiting_since or self.started_at) - timedelta(seconds=self.credit_s)

    def now(self, state: CallState) -> None:
        """Where the call stands now; one that is over stays so, whatever is told late."""
        if self.state != CallState.ENDED:
            self.state = state
            self.save(update_fields=["state"])


class Leg(models.Model):
    """An agent's end of a call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    sid = models.CharField(max_length=64, blank=True, db_index=True)
    to = models.CharField(max_length=120)
    agent_id = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"leg {self.pk} of call {self.call_id}"


class Command(models.Model):
    """Something to ask of the provider, carried by the `voice` process alone. `key` makes it unique."""

    class Kind(models.TextChoices):
        DIAL_AGENT = "dial_agent", "dial the agent's leg"
        DIAL_PERSON = "dial_person", "dial the person"
        MOVE = "move", "move the person's leg to another document"
        HANG_UP = "hang_up", "end a leg"
        SMS = "sms", "send a text message"
        FETCH = "fetch", "fetch a recording"

    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120, unique=True)
    rank = models.PositiveSmallIntegerField(default=5)  # the smaller goes first: agents' legs before callbacks
    call = models.ForeignKey(Call, on_delete=models.CASCADE, null=True, blank=True, related_name="commands")
    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, null=True, blank=True, related_name="commands")
    argument = EncryptedTextField(blank=True, default="")
    delivery_id = models.BigIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["rank", "due_at", "id"], condition=Q(done_at=None), name="command_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Pace(models.Model):
    """When a leg was last dialled, for all processes together: at most one call a second."""

    name = models.CharField(max_length=20, unique=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WrongCode(models.Model):
    """A wrong personal code, keyed on a telephone; neither the reference nor the number can be read from it."""

    reference_index = models.CharField(max_length=64, db_index=True)
    number_index = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"wrong code {self.pk}"


class SlowNumber(models.Model):
    """A number whose callers get three times the time for each answer: they asked for it, or a relay calls from it."""

    number_index = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"unhurried number {self.pk}"
