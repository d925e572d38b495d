"""Letters out: a PDF to print, in the mailroom's tray until a clerk says that it is posted."""

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import formats, timezone, translation

from contactcenter import pdf, vault
from contactcenter.channel import DeliveryError, Outbound, Preview
from contactcenter.routing.models import Kind
from contactcenter.routing.services import open_work_item
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import spaced
from paper_intake.models import Letter

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
ACTOR = "system"
_ANSWER = re.compile(r"^(?:re\s*:\s*)+", re.IGNORECASE)  # what mails put before a subject looks odd on paper


def put_in_tray(outbound: Outbound) -> Letter:
    """Make the letter of a delivery and the work of posting it; again is the same letter."""
    known = Letter.objects.filter(delivery_id=outbound.delivery_id).first()
    if known:
        return known
    if not outbound.to.strip():
        raise DeliveryError("The letter has no postal address.", permanent=True)
    ticket = Ticket.objects.select_related("office", "person").get(pk=outbound.ticket_id)
    kept = vault.keep(pdf.render("letter", content(outbound, ticket, timezone.localdate())))
    try:
        with transaction.atomic():
            item = open_work_item(
                ticket, Kind.LETTER_TO_POST, actor=ACTOR, channel="paper", delivery_id=outbound.delivery_id
            )
            return Letter.objects.create(
                delivery_id=outbound.delivery_id, work_item=item, sha256=kept.sha256, size=kept.size
            )
    except IntegrityError:  # another worker was faster: its letter and its work item stand, ours are undone
        return Letter.objects.get(delivery_id=outbound.delivery_id)


def sheets(outbound: Outbound) -> Preview:
    """The letter as it would be printed today: its pages as pictures, and the PDF."""
    ticket = Ticket.objects.select_related("office", "person").get(pk=outbound.ticket_id)
    data = content(outbound, ticket, timezone.localdate())
    pages = tuple(pdf.pictures("letter", data))
    facts = {"n": len(pages)}
    note = translation.ngettext("%(n)d page.", "%(n)d pages.", len(pages)) % facts
    return Preview(text=outbound.text, note=note, pages=pages, document=pdf.render("letter", data))


def content(outbound: Outbound, ticket: Ticket, on: date) -> dict[str, object]:
    """What stands on the sheet, in the person's language (plain values for the template)."""
    language = outbound.language or "fr"
    office = ticket.office
    with translation.override(language):
        return {
            "language": language.partition("-")[0],
            "right_to_left": language.partition("-")[0] in RIGHT_TO_LEFT,
            "service": office.service,
            "office": [office.name, *_lines(office.address)],
            "contact": [line for line in (office.phone, office.email) if line],
            "recipient": recipient(ticket.person.name if ticket.person else "", outbound.to),
            "reference_label": translation.gettext("Reference:"),
            "reference": unbroken(spaced(outbound.reference)),
            "date": formats.date_format(on, "DATE_FORMAT"),
            "subject": unbroken(_ANSWER.sub("", outbound.subject)),
            "paragraphs": _paragraphs(unbroken(outbound.text)),
        }


def recipient(name: str, address: str) -> list[str]:
    """The lines in the envelope's window: the name, unless the address begins with it, then the address."""
    lines = _lines(address)
    if name and (not lines or lines[0].casefold() != name.casefold()):
        lines.insert(0, name)
    return lines[:7]


def unbroken(text: str) -> str:
    """Numbers in groups stay in one piece and in order, also within writing from right to left."""
    return re.sub(r"(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _paragraphs(text: str) -> list[str]:
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [part.strip("\n") for part in parts if part.strip()]
