"""What we know of a person, and how well: the level with its reason, and how we know each address and number."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from channels_app import words
from contactcenter.people import evidence
from contactcenter.people.assurance import KINDS, Level
from contactcenter.people.models import ContactPoint, Evidence, Person
from contactcenter.people.points import spoken

LEVELS: dict[Level, Promise] = {
    Level.UNKNOWN: pgettext_lazy("identity", "Nobody known"),
    Level.DECLARED: pgettext_lazy("identity", "Declared"),
    Level.MATCHED: pgettext_lazy("identity", "Cross-checked"),
    Level.PROVED: pgettext_lazy("identity", "Proved"),
}
MAY: dict[Level, Promise] = {
    Level.UNKNOWN: _("General information only; record what they ask."),
    Level.DECLARED: _("Record and confirm; say nothing yet of what is in the file."),
    Level.MATCHED: _("Say where the request stands and what is missing."),
    Level.PROVED: _("Also change addresses and hand out documents."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPoint:
    """One address or number, and how we know it."""

    id: int
    kind: str
    lines: list[str]
    proof: str
    proved: bool
    shared: bool
    is_address: bool
    is_phone: bool  # the mark decides where a call or a text goes
    value: str
    former: bool  # another took its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing that showed who it is."""

    id: int
    label: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How well a person is known: the level as a code for its shape, in a word, why, and what it allows."""

    level: int
    word: str
    why: str
    may: str
    seen: list[Seen]
    kinds: list[tuple[str, str]]  # what else could be noted


def points(person: Person | None, now: datetime) -> list[KnownPoint]:
    """Where the person can be reached, the oldest known first; what was replaced comes last."""
    known = person.contact_points.order_by("created_at", "pk") if person else ()
    rows = sorted(known, key=lambda row: row.former_at is not None)
    return [
        KnownPoint(
            id=row.pk,
            kind=row.get_kind_display(),
            lines=[spoken(row.value)] if row.kind == "phone" else row.value.splitlines() or [""],
            proof=_how(row, now),
            proved=row.proved_at is not None,
            shared=row.shared,
            is_address=row.kind == "address",
            is_phone=row.kind == "phone",
            value=row.value,
            former=row.former_at is not None,
        )
        for row in rows
    ]


def _how(row: ContactPoint, now: datetime) -> str:
    """How we know it, and whether more than one person answers there."""
    source = {"source": words.SOURCES.get(row.source, row.source)}
    told = gettext("%(source)s, not proved") % source
    if row.former_at:
        return gettext("replaced %(when)s, used no more") % {"when": words.when(row.former_at, now)}
    if row.proved_at:
        told = gettext("proved %(when)s") % {"when": words.when(row.proved_at, now)}
    return " · ".join([told, gettext("used by several people")] if row.shared else [told])


def identity(person: Person | None, now: datetime) -> Identity:
    """How well this person is known now."""
    rows = evidence.standing(person) if person else []
    reached = evidence.assured(person, rows)
    noted = {row.kind for row in rows}
    return Identity(
        level=int(reached.level),
        word=str(LEVELS[reached.level]),
        why=_why(reached.level, reached.rests_on),
        may=str(MAY[reached.level]),
        seen=[_seen(row, now) for row in rows],
        kinds=[(one.code, str(one.label)) for one in KINDS.values() if one.code not in noted] if person else [],
    )


def _why(level: Level, rests_on: tuple[str, ...]) -> str:
    facts = {"evidence": ", ".join(str(KINDS[code].label) for code in rests_on)}
    if level == Level.UNKNOWN:
        return gettext("No name and nothing that shows who it is.")
    if not rests_on:
        return gettext("The name is as they gave it; nothing shows it yet.")
    if level == Level.DECLARED:
        return gettext("One fact alone: %(evidence)s. A second one would do.") % facts
    if level == Level.MATCHED and len(rests_on) > 1:
        return gettext("Facts that agree: %(evidence)s.") % facts
    return gettext("By: %(evidence)s.") % facts


def _seen(row: Evidence, now: datetime) -> Seen:
    label = str(KINDS[row.kind].label) if row.kind in KINDS else row.kind
    return Seen(id=row.pk, label=label, told=f"{row.label}, {words.when(row.at, now)}")
