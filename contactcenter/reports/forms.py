"""What a supervisor may ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contactcenter.reports.staffing import Question


class StaffingForm(forms.Form):
    """How many calls, how long they last, and what is promised; minutes where people think in minutes."""

    calls = forms.FloatField(label=_("Calls in an hour"), min_value=1, max_value=5000, initial=120)
    handling = forms.FloatField(
        label=_("A call lasts, with its after-work (minutes)"), min_value=0.1, max_value=120, initial=6
    )
    patience = forms.FloatField(
        label=_("Callers wait before they give up (minutes on average)"),
        help_text=_("Empty: nobody ever gives up (Erlang C)."),
        min_value=0.1,
        max_value=240,
        initial=10,
        required=False,
    )
    within = forms.FloatField(label=_("Answered within (seconds)"), min_value=0, max_value=3600, initial=180)
    goal = forms.FloatField(label=_("of the calls, at least (%)"), min_value=1, max_value=99.9, initial=85)

    @classmethod
    def asked(cls, data: Any) -> "StaffingForm":
        """The form as it was sent, or with its first question where nothing was."""
        if any(name in data for name in cls.base_fields):
            return cls(data)
        return cls({name: field.initial for name, field in cls.base_fields.items()})

    def question(self) -> Question:
        """The question in seconds and shares. Needs `is_valid()`."""
        told = self.cleaned_data
        return Question(
            calls=told["calls"],
            handling_s=told["handling"] * 60,
            patience_s=told["patience"] * 60 if told["patience"] else None,
            within_s=told["within"],
            goal=told["goal"] / 100,
        )
