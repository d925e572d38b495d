"""Numbers as people read them."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """0.853 as 85,3 %; a dash where there is nothing to divide by."""
    return "–" if value is None else f"{number_format(round(value * 100, 1), 1)}\u00a0%"


@register.filter
def times(value: float | None) -> str:
    """How many times a promise: 0,86; a dash where nothing was promised."""
    return "–" if value is None else str(number_format(round(value, 2), 2))


@register.filter
def span(seconds: float | None) -> str:
    """Seconds as people say them: 45 s, 2 min 48, 3 h 05, 4 days."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return _("%(seconds)d s") % {"seconds": whole}
    if whole < 3600:
        return _("%(minutes)d min %(seconds)02d") % {"minutes": whole // 60, "seconds": whole % 60}
    if whole < 48 * 3600:
        return _("%(hours)d h %(minutes)02d") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}
    return _("%(days)d days") % {"days": whole // 86400}
