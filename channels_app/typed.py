"""Days and hours out of forms: as browsers send them, or as people type them where a browser has no calendar."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from contactcenter.errors import InvalidError

_DAY = forms.DateField(input_formats=["%Y-%m-%d", "%d/%m/%Y"])
_HOUR = forms.DateTimeField(input_formats=["%d/%m/%Y %H:%M"])  # beside what ISO 8601 has


def day_of(text: str) -> date:
    """A day; InvalidError, saying how to write one, for anything else."""
    day: date = _read(_DAY, text, gettext("Say on which day, as in 31/05/2026."))
    return day


def hour_of(text: str) -> datetime:
    """A day and an hour, by the clock of the time zone that is set; InvalidError as above."""
    hour: datetime = _read(_HOUR, text, gettext("Say when: a day and an hour, as in 31/05/2026 14:30."))
    return hour


def _read(field: forms.Field, text: str, how: str) -> Any:
    try:
        return field.clean(text)
    except ValidationError as error:
        raise InvalidError(how) from error
