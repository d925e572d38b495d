"""Publish procedures: never one that would leave people without the Internet outside."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from contactcenter.errors import DomainError
from contactcenter.offices.models import Office
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.parity import Gap, gaps
from contactcenter.procedures.reading import CatalogueError, Entry, placed
from contactcenter.procedures.rules import mistakes
from contactcenter.procedures.selectors import published

FIELDS = (
    "name", "hint", "legal_natures", "channels_in", "channels_out", "pieces",
    "silence_effect", "silence_months", "silence_source", "service_class",
)  # fmt: skip
Doors = dict[tuple[str, str], set[str]]


class ParityError(DomainError):
    """A procedure would lack a way without the Internet; `gaps` name what is missing."""

    def __init__(self, missing: list[Gap]) -> None:
        super().__init__(" ".join(gap.sentence for gap in missing))
        self.gaps = missing


def doors_there() -> Doors:
    """The kinds of doors that exist, are not closed and have hours, per office (slug, name).

    Nobody can be sent to another office's counter, so each office is judged by its own doors; one that never had any
    is still being set up.
    """
    offices = Office.objects.prefetch_related("doors")
    return {
        (office.slug, office.name): {door.kind for door in office.doors.all() if door.opens_to_people()}
        for office in offices
        if office.doors.all()
    }


def gaps_of(code: str, channels_in: list[str], channels_out: list[str], doors: Doors) -> list[Gap]:
    """What a procedure lacks: wherever doors are open, and at each office; without offices there are no doors."""
    found = gaps(code, channels_in, channels_out, set().union(*doors.values()))
    told = {gap.code for gap in found}
    for office, kinds in doors.items():
        found += [gap for gap in gaps(code, channels_in, channels_out, kinds, office) if gap.code not in told]
    return found


def all_gaps() -> list[Gap]:
    """What the published procedures lack now, as doors have come and gone since."""
    doors = doors_there()
    return [
        gap
        for version in published()
        for gap in gaps_of(version.procedure.code, version.channels_in, version.channels_out, doors)
    ]


@transaction.atomic
def publish(version: ProcedureVersion) -> ProcedureVersion:
    """Make a draft version the current one, for good. Raises CatalogueError or ParityError."""
    code = version.procedure.code
    wrong = [placed(str(version), sentence) for sentence in mistakes({name: getattr(version, name) for name in FIELDS})]
    if wrong:
        raise CatalogueError(wrong)
    if missing := gaps_of(code, version.channels_in, version.channels_out, doors_there()):
        raise ParityError(missing)
    newest = newest_published(version.procedure)
    if newest and newest.number > version.number:
        version.number = next_number(version.procedure)
    version.published_at = timezone.now()
    version.save(update_fields=["number", "published_at"])
    return version


def draft_from(version: ProcedureVersion) -> ProcedureVersion:
    """A draft that says the same under the next number, to be changed and published."""
    facts = {field: getattr(version, field) for field in FIELDS}
    return ProcedureVersion.objects.create(procedure=version.procedure, number=next_number(version.procedure), **facts)


def newest_published(procedure: Procedure) -> ProcedureVersion | None:
    """The version that counts, or would if the procedure were not withdrawn."""
    return procedure.versions.filter(published_at__isnull=False).order_by("-number").first()


def next_number(procedure: Procedure) -> int:
    """The number of the version that comes next, after drafts too."""
    newest: int | None = procedure.versions.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


@transaction.atomic
def import_entries(entries: list[Entry]) -> int:
    """Publish the catalogue's entries; returns how many versions are new. The same catalogue again changes nothing.

    All or nothing: one entry that would leave people outside refuses the whole import (ParityError).
    """
    doors = doors_there()
    missing = [gap for one in entries for gap in gaps_of(one.code, one.channels_in, one.channels_out, doors)]
    if missing:
        raise ParityError(missing)
    return sum(_import(entry, position) for position, entry in enumerate(entries, start=1))


def _import(entry: Entry, position: int) -> bool:
    procedure, _made = Procedure.objects.get_or_create(code__iexact=entry.code, defaults={"code": entry.code})
    if procedure.position != position:
        procedure.position = position
        procedure.save(update_fields=["position"])
    standing = newest_published(procedure)
    facts = {name: value for name, value in asdict(entry).items() if name in FIELDS}
    if standing and all(getattr(standing, field) == facts[field] for field in FIELDS):
        return False
    ProcedureVersion.objects.create(
        procedure=procedure, number=next_number(procedure), published_at=timezone.now(), **facts
    )
    return True
