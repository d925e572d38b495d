"""Who takes work: what an agent can do, whether they are there, and since when their silence counts."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.crypto import EncryptedTextField
from contactcenter.routing.validation import Level, validate_code


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
