"""A clerk has checked a scan: what they found is written down, and the letter becomes a message to answer."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point, Speaker
from contactcenter.desk import work as desk
from contactcenter.intake.services import amend
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import by_reference
from paper_intake.models import Scan
from paper_intake.selectors import check_item, scan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the clerk read on the letter. `text` is None where the machine's reading stays; `reference` attaches it."""

    received_on: date
    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    subject: str = ""
    procedure: str = ""
    language: str = ""
    text: str | None = None
    reference: str = ""
    place: str = ""
    postmark_on: date | None = None

    @property
    def speaker(self) -> Speaker | None:
        """Who wrote it; the postal address first, since who writes a letter is answered by letter."""
        found = (("address", self.address), ("email", self.email), ("phone", self.phone))
        points = tuple(Point(kind=kind, value=value) for kind, value in found if value)
        return Speaker(name=self.name, points=points, named=bool(self.name)) if self.name or points else None


@transaction.atomic
def check(scan_id: int, by: Principal, findings: Findings) -> tuple[Ticket, bool]:
    """Write the findings down and let the letter be answered; whether this did it, or it had been done before.

    Raises AlreadyTakenError where a colleague is checking it, NotFoundError where the reference is none they can see.
    """
    scan = scan_of(by, scan_id)
    Scan.objects.select_for_update(no_key=True).get(pk=scan.pk)
    item = check_item(scan)
    if item is None:
        return scan.interaction.ticket, False
    said = scan.interaction
    received_at = _received_at(scan, findings.received_on)
    ticket = amend(
        channel=said.channel,
        external_id=said.external_id or "",
        text=findings.text,
        subject=findings.subject or _title(findings),
        language=findings.language or None,
        procedure=findings.procedure or None,
        speaker=findings.speaker,
        occurred_at=received_at,
        needs="message",
        enqueued_at=min(item.enqueued_at, received_at),
        receipt=True,
        ticket_id=by_reference(by, findings.reference).pk if findings.reference else None,
        actor=by.actor,
    )
    _note(scan, by, findings)
    desk.done(item.pk, by, outcome="checked")
    return ticket, True


def _title(findings: Findings) -> str | None:
    """A letter without a subject is called after its sender; where it joins a request, that keeps its own."""
    if not findings.name or findings.reference:
        return None
    return _("Letter from %(name)s") % {"name": findings.name}


def _received_at(scan: Scan, received_on: date) -> datetime:
    """The moment of receipt; of a day before the scan only the day is known, so noon stands for it."""
    if received_on == scan.received_on:
        return scan.interaction.occurred_at
    zone = scan.interaction.ticket.office.zone
    return min(datetime.combine(received_on, time(12), tzinfo=zone), scan.arrived_at)


def _note(scan: Scan, by: Principal, findings: Findings) -> None:
    scan.received_on, scan.postmark_on, scan.place = findings.received_on, findings.postmark_on, findings.place
    scan.checked_at, scan.checked_by = timezone.now(), by.actor
    scan.save(update_fields=["received_on", "postmark_on", "place", "checked_at", "checked_by"])
