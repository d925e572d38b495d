"""Fill in a template's variables (pure): what is not known stays a gap that somebody must fill."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

VARIABLES = ("reference", "name", "subject", "office", "telephone", "missing")
_VARIABLE = re.compile(r"\{(\w*)\}")
_GAP = re.compile(r"\[\[([^\[\]]{0,60})\]\]")


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known in its place; `[[name]]` where it is not."""
    return _VARIABLE.sub(lambda found: known.get(found[1]) or f"[[{found[1]}]]", text)


def gaps(text: str) -> list[str]:
    """What is still to be filled in, each once."""
    return list(dict.fromkeys(_GAP.findall(text)))


def check_variables(text: str) -> None:
    """ValidationError where a variable is none of ours: it would stay a gap for ever."""
    unknown = sorted({name for name in _VARIABLE.findall(text) if name not in VARIABLES})
    if unknown:
        facts = {"unknown": ", ".join(f"{{{name}}}" for name in unknown), "known": ", ".join(VARIABLES)}
        raise ValidationError(
            _("%(unknown)s is no variable; use %(known)s, or [[…]] for what is to be filled in.") % facts
        )
