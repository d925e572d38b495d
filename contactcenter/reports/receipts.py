"""Watch that every request has its receipt."""

from functools import partial

from django.utils.translation import gettext as _

from contactcenter.receipts.completeness import LABELS
from contactcenter.receipts.late import Owed, give_late
from contactcenter.reports.alarms import Wrong, settle


def sweep_receipts() -> tuple[int, int]:
    """Give the receipts that can be given now; for the others open an alarm per office or procedure at fault."""
    return settle("receipt_incomplete", dict(_wrong(one) for one in give_late()))


def _wrong(one: Owed) -> tuple[str, Wrong]:
    """The alarm's key, and who has to add what."""
    ticket = one.interaction.ticket
    if ticket.procedure is None or any(code.startswith("service_") for code in one.missing):
        return ticket.office.slug, Wrong(says=partial(_of_office, one), office_id=ticket.office_id)
    return ticket.procedure.procedure.code, Wrong(says=partial(_of_procedure, one))


def _of_office(one: Owed) -> str:
    facts = {"office": one.interaction.ticket.office, "missing": _named(one.missing)}
    return _("%(office)s gives no receipts: add %(missing)s to the office in the administration.") % facts


def _of_procedure(one: Owed) -> str:
    facts = {"procedure": one.interaction.ticket.procedure, "missing": _named(one.missing)}
    return _("%(procedure)s gives no receipts: publish a version of it that says %(missing)s.") % facts


def _named(codes: tuple[str, ...]) -> str:
    return ", ".join(str(LABELS[code]) for code in codes)
