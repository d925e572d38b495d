"""What the law wants on a receipt (pure): one that lacks a field that applies to its nature is not issued.

CRPA R112-5 and R112-11-1 list the fields; an incomplete receipt makes the time limits for an appeal void against the
person (L112-6, L112-12), so it is the administration that it would harm. An automatic receipt names the service; an
agent's identity (L111-2) belongs to what an agent signs.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from contactcenter.errors import DomainError

DEMANDS = frozenset({"application", "complaint", "appeal"})
LABELS = {
    "received_on": _("the date of reception"),
    "service_name": _("the name of the service"),
    "service_address": _("a postal or e-mail address of the service"),
    "service_phone": _("the telephone number of the service"),
    "silence_effect": _("whether silence accepts or rejects"),
    "silence_on": _("the date on which silence decides"),
    "remedies": _("the time limits and remedies against a rejection"),
    "attestation": _("the right to a certificate of acceptance"),
    "missing_pieces": _("the missing documents"),
    "pieces_due_on": _("the time limit for the missing documents"),
    "pieces_effect": _("what the missing documents do to the time limit"),
    "agent": _("the name, first name and capacity of the agent"),
}


class IncompleteReceiptError(DomainError):
    """The receipt would lack what the law wants; `missing` are codes of LABELS."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        names = ", ".join(str(LABELS[code]) for code in missing)
        super().__init__(str(_("This receipt is not issued, for it lacks: %(names)s.")) % {"names": names})
        self.missing = missing


def required(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of the fields that apply to a receipt with these facts (`nature`, `silence_effect`, …)."""
    wanted = ["received_on", "service_name", "service_address", "service_phone"]
    if facts.get("nature") in DEMANDS:
        wanted += ["silence_effect", "silence_on"]
        wanted += {"reject": ["remedies"], "accept": ["attestation"]}.get(facts.get("silence_effect", ""), [])
    if facts.get("incomplete"):
        wanted += ["missing_pieces", "pieces_due_on", "pieces_effect"]
    if facts.get("signed"):
        wanted.append("agent")
    return tuple(wanted)


def missing(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of the fields that apply and are not there."""
    return tuple(code for code in required(facts) if not str(facts.get(code) or "").strip())
