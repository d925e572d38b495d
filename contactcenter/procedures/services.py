"""Publish procedures: never one that would leave people without the Internet outside."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from contactcenter.errors import DomainError
from contactcenter.offices.models import Door
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.procedures.parity import Gap, gaps
from contactcenter.procedures.reading import Entry
from contactcenter.procedures.selectors import current, published

FIELDS = (
    "name", "hint", "legal_natures", "channels_in", "channels_out", "pieces",
    "silence_effect", "silence_months", "silence_source", "service_class",
)  # fmt: skip


class ParityError(DomainError):
    """A procedure would lack a way without the Internet; `gaps` name what is missing."""

    def __init__(self, missing: list[Gap]) -> None:
        super().__init__(" ".join(gap.sentence for gap in missing))
        self.gaps = missing


def doors_there() -> set[str]:
    """The kinds of doors that exist, are not closed, and have hours."""
    return set(Door.objects.open_to_people().values_list("kind", flat=True))


def check_parity(version: ProcedureVersion, code: str = "") -> None:
    """Raise ParityError where the version leaves somebody outside."""
    missing = gaps(code or version.procedure.code, version.channels_in, version.channels_out, doors_there())
    if missing:
        raise ParityError(missing)


def all_gaps() -> list[Gap]:
    """What the published procedures lack now, as doors have come and gone since."""
    doors = doors_there()
    versions = published()
    return [gap for one in versions for gap in gaps(one.procedure.code, one.channels_in, one.channels_out, doors)]


@transaction.atomic
def publish(version: ProcedureVersion) -> ProcedureVersion:
    """Make a draft version the current one, for good. Raises ParityError."""
    check_parity(version)
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    return version


@transaction.atomic
def import_entries(entries: list[Entry]) -> int:
    """Publish the catalogue's entries; returns how many versions are new. The same catalogue again changes nothing.

    All or nothing: one entry that would leave people outside refuses the whole import (ParityError).
    """
    doors = doors_there()
    missing = [gap for one in entries for gap in gaps(one.code, one.channels_in, one.channels_out, doors)]
    if missing:
        raise ParityError(missing)
    return sum(_import(entry, position) for position, entry in enumerate(entries, start=1))


def _import(entry: Entry, position: int) -> bool:
    procedure, _made = Procedure.objects.get_or_create(code=entry.code)
    if procedure.position != position:
        procedure.position = position
        procedure.save(update_fields=["position"])
    standing = current(entry.code)
    if standing and all(getattr(standing, field) == getattr(entry, field) for field in FIELDS):
        return False
    newest = procedure.versions.aggregate(newest=Max("number"))["newest"] or 0
    facts = {field: getattr(entry, field) for field in FIELDS}
    ProcedureVersion.objects.create(procedure=procedure, number=newest + 1, published_at=timezone.now(), **facts)
    return True
