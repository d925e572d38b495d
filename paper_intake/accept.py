"""Take a scan in: kept unchanged, a ticket with its date of receipt and a check for a clerk, before anything clever.

What can be said without decoding is said here; reading comes later and never un-accepts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter import jobs, vault
from contactcenter.channel import File, Inbound
from contactcenter.errors import InvalidError
from contactcenter.intake.repeats import note_repeat
from contactcenter.intake.services import receive
from contactcenter.offices.models import Door as OfficeDoor
from contactcenter.offices.models import Office
from contactcenter.tickets.models import Interaction
from contactcenter.vault import Kept
from paper_intake import kinds
from paper_intake.models import Arrival, Problem, Reading, Scan
from paper_intake.read import read_scan
from paper_intake.sandbox import Press

CHANNEL = "paper"
LOOK_S = 10.0
FILE_PROBLEM = {Problem.INCOMPLETE: "corrupt", Problem.UNKNOWN: "unreadable", Problem.TOO_LARGE: "unreadable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that came: by which door, under which name, and the `mark` that tells this arrival from another."""

    path: Path
    name: str
    door: str
    mark: str
    at: datetime
    actor: str
    whole: bool = True
    place: str = ""  # where the paper lies, as far as it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The scan that a file became; `again` when the same bytes had come before."""

    scan: Scan
    again: bool


def accept(source: Source, office: Office, press: Press) -> Accepted:
    """Keep a file and make it a ticket with a scan to check. Safe to repeat after a crash at any point."""
    kept = vault.keep_file(source.path)
    look = _look(kept, source, press)
    with transaction.atomic():
        return _written(source, office, kept, look)


def folder_office() -> Office:
    """Whose the scan folder is: the office of the first mailroom that is open."""
    door = OfficeDoor.objects.filter(kind="mailroom", closed_at=None).select_related("office").order_by("office", "pk")
    first = door.first()
    office = first.office if first else Office.objects.order_by("pk").first()
    if office is None:
        raise InvalidError(_("There is no office yet that could take this letter."))
    return office


def external_id(kept: Kept, source: Source) -> str:
    """The same bytes are the same letter; of files without a byte, each is its own."""
    if kept.size:
        return kept.sha256
    return "empty:" + hashlib.sha256(f"{source.name}\0{source.mark}".encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a file before it is read."""

    content_type: str
    pages: int
    problem: str


def _look(kept: Kept, source: Source, press: Press) -> Look:
    if not kept.size:
        return Look(content_type=kinds.UNKNOWN, pages=0, problem=Problem.EMPTY)
    original = vault.path(kept.sha256)
    found = press.ask("look", LOOK_S, path=str(original))
    if found is None:  # the file killed its decoder
        return Look(content_type=kinds.of(original), pages=0, problem=Problem.CORRUPT)
    problem = found["problem"]
    if not source.whole and problem in ("", Problem.CORRUPT):
        problem = Problem.INCOMPLETE
    return Look(content_type=found["content_type"], pages=found["pages"], problem=problem)


def _written(source: Source, office: Office, kept: Kept, look: Look) -> Accepted:
    key = external_id(kept, source)
    receive(_inbound(source, office, kept, look, key))
    interaction = Interaction.objects.get(channel=CHANNEL, external_id=key)
    scan, first = Scan.objects.get_or_create(interaction=interaction, defaults=_facts(source, office, kept, look))
    _arrival, new = Arrival.objects.get_or_create(
        scan=scan, mark=source.mark[:120], defaults={"door": source.door, "name": scan.name, "at": source.at}
    )
    if source.place and not scan.place:
        scan.place = source.place
        scan.save(update_fields=["place"])
    if first:
        jobs.ring_one(read_scan, scan.pk)
    elif new:
        note_repeat(channel=CHANNEL, external_id=key, actor=source.actor, door=source.door)
    return Accepted(scan=scan, again=not first)


def _inbound(source: Source, office: Office, kept: Kept, look: Look, key: str) -> Inbound:
    problem = FILE_PROBLEM.get(Problem(look.problem), look.problem) if look.problem else ""
    return Inbound(
        channel=CHANNEL,
        external_id=key,
        occurred_at=source.at,
        office_id=office.pk,
        subject=_("Scanned letter “%(name)s”") % {"name": source.name},
        files=(File(name=source.name, content_type=look.content_type, kept=kept, problem=problem),),
        raw_sha256=kept.sha256,
        needs="scan_check",
        receipt=False,
        actor=source.actor,
    )


def _facts(source: Source, office: Office, kept: Kept, look: Look) -> dict[str, object]:
    return {
        "sha256": kept.sha256,
        "size": kept.size,
        "name": source.name[:255],
        "content_type": look.content_type,
        "problem": look.problem,
        "page_count": look.pages,
        "reading": Reading.WAITING if look.pages else Reading.UNREAD,
        "arrived_at": source.at,
        "received_on": source.at.astimezone(office.zone).date(),
    }
