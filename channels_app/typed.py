"""Days and hours out of forms: as browsers send them, or as people type them where a browser has no calendar."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from contactcenter.errors import InvalidError

_DAY = forms.DateField(input_formats=["%Y-%m-%d", "%d/%m/%Y"])
_HOUR = forms.DateTimeField(input_formats=["%d/%m/%Y %H:%M"])  # beside what ISO 8601 has


def day_of(text: str) -> date:
    """A day; InvalidError, saying how to write one, for anything else."""
    try:
        day: date = _DAY.clean(text)
    except ValidationError as error:
        raise InvalidError(gettext("Say on which day, as in 31/05/2026.")) from error
    return day


def hour_of(text: str) -> datetime:
    """A day and an hour, by the clock of the time zone that is set; InvalidError as above."""
    try:
        hour: datetime = _HOUR.clean(text)
    except ValidationError as error:
        raise InvalidError(gettext("Say when: a day and an hour, as in 31/05/2026 14:30.")) from error
    return hour
