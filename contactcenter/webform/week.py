"""Opening hours in words (pure): Mon–Fri 8:30 – 18:00."""

from django.utils.translation import gettext as _

from contactcenter.offices.hours import DAYS

Spans = list[list[str]]


def week_in_words(hours: dict[str, Spans]) -> tuple[str, ...]:
    """One line for each run of days that have the same hours."""
    return tuple(f"{_days(first, last)} {_spans(spans)}" for first, last, spans in _runs(hours))


def _runs(hours: dict[str, Spans]) -> list[tuple[str, str, Spans]]:
    """(first day, last day, spans) of neighbouring days with the same hours."""
    runs: list[tuple[str, str, Spans]] = []
    for number, day in enumerate(DAYS):
        spans = hours.get(day, [])
        if spans and runs and runs[-1][2] == spans and DAYS.index(runs[-1][1]) == number - 1:
            runs[-1] = (runs[-1][0], day, spans)
        elif spans:
            runs.append((day, day, spans))
    return runs


def _days(first: str, last: str) -> str:
    names = dict(zip(DAYS, (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")), strict=True))
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _spans(spans: Spans) -> str:
    return ", ".join(f"{_clock(start)} – {_clock(end)}" for start, end in spans)


def _clock(text: str) -> str:
    hour, minute = (int(part) for part in text.split(":")[:2])
    facts = {"hour": hour, "minute": minute}
    # Translators: a time on the hour, and one with minutes; French writes 8 h and 8 h 30
    return (_("%(hour)d:%(minute)02d") if minute else _("%(hour)d:00")) % facts
