"""A week's hours as people write them, `lun-ven 8:30-12:30 13:30-18:00`, to what we keep and back."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from contactcenter.offices.hours import DAYS

Kept = dict[str, list[list[str]]]

FRENCH = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
SHORT = {short: DAYS[number] for names in (DAYS, FRENCH) for number, short in enumerate(names)}
_WORD = re.compile(r"[^\W\d_]+|-|–|,")
_THROUGH = frozenset({"-", "–", "au", "à", "to"})
_BESIDE = frozenset({",", "et", "and"})
_TIME = r"(\d{1,2})(?:[:hH](\d{2})?)?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|à|to)\s*{_TIME}")
_LINE = re.compile(r"(\D+?)\s*:?\s*(\d.*)")


def as_text(week: Kept) -> str:
    """A line for each day on which somebody is there."""
    named = {day: str(WEEKDAYS_ABBR[number]).rstrip(".") for number, day in enumerate(DAYS)}
    lines = [(named[day], " ".join("-".join(span) for span in week[day])) for day in DAYS if week.get(day)]
    return "\n".join(f"{day} {spans}" for day, spans in lines)


def as_week(text: str) -> Kept:
    """What the lines say; ValidationError names the line that cannot be read."""
    week: Kept = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _LINE.fullmatch(line)
        days = _days(parts[1]) if parts else []
        spans = _spans(parts[2]) if parts else []
        if not days or not spans:
            told = _("“%(line)s” cannot be read: write days and times, such as mon-fri 8:30-12:30 13:30-18:00.")
            raise ValidationError(told % {"line": line})
        for day in days:
            week.setdefault(day, []).extend(spans)
    return week


def _days(text: str) -> list[str]:
    """The days that are named, with those between; none where a word is no day, or a span runs backwards."""
    days: list[str] = []
    through = False
    for word in _WORD.findall(text.lower()):
        if word in _THROUGH or word in _BESIDE:
            through = word in _THROUGH
            continue
        day = SHORT.get(word[:3], "")
        first = DAYS.index(days[-1]) + 1 if through and days else DAYS.index(day or DAYS[0])
        named = DAYS[first : DAYS.index(day) + 1] if day else ()
        if not named:
            return []
        days.extend(named)
        through = False
    return days


def _spans(text: str) -> list[list[str]]:
    """The spans, from–to; none where something else stands between them."""
    if re.sub(r"[\s,;]|et|and", "", _SPAN.sub("", text)):
        return []
    return [[_clock(*found[:2]), _clock(*found[2:])] for found in _SPAN.findall(text)]


def _clock(hour: str, minute: str) -> str:
    return f"{int(hour):02d}:{minute or '00'}"


class WeekField(forms.CharField):
    """Hours on a form, in words."""

    widget = forms.Textarea(attrs={"rows": 7, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        return as_text(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        return as_week(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True
