"""Queues, their promises, skills and agents in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter import channel
from contactcenter.routing.models import Agent, AgentSkill, Lane, Need, Queue, Skill


class LaneInline(admin.TabularInline[Lane, Queue]):
    """The promises of a queue; only how soon may be changed, since what comes finds its lane by the rest."""

    model = Lane
    extra = 0
    can_delete = False
    fields = ("service_class", "skills", "target_s")
    readonly_fields = ("service_class", "skills")

    def has_add_permission(self, request: HttpRequest, obj: Queue | None = None) -> bool:
        return False


class QueueForm(ModelForm[Queue]):
    """A queue; an office's new work arrives in one of them."""

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        arriving = Queue.objects.filter(office=facts.get("office"), arrives_here=True).exclude(pk=self.instance.pk)
        if facts.get("arrives_here") and (other := arriving.first()):
            told = _("This office’s new work arrives in “%(queue)s”. Untick it there first, or here.")
            self.add_error("arrives_here", told % {"queue": other})
        return facts


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin[Queue]):
    """An office's queue: whether its writing is offered, how one may choose, the cap, the wrap-up."""

    list_display = ("name", "office", "arrives_here", "offers_written", "choosing", "cap", "wrap_up_s")
    list_filter = ("office",)
    form = QueueForm
    prepopulated_fields = {"slug": ("name",)}
    inlines = (LaneInline,)


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin[Skill]):
    """What an agent can do; a language is a skill whose code is its two letters."""

    list_display = ("code", "label")


class AgentSkillInline(admin.TabularInline[AgentSkill, Agent]):
    """What this agent can do, and how well."""

    model = AgentSkill
    extra = 1


class NeedForm(forms.ModelForm[Need]):
    """What certain work needs: of something, and of what somebody can do."""

    class Meta:
        model = Need
        fields = ("queue", "procedure", "channel", "skill", "level")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"] = forms.ChoiceField(
            label=gettext_lazy("channel"), required=False, choices=[("", "—"), *((one, one) for one in channel.names())]
        )

    def clean(self) -> dict[str, Any]:
        """Something it is for, and somebody who can do it: else the work would wait for ever."""
        facts = super().clean() or self.cleaned_data
        if not (facts.get("queue") or facts.get("procedure") or facts.get("channel")):
            raise forms.ValidationError(_("Say whose work needs it: a queue, a procedure, a channel, or several."))
        able = AgentSkill.objects.filter(skill=facts.get("skill"), level__gte=facts.get("level") or 1)
        if facts.get("skill") and not able.filter(agent__user__is_active=True).exists():
            self.add_error(
                "skill", _("Nobody can do this so well yet, and the work would wait for ever: say first who.")
            )
        return facts


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin[Need]):
    """Skills that the work of a procedure, a channel or a queue needs, and how well."""

    form = NeedForm
    list_display = ("skill", "level", "queue", "procedure", "channel")
    list_filter = ("queue",)


class AgentForm(forms.ModelForm[Agent]):
    """An agent, with a telephone that the phone can dial."""

    class Meta:
        model = Agent
        fields = ("user", "capacity", "phone")
        widgets = {"phone": forms.TextInput}

    def clean_phone(self) -> str:
        """A number, a SIP address or a browser; the phone knows which."""
        line: str = self.cleaned_data["phone"].strip()
        is_line = getattr(channel.get("phone"), "is_line", None) if "phone" in channel.names() else None
        if line and is_line and not is_line(line):
            raise forms.ValidationError(_("Write +33199000000, sip:name@place or client:name; none that costs extra."))
        return line


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin[Agent]):
    """An agent's skills, capacity and telephone; presence is said at the desk."""

    form = AgentForm
    list_display = ("user", "presence", "since")
    inlines = (AgentSkillInline,)
