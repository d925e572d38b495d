"""The catalogue in the admin: a version is prepared as a draft and published, or refused with what is missing."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contactcenter.errors import DomainError
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.rules import NATURES, WAYS_IN, WAYS_OUT, mistakes
from contactcenter.procedures.services import FIELDS, draft_from, next_number, publish

HELP = {
    "name": _('As people name what they need: {"fr": "…", "en": "…"}.'),
    "legal_natures": _('By way, or for any: {"any": "assistance", "counter": "application"}. Known are: %(known)s.'),
    "channels_in": _("A list of ways, such as %(known)s."),
    "channels_out": _("A list of ways, such as %(known)s."),
    "pieces": _('A list: [{"code": "photo", "fr": "…", "en": "…", "required": true}].'),
}
KNOWN = {"legal_natures": NATURES, "channels_in": WAYS_IN, "channels_out": WAYS_OUT}


@admin.register(Procedure)
class ProcedureAdmin(admin.ModelAdmin[Procedure]):
    """Codes and their place on the portal."""

    list_display = ("code", "position", "withdrawn_at")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """No address fills in a new one: Django takes its word for a date unread, and breaks."""
        return {}

    def get_readonly_fields(self, request: HttpRequest, obj: Procedure | None = None) -> tuple[str, ...]:
        """A code stays: links and forms name it."""
        return ("code",) if obj else ()


class VersionForm(ModelForm[ProcedureVersion]):
    """A draft, checked as the catalogue's file is; publishing is an action of its own."""

    class Meta:
        model = ProcedureVersion
        fields = ("procedure", *FIELDS)
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in KNOWN.items():
            if name in self.fields:
                self.fields[name].help_text = str(HELP[name]) % {"known": ", ".join(sorted(known))}

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if not self.errors:
            for sentence in mistakes({name: facts[name] for name in FIELDS if facts.get(name) is not None}):
                self.add_error(None, sentence[0].upper() + sentence[1:] + ".")
        return facts


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(admin.ModelAdmin[ProcedureVersion]):
    """Drafts can be changed; what is published can only be read."""

    form = VersionForm
    list_display = ("procedure", "number", "published_at", "silence_effect", "silence_months")
    list_filter = ("procedure",)
    actions = ("publish_chosen", "prepare_next")

    def has_change_permission(self, request: HttpRequest, obj: ProcedureVersion | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request: HttpRequest, obj: ProcedureVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def save_model(self, request: HttpRequest, obj: ProcedureVersion, form: Any, change: bool) -> None:
        """A new draft has the next number."""
        if not change:
            obj.number = next_number(obj.procedure)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Publish"))
    def publish_chosen(self, request: HttpRequest, chosen: QuerySet[ProcedureVersion, Any]) -> None:
        """Publish each chosen draft, or say what it lacks."""
        for version in chosen.filter(published_at=None).select_related("procedure"):
            try:
                publish(version)
            except DomainError as error:
                self.message_user(request, str(error), level=messages.ERROR)
            else:
                self.message_user(request, _("%(version)s is published.") % {"version": version})

    @admin.action(description=_("Prepare a new version from this one"))
    def prepare_next(self, request: HttpRequest, chosen: QuerySet[ProcedureVersion, Any]) -> None:
        """What is published never changes; its copy can."""
        for version in chosen.select_related("procedure"):
            facts = {"version": draft_from(version)}
            self.message_user(request, _("%(version)s is a draft now: change it, then publish it.") % facts)
