"""Conversations that are recorded, where an office turned that on: its rule, who was told of it, each tape.

Off unless somebody turns it on. What a person may rely on (a limited time, being told, the right to refuse) and where
it comes from is in `docs/decisions/0042-recorded-conversations.md`.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter.crypto import EncryptedTextField

MOST_DAYS = 180  # the six months that the CNIL gives


class TapeRule(models.Model):
    """Whether an office records conversations, how many of them, and for how long they are kept."""

    office = models.OneToOneField(
        "offices.Office", on_delete=models.CASCADE, related_name="tape_rule", verbose_name=gettext_lazy("office")
    )
    on = models.BooleanField(gettext_lazy("conversations are recorded"), default=False)
    share = models.PositiveSmallIntegerField(
        gettext_lazy("how many in a hundred"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=gettext_lazy("Chosen by lot. Recording all of them needs a law that asks for it."),
    )
    keep_days = models.PositiveSmallIntegerField(
        gettext_lazy("days for which a recording is kept"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=gettext_lazy(
            "At most 180. A shorter time also holds for what was recorded before; a longer one not."
        ),
    )
    staff_informed_on = models.DateField(
        gettext_lazy("day on which those who answer and their representatives had been informed"), null=True, blank=True
    )

    class Meta:
        verbose_name = gettext_lazy("recording of conversations")
        verbose_name_plural = gettext_lazy("recordings of conversations")
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="tape_rule_share_is_a_share"),
            models.CheckConstraint(condition=Q(keep_days__gte=1, keep_days__lte=180), name="tape_rule_keeps_not_long"),
            models.CheckConstraint(condition=Q(on=False) | Q(staff_informed_on__isnull=False), name="tape_rule_staff"),
        ]

    def __str__(self) -> str:
        return str(self.office)

    def clean(self) -> None:
        """Nobody records people who answer and do not know it."""
        if self.on and self.staff_informed_on is None:
            raise ValidationError({"staff_informed_on": _("Inform those who answer, and say since when they know.")})
        if self.staff_informed_on and self.staff_informed_on > timezone.localdate():
            raise ValidationError({"staff_informed_on": _("This day is still to come.")})


class TapeNotice(models.Model):
    """That a person heard that the conversation is recorded, and what they said to it."""

    call = models.OneToOneField("ivr.Call", on_delete=models.CASCADE, related_name="tape_notice")
    refused = models.BooleanField(default=False)
    told_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Tape(models.Model):
    """One recording of a conversation, from the moment it is wanted until it is erased.

    `sid` is its id at the provider; `pause` and `stop` are what is wanted, `state` is what the provider did. Its audio
    lies sealed under a `key` of its own: once the key is gone nobody can play a copy, wherever one is left.
    """

    class State(models.TextChoices):
        WANTED = "wanted", "wanted"
        RUNS = "runs", "runs"
        PAUSED = "paused", "paused"
        ENDED = "ended", "ended"  # its audio is still at the provider
        KEPT = "kept", "kept"
        ERASED = "erased", "erased"
        NONE = "none", "none"  # nothing was recorded

    class Pause(models.TextChoices):
        AGENT = "agent", "agent"
        HOLD = "hold", "hold"

    class Trouble(models.TextChoices):
        START = "start", "start"
        PAUSE = "pause", "pause"
        AUDIO = "audio", "audio"

    call = models.ForeignKey("ivr.Call", on_delete=models.PROTECT, related_name="tapes")
    sid = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=6, choices=State, default=State.WANTED)
    pause = models.CharField(max_length=5, choices=Pause, blank=True)
    stop = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)  # during the conversation: it is erased unheard
    trouble = models.CharField(max_length=5, choices=Trouble, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)  # bytes of audio
    file = models.CharField(max_length=40, blank=True)
    key = EncryptedTextField(blank=True, default="")
    keep_days = models.PositiveSmallIntegerField()  # as it was when the person was told
    keep_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "runs", "paused", "ended", "kept", "erased", "none"]),
                name="tape_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(keep_until__isnull=False), name="tape_is_not_kept_for_ever"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=["wanted", "runs", "paused"], stop=False),
                name="tape_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["keep_until"], condition=~Q(state__in=["erased", "none"]), name="tape_to_erase"),
        ]

    def __str__(self) -> str:
        return f"tape {self.pk}"

    @property
    def wants(self) -> "Tape.State":
        """What it should be doing."""
        if self.stop:
            return Tape.State.ENDED
        return Tape.State.PAUSED if self.pause else Tape.State.RUNS

    def end_at(self, at: datetime) -> None:
        """It ended then, and is kept from then on for the days that were promised."""
        self.ended_at = self.ended_at or at
        self.keep_until = self.ended_at + timedelta(days=self.keep_days)


LIVE = (Tape.State.WANTED, Tape.State.RUNS, Tape.State.PAUSED)
