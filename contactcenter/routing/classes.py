"""The standard promises: how soon, in opening hours, each class of service is answered (pure).

A lane copies its class's target when it is first used; an administrator may then change the lane's own.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HOUR = 3600

TARGETS_S: dict[str, int] = {
    "call": 180,  # a caller on the line, and a callback the caller chose, which keeps its place
    "abandoned": 4 * HOUR,  # a callback after an abandoned call: behind those who hold the line
    "immediate": 2 * HOUR,
    "urgent": 8 * HOUR,
    "priority": 24 * HOUR,
    "message": 16 * HOUR,
    "normal": 40 * HOUR,
    "paper": 40 * HOUR,
    "information": 80 * HOUR,
    "mailroom": 8 * HOUR,
    "undelivered": 4 * HOUR,
}

NAMES = {
    "call": pgettext_lazy("class of service", "calls"),
    "abandoned": pgettext_lazy("class of service", "callbacks after hanging up"),
    "immediate": _("immediate"),
    "urgent": _("urgent"),
    "priority": _("priority"),
    "message": _("message"),
    "normal": _("normal"),
    "paper": pgettext_lazy("class of service", "letters"),
    "information": _("information"),
    "mailroom": pgettext_lazy("class of service", "mailroom"),
    "undelivered": pgettext_lazy("class of service", "not delivered"),
}

SKILL_OF_KIND: dict[str, str] = {
    "call": "calls",
    "callback": "calls",
    "message": "writing",
    "undelivered": "writing",
    "follow_up": "writing",
    "scan_check": "mailroom",
    "letter_to_post": "mailroom",
}

# The class that work moves to so long before the date on which silence decides.
FASTER = ((timedelta(days=2), "immediate"), (timedelta(days=7), "urgent"))
LIVE_KINDS = frozenset({"call", "callback"})


def standard_class(kind: str, channel: str, wanted: str = "") -> str:
    """The service class of a work item: the procedure's where it asks for one, else by kind and channel."""
    if kind in LIVE_KINDS:
        return wanted if wanted in ("call", "abandoned") else "call"
    if kind in ("scan_check", "letter_to_post"):
        return "mailroom"
    if kind == "undelivered":
        return "undelivered"
    if kind == "follow_up":
        return "priority"
    if wanted in TARGETS_S:
        return wanted
    return "paper" if channel == "paper" else "message"


def rank(service_class: str) -> tuple[int, str]:
    """A place by the promise, the fastest first; a class that an administrator invented comes last, by name."""
    return TARGETS_S.get(service_class, max(TARGETS_S.values()) + 1), service_class


def skill_for(kind: str) -> str:
    """The skill a kind of work needs; writing for a kind we do not know."""
    return SKILL_OF_KIND.get(kind, "writing")


def with_levels(able: Iterable[tuple[str, int]]) -> frozenset[str]:
    """What an agent's skills cover, from pairs of code and level: `writing`, and `writing:1` up to their level."""
    return frozenset(known for code, level in able for known in (code, *(f"{code}:{n + 1}" for n in range(level))))
