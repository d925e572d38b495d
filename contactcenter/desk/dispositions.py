"""How a ticket can end. There is no "use another channel": a person is answered, or told why not (pure)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """A code with its label. One marked as a reason explains by itself why the person gets no sentence."""

    code: str
    label: Promise
    is_reason: bool = False


DISPOSITIONS: dict[str, Disposition] = {
    one.code: one
    for one in (
        Disposition(code="answered", label=_("answered")),
        Disposition(code="forwarded", label=_("forwarded to the competent service, and the person told")),
        Disposition(code="duplicate", label=_("duplicate of another request"), is_reason=True),
        Disposition(code="unsolicited", label=_("advertising or automatic message"), is_reason=True),
        Disposition(code="withdrawn", label=_("withdrawn by the person"), is_reason=True),
    )
}
