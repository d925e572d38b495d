"""What is wrong with a request, in sentences: one for each member, in the reader's language, that says what to send."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By the kind of error that pydantic tells, or by that kind's first word.
SENTENCES: dict[str, Promise] = {
    "missing": gettext_lazy("“%(field)s” is missing: send it."),
    "string": gettext_lazy("Send “%(field)s” as text."),
    "int": gettext_lazy("Send “%(field)s” as a whole number."),
    "bool": gettext_lazy("Send “%(field)s” as true or false."),
    "list": gettext_lazy("Send “%(field)s” as a list."),
    "model": gettext_lazy("Send “%(field)s” as an object."),
    "date": gettext_lazy("Send “%(field)s” as a day, like 2026-12-31."),
    "datetime": gettext_lazy("Send “%(field)s” as a moment with its offset, like 2026-12-31T08:00:00+01:00."),
    "timezone": gettext_lazy("Send “%(field)s” as a moment with its offset, like 2026-12-31T08:00:00+01:00."),
    "string_too_long": gettext_lazy("Shorten “%(field)s”: at most %(max_length)d characters."),
    "too_long": gettext_lazy("Send less in “%(field)s”: at most %(max_length)d."),
    "string_too_short": gettext_lazy("“%(field)s” is too short: fill it in."),
    "greater_than_equal": gettext_lazy("Send at least %(ge)d for “%(field)s”."),
    "less_than_equal": gettext_lazy("Send at most %(le)d for “%(field)s”."),
    "literal_error": gettext_lazy("Choose “%(field)s” among: %(offered)s."),
    "value_error": gettext_lazy("“%(field)s”: %(error)s"),
}
ANY_OTHER = gettext_lazy("“%(field)s” cannot be used as it is: /api/v1/openapi.json says how to send it.")
# Where a member may be of two kinds, pydantic names the kind as if it were a member within.
_KIND = re.compile(r"\[|^(int|constrained-str)$")


def sentences(errors: Iterable[dict[str, Any]]) -> str:
    """What to mend, each member once."""
    told: dict[str, str] = {}
    for error in errors:
        told.setdefault(_field(error["loc"]), _sentence(error))
    return " ".join(told.values())


def _sentence(error: dict[str, Any]) -> str:
    kind, facts = error["type"], error.get("ctx", {})
    offered = ", ".join(filter(None, re.findall(r"'([^']*)'", str(facts.get("expected", "")))))
    sentence = SENTENCES.get(kind) or SENTENCES.get(kind.partition("_")[0]) or ANY_OTHER
    return str(sentence) % {**facts, "field": _field(error["loc"]), "offered": offered}


def _field(place: tuple[str | int, ...]) -> str:
    """The member by its way into the body, as its pointer has it, or the parameter's name."""
    source, *names = (str(part) for part in place)
    names = names[1:] if source == "body" else names
    return "/".join(name for name in names if not _KIND.search(name)) or _("the body")
