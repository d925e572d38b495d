"""Queues, their promises, skills and agents in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter import channel
from contactcenter.routing.lanes import arrives_only_in
from contactcenter.routing.models import Agent, AgentSkill, Lane, Need, Queue, Skill
from contactcenter.routing.selectors import still_asked_for


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
    """A queue; an office's new work arrives in one of them: ticking it in one unticks it in the other."""

    class Meta:
        help_texts = {"arrives_here": gettext_lazy("An office has one such queue: ticking it here unticks the other.")}

    def clean(self) -> dict[str, Any]:
        """No office is left without a queue for its new work: its first is that by itself."""
        facts = super().clean() or self.cleaned_data
        office, ticked = facts.get("office"), facts.get("arrives_here")
        before = Queue.objects.filter(pk=self.instance.pk, arrives_here=True).select_related("office").first()
        if before and not (ticked and office == before.office):
            told = _(
                "New work of %(office)s arrives here. Tick the queue where it shall instead: that unticks this one."
            )
            self.add_error("arrives_here", told % {"office": before.office})
        elif office and not ticked and not office.queues.exists():
            facts["arrives_here"] = True
        elif office and not ticked and not office.queues.filter(arrives_here=True).exists():
            told = _("New work of %(office)s arrives nowhere. Tick it here.")
            self.add_error("arrives_here", told % {"office": office})
        return facts

    def _get_validation_exclusions(self) -> set[str]:
        """Two queues may be ticked until this one is saved, which unticks the other."""
        return {*super()._get_validation_exclusions(), "arrives_here"}  # type: ignore[misc]


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin[Queue]):
    """An office's queue: whether its writing is offered, how one may choose, the cap, the wrap-up."""

    list_display = ("name", "office", "arrives_here", "offers_written", "choosing", "cap", "wrap_up_s")
    list_filter = ("office",)
    form = QueueForm
    prepopulated_fields = {"slug": ("name",)}
    inlines = (LaneInline,)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A queue more takes over the arrivals only where that is ticked."""
        return {"arrives_here": False, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Queue, form: Any, change: bool) -> None:
        """The one takes over from the other."""
        if obj.arrives_here:
            arrives_only_in(obj)
        super().save_model(request, obj, form, change)


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin[Skill]):
    """What an agent can do; a language is a skill whose code is its two letters."""

    list_display = ("code", "label")

    def get_readonly_fields(self, request: HttpRequest, obj: Skill | None = None) -> tuple[str, ...]:
        """Lanes name a skill by its code: another one would leave what waits in them to nobody."""
        return ("code",) if obj else ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is still asked for does not go."""
        *found, protected = super().get_deleted_objects(objs, request)
        return (*found, [*protected, *(told for skill in objs if (told := still_asked_for(skill)))])


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
    """An agent's skills, capacity and telephone; presence is said at the desk.

    Stories name an agent by number: so it stays the same user's, who is closed when they leave, and is never deleted.
    """

    form = AgentForm
    list_display = ("user", "presence", "since")
    inlines = (AgentSkillInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        return False
