"""Calls with their legs, and the commands that wait to be carried to the provider."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter import rows
from contactcenter.compiled import Compiled
from contactcenter.crypto import EncryptedTextField
from ivr.holds import Hold  # noqa: F401  # Django looks for models here
from ivr.lines import Announcement, Line, Recording  # noqa: F401
from ivr.tapes import Tape, TapeNotice, TapeRule  # noqa: F401

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
        call = _LOCKED.first(pk)
        if call is None:
            raise Call.DoesNotExist
        return call

    def known(self, pk: int) -> "Call | None":
        """The call with this number of ours, with its ticket."""
        return _BY_NUMBER.first(pk)

    def named(self, sid: str) -> "Call | None":
        """The call with this id at the provider, with its ticket."""
        return _BY_SID.first(sid) if sid else None

    def lock_one(self, *, work_item_id: int) -> "Call | None":
        """The unfinished call of a work item, held; None where there is none."""
        return self.held().filter(work_item_id=work_item_id).exclude(state=CallState.ENDED).first()

    def held(self) -> "CallQuerySet":
        """Held until the transaction ends, with their tickets."""
        return self.select_for_update(no_key=True, of=("self",)).select_related("ticket")


class Call(models.Model):
    """One conversation on the telephone, coming in or going out. `sid` is the person's leg at the provider."""

    sid = models.CharField(max_length=64, unique=True, null=True)
    outgoing = models.BooleanField(default=False)
    number = EncryptedTextField(blank=True, default="")  # the person's, E.164; "" where it was withheld
    line = models.CharField(max_length=32, blank=True)  # ours
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="calls")
    language = models.CharField(max_length=8, default="fr")
    # three times the time for each answer: by key, or known of the number
    slow = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=12, choices=CallState, default=CallState.MENU)
    # the procedure's code, of a call that started on an earlier request
    about = models.CharField(max_length=40, blank=True, default="", db_default="")
    choice = models.CharField(max_length=12, blank=True)  # what a waiting caller keyed, or what closing chose for them
    announcement_heard = models.BigIntegerField(null=True, blank=True)  # the last announcement that was said to them
    work_item_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    started_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    # waited in earlier calls about the same, counted again
    credit_s = models.PositiveSmallIntegerField(default=0, db_default=0)
    place_told = models.PositiveIntegerField(null=True, blank=True)
    longest_told_min = models.PositiveSmallIntegerField(null=True, blank=True)  # 0: longer than can be said
    connected_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)  # since when they are on hold now; every hold is a row
    missed = models.BooleanField(default=False, db_default=False)  # we called the person, and did not reach them
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
    def opened_its_request(self) -> bool:
        """Whether it is about a request of its own, which has the call's moment; else it joined one that was there."""
        return self.ticket.opened_at == self.started_at

    @property
    def place_since(self) -> datetime:
        """Since when they count as waiting: earlier calls about the same are credited."""
        return (self.waiting_since or self.started_at) - timedelta(seconds=self.credit_s)

    def now(self, state: CallState) -> None:
        """Where the call stands now; one that is over stays so, whatever is told late."""
        if self.state != CallState.ENDED:
            self.state = state
            rows.change(self, "state")


_LOCKED = Compiled(lambda pk: Call.objects.held().filter(pk=pk))
_BY_NUMBER = Compiled(lambda pk: Call.objects.filter(pk=pk).select_related("ticket"))
_BY_SID = Compiled(lambda sid: Call.objects.filter(sid=sid).select_related("ticket"))


class Leg(models.Model):
    """One end of a call beside the person's: an agent's, a supervisor's, an interpreter's. It may outlive its call.

    `sid` is the leg's id at the provider, `answered_at` when somebody took it up, `joined_at` when it came into the
    conversation. `digit` is what its agent must hear and key to prove the line. An agent's leg that stays up between
    calls has a row for each: with the call that it served its times there, and one without a call that stands.
    """

    class Kind(models.TextChoices):
        AGENT = "agent", _("agent")
        SUPERVISOR = "supervisor", _("supervisor")
        THIRD_PARTY = "third_party", _("third party")

    class Mode(models.TextChoices):
        """How a supervisor is there: heard by nobody, by the agent alone, by everybody."""

        LISTEN = "listen", _("listens")
        WHISPER = "whisper", _("whispers to the agent")
        BARGE = "barge", _("takes part")

    call = models.ForeignKey(Call, on_delete=models.SET_NULL, related_name="legs", null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.AGENT, db_default=Kind.AGENT)
    sid = models.CharField(max_length=64, blank=True, db_index=True)
    to = EncryptedTextField()
    agent_id = models.BigIntegerField(null=True, blank=True)
    mode = models.CharField(max_length=8, choices=Mode, blank=True, default="", db_default="")
    digit = models.CharField(max_length=1, blank=True, default="", db_default="")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    muted = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    stands_since = models.DateTimeField(null=True, blank=True)  # up since an earlier call; None: dialled for its call
    ended_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)  # its end by the provider's clock, where that told us
    # lost, caller_left, unproved, swapped, passed_on, given_back, away, idle
    why_ended = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["agent", "supervisor", "third_party"]), name="leg_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="supervisor", mode__in=["listen", "whisper", "barge"])
                | (~Q(kind="supervisor") & Q(mode="")),
                name="leg_mode_is_a_supervisors",
            ),
        ]

    def __str__(self) -> str:
        return f"leg {self.pk} of call {self.call_id}"


class ThirdParty(models.Model):
    """Somebody whom some offices may bring into a conversation: an interpreter, the competent office. See the admin."""

    class Role(models.TextChoices):
        INTERPRETER = "interpreter", _("interpreter")
        OFFICE = "office", _("competent office")

    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("who they are"), max_length=12, choices=Role)
    languages = models.CharField(_("languages of an interpreter, as in ar, ps"), max_length=80, blank=True)
    offices = models.ManyToManyField(
        "offices.Office", related_name="third_parties", verbose_name=_("offices that may call them")
    )
    number = EncryptedTextField(_("number or SIP address"))
    closed_at = models.DateTimeField(_("not called any more since"), null=True, blank=True)

    class Meta:
        verbose_name = _("third party")
        verbose_name_plural = _("third parties")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["interpreter", "office"]), name="third_party_role_known")
        ]

    def __str__(self) -> str:
        return self.name

    def speaks(self, language: str) -> bool:
        """Whether they interpret this language."""
        return language in self.languages.replace(",", " ").split()


class LineProof(models.Model):
    """That somebody at this line heard us and was heard, which holds for four hours; a bad line forgets it."""

    agent_id = models.BigIntegerField(default=0)  # 0: the service token's own
    line_index = models.CharField(max_length=64)  # blind index of the number or address
    proved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent_id", "line_index"], name="line_proof_once_per_line")]

    def __str__(self) -> str:
        return f"line of agent {self.agent_id}"


class StandingLine(models.Model):
    """That an agent keeps their line open between calls; without a row each call dials them anew."""

    agent_id = models.BigIntegerField(unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"standing line of agent {self.agent_id}"


class Command(models.Model):
    """Something to ask of the provider, carried by the `voice` process alone. `key` makes it unique."""

    class Kind(models.TextChoices):
        DIAL_LEG = "dial_agent", "dial the leg of an agent, a supervisor or a third party"
        DIAL_PERSON = "dial_person", "dial the person"
        MOVE = "move", "move the person's leg to another document"
        MOVE_LEG = "move_leg", "move another leg to another document"
        HANG_UP = "hang_up", "end a leg"
        HOLD = "hold", "let the person hear the hold music, or no longer"
        MUTE = "mute", "silence a leg in the conversation, or no longer"
        COACH = "coach", "change who hears a supervisor"
        SMS = "sms", "send a text message"
        FETCH = "fetch", "fetch a recording"
        DELETE = "delete", "delete the provider's copy of a recording"
        TAPE = "tape", "have a conversation recorded, paused or no longer"
        FETCH_TAPE = "fetch_tape", "fetch the recording of a conversation"

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
    """When something was last done, for all processes together: a leg dialled, the provider asked what we missed."""

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

    class Meta:
        verbose_name = _("number whose callers get more time")
        verbose_name_plural = _("numbers whose callers get more time")

    def __str__(self) -> str:
        return f"unhurried number {self.pk}"


class Dialled(models.Model):
    """How often a number (by its blind index) or a country's prefix was called on a day."""

    day = models.DateField()
    key = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "key"], name="dialled_once_per_day_and_key")]

    def __str__(self) -> str:
        return f"{self.day} {self.key[:8]}"


class Claim(models.Model):
    """What a caller said of themselves by keys while waiting; it helps the agent, and proves nothing by itself."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=20)
    value = EncryptedTextField()
    agrees = models.BooleanField(default=False)  # with what we hold of the person whose request it is
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["birth_date", "foreigner_number"]), name="claim_kind_known")
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Told(models.Model):
    """A request of the provider that we answered, should it be made again: its mark, and what we said."""

    key = models.CharField(max_length=64, unique=True)
    answer = EncryptedTextField(blank=True, default="")
    told_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.key[:8]


class Promise(models.Model):
    """That a callback comes within an hour that was named; kept once the person is called."""

    work_item_id = models.BigIntegerField(unique=True)
    office_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="promise_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["office_id", "starts_at"], name="promise_by_hour"),
            models.Index(fields=["ends_at"], condition=Q(kept_at=None), name="promise_not_kept"),
        ]

    def __str__(self) -> str:
        return f"promise for work item {self.work_item_id}"
