"""Reply templates in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contactcenter.desk.models import ReplyTemplate

WHICH_LANGUAGE = {
    "required": _("Choose the language of the text: the template is proposed to who is answered in it."),
    "invalid_choice": _("“%(value)s” is no language that we know: choose one of the list."),
}


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin[ReplyTemplate]):
    """Words for answers that are given often."""

    list_display = ("title", "language")
    list_filter = ("language",)

    def formfield_for_choice_field(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.TypedChoiceField | None:
        """The language, with sentences that say what to do."""
        return super().formfield_for_choice_field(db_field, request, error_messages=WHICH_LANGUAGE, **kwargs)
