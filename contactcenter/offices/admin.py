"""Offices and their doors in the admin."""

from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contactcenter.offices import hours
from contactcenter.offices.models import Closure, Door, Office
from contactcenter.offices.weeks import WeekField

HELP = {
    "address": _("A line's number as +33199000000, a mailbox as name@example.org, else a postal address."),
    "hours": _(
        "When somebody is there, a line for each day or for several: mon-fri 8:30-12:30 13:30-18:00. A door without"
        " hours does not count as open."
    ),
    "closed_at": _("Empty while it is open. Procedures that would then need the Internet raise an alarm."),
}


class DoorInline(admin.StackedInline[Door, Office]):
    """The doors of an office below it."""

    model = Door
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Each field says how it is written."""
        if db_field.name in HELP:
            kwargs["help_text"] = HELP[db_field.name]
        if db_field.name == "hours":
            return WeekField(required=False, label=db_field.verbose_name, help_text=HELP["hours"])
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class Closures(BaseInlineFormSet[Closure, Office, ModelForm[Closure]]):
    """The closures of an office, each day in one of them alone: else who takes one away reopens nothing."""

    def clean(self) -> None:
        super().clean()
        told = [form for form in self.forms if {"first_day", "last_day"} <= form.cleaned_data.keys()]
        kept = [form for form in told if not form.cleaned_data.get("DELETE")]
        for before, form in pairwise(sorted(kept, key=lambda one: one.cleaned_data["first_day"])):
            if form.cleaned_data["first_day"] <= before.cleaned_data["last_day"]:
                refused = gettext("Closed already (%(other)s): change that line, or begin later.")
                form.add_error("first_day", refused % {"other": before.instance})


class ClosureInline(admin.TabularInline[Closure, Office]):
    """Days on which the office is closed."""

    model = Closure
    formset = Closures
    extra = 0


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin[Office]):
    """An office with its doors."""

    list_display = ("name", "service", "phone", "email")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (DoorInline, ClosureInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Doors count from the next click on."""
        super().save_related(request, form, formsets, change)
        hours.forget()
