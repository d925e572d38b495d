"""The catalogue in the admin: a version is prepared as a draft and published, or refused with what is missing."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.services import FIELDS, ParityError, publish


@admin.register(Procedure)
class ProcedureAdmin(admin.ModelAdmin[Procedure]):
    """Codes and their place on the portal."""

    list_display = ("code", "position", "withdrawn_at")


class VersionForm(ModelForm[ProcedureVersion]):
    """A draft; publishing is an action of its own."""

    class Meta:
        model = ProcedureVersion
        fields = ("procedure", "number", *FIELDS)


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(admin.ModelAdmin[ProcedureVersion]):
    """Drafts can be changed; what is published can only be read."""

    form = VersionForm
    list_display = ("procedure", "number", "published_at", "silence_effect", "silence_months")
    list_filter = ("procedure",)
    actions = ("publish_chosen",)

    def has_change_permission(self, request: HttpRequest, obj: ProcedureVersion | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request: HttpRequest, obj: ProcedureVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    @admin.action(description=_("Publish"))
    def publish_chosen(self, request: HttpRequest, chosen: QuerySet[ProcedureVersion, Any]) -> None:
        """Publish each chosen draft, or say what it lacks."""
        for version in chosen.filter(published_at=None).select_related("procedure"):
            try:
                publish(version)
            except ParityError as error:
                self.message_user(request, str(error), level=messages.ERROR)
            else:
                self.message_user(request, _("%(version)s is published.") % {"version": version})
