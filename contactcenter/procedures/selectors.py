"""Read the catalogue."""

from datetime import date, datetime

from django.db.models.functions import Upper
from django.utils import timezone

from contactcenter.compiled import Compiled
from contactcenter.offices.models import Office
from contactcenter.procedures.clocks import add_months
from contactcenter.procedures.models import ProcedureVersion

NATURE_WITHOUT_PROCEDURE = "assistance"
_CURRENT = Compiled(
    lambda code: (
        ProcedureVersion.objects.alias(folded=Upper("procedure__code"))
        .filter(folded=code, published_at__isnull=False, procedure__withdrawn_at=None)
        .select_related("procedure")
        .order_by("-number")[:1]
    )
)


def published() -> list[ProcedureVersion]:
    """The current version of every procedure in use, in the portal's order."""
    versions = (
        ProcedureVersion.objects.filter(published_at__isnull=False, procedure__withdrawn_at=None)
        .select_related("procedure")
        .order_by("procedure__position", "procedure__code", "-number")
    )
    newest: dict[int, ProcedureVersion] = {}
    for version in versions:
        newest.setdefault(version.procedure_id, version)
    return list(newest.values())


def current(code: str) -> ProcedureVersion | None:
    """The version of this procedure that is published now, or None."""
    return _CURRENT.first(code.upper())


def legal_nature(version: ProcedureVersion | None, channel: str) -> str:
    """What a contact by this channel is in law. Without a procedure it is a request for help: never promise more."""
    if version is None:
        return NATURE_WITHOUT_PROCEDURE
    natures: dict[str, str] = version.legal_natures
    return natures.get(channel) or natures.get("any") or NATURE_WITHOUT_PROCEDURE


def silence_date(
    version: ProcedureVersion | None, start: datetime, channel: str = "", office: Office | None = None
) -> date | None:
    """The day on which silence decides: the day of receipt plus the months; None where silence decides nothing.

    The day is that of the office's own calendar. Only an application, complaint or appeal is decided by silence; suspensions (CRPA L114-5) are not counted here.
    """
    if version is None or not version.silence_months or version.silence_effect == "none":
        return None
    if legal_nature(version, channel) not in ("application", "complaint", "appeal"):
        return None
    zone = office.zone if office else None
    return add_months(timezone.localtime(start, zone).date(), version.silence_months)
