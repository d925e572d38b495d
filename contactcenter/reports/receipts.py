"""Watch that every request has its receipt."""

from django.utils.translation import gettext as _

from contactcenter.receipts.completeness import LABELS
from contactcenter.receipts.late import Owed, give_late
from contactcenter.reports.alarms import settle


def sweep_receipts() -> tuple[int, int]:
    """Give the receipts that can be given now; for the others open an alarm per office or procedure at fault."""
    return settle("receipt_incomplete", dict(_told(one) for one in give_late()))


def _told(one: Owed) -> tuple[str, str]:
    """The alarm's key, and who has to add what."""
    ticket = one.interaction.ticket
    facts = {"office": ticket.office, "procedure": ticket.procedure, "missing": _named(one.missing)}
    if ticket.procedure is None or any(code.startswith("service_") for code in one.missing):
        return ticket.office.slug, _(
            "%(office)s gives no receipts: add %(missing)s to the office in the administration."
        ) % facts
    return ticket.procedure.procedure.code, _(
        "%(procedure)s gives no receipts: publish a version of it that says %(missing)s."
    ) % facts


def _named(codes: tuple[str, ...]) -> str:
    return ", ".join(str(LABELS[code]) for code in codes)
