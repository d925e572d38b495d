"""How well we know who somebody is (pure): four levels, and what each kind of evidence is worth.

Recording a request never needs proof; telling what is in a file does. Two independent facts that agree with the file
are worth as much as one strong token; a document that was seen is worth most. No single fact is ever demanded: who has
no foreigner number shows something else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(IntEnum):
    """From nobody known to proved."""

    UNKNOWN = 0
    DECLARED = 1
    MATCHED = 2
    PROVED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """Something that shows who a person is. `gives` is the level it reaches alone; `point` is what else it proves."""

    code: str
    label: Promise
    gives: Level
    point: str = ""


KINDS: dict[str, EvidenceKind] = {
    one.code: one
    for one in (
        EvidenceKind(code="foreigner_number", label=_("foreigner number agrees"), gives=Level.DECLARED),
        EvidenceKind(code="civil_status", label=_("name, birth date and nationality agree"), gives=Level.DECLARED),
        EvidenceKind(code="former_address", label=_("former address agrees"), gives=Level.DECLARED),
        EvidenceKind(code="permit_dates", label=_("kind and dates of the last permit agree"), gives=Level.DECLARED),
        EvidenceKind(code="visa_reference", label=_("validation number of the visa agrees"), gives=Level.DECLARED),
        EvidenceKind(code="police_report", label=_("report of theft shown"), gives=Level.DECLARED),
        EvidenceKind(code="follow_code", label=_("number and personal code of the receipt"), gives=Level.MATCHED),
        EvidenceKind(
            code="called_back", label=_("called back at the number we knew"), gives=Level.MATCHED, point="phone"
        ),
        EvidenceKind(
            code="answered_mail", label=_("answered from the mailbox we knew"), gives=Level.MATCHED, point="email"
        ),
        EvidenceKind(
            code="posted_code", label=_("code that we had posted to them"), gives=Level.MATCHED, point="address"
        ),
        EvidenceKind(code="permit_copy", label=_("copy of the permit"), gives=Level.MATCHED),
        EvidenceKind(code="certificate", label=_("certificate that we had issued"), gives=Level.MATCHED),
        EvidenceKind(code="passport", label=_("passport seen"), gives=Level.PROVED),
        EvidenceKind(code="travel_document", label=_("travel document seen"), gives=Level.PROVED),
        EvidenceKind(code="protection_decision", label=_("decision of protection seen"), gives=Level.PROVED),
        EvidenceKind(code="public_sign_in", label=_("signed in with a public identity"), gives=Level.PROVED),
        EvidenceKind(code="in_person", label=_("at the counter with a document"), gives=Level.PROVED),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """The level reached, and the kinds of evidence on which it rests (none for a name alone)."""

    level: Level
    rests_on: tuple[str, ...]


def assurance(*, named: bool, evidence: Iterable[str]) -> Assurance:
    """How well somebody is known by a name they gave, or not, and by these kinds of evidence (the order is kept)."""
    known = [code for code in dict.fromkeys(evidence) if code in KINDS]
    best = max((KINDS[code].gives for code in known), default=Level.UNKNOWN)
    facts = tuple(code for code in known if KINDS[code].gives == Level.DECLARED)
    if best >= Level.MATCHED:
        return Assurance(level=best, rests_on=tuple(code for code in known if KINDS[code].gives == best))
    if len(facts) >= 2:
        return Assurance(level=Level.MATCHED, rests_on=facts)
    return Assurance(level=Level.DECLARED if named or facts else Level.UNKNOWN, rests_on=facts)
