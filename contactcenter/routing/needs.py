"""What a ticket's work needs of whoever does it: skills, a language, a channel."""

from contactcenter.offices.models import Office
from contactcenter.routing import languages
from contactcenter.routing.classes import LIVE_KINDS, skill_for
from contactcenter.routing.lanes import needed
from contactcenter.routing.models import Kind, Queue
from contactcenter.tickets.models import Ticket

ON_PAPER = (Kind.SCAN_CHECK, Kind.LETTER_TO_POST)


def skills_wanted(ticket: Ticket, kind: str, channel: str, office: Office, queue: Queue | None) -> tuple[str, bool]:
    """The skills of the lane, as a lane writes them, and whether an interpreter is needed beside them."""
    able = able_to(ticket, kind, channel, office, queue)
    spoken = languages.wanted(ticket, able, office.pk)
    return ",".join(sorted({*able, spoken} - {""})), not spoken and languages.is_foreign(ticket)


def able_to(ticket: Ticket, kind: str, channel: str, office: Office, queue: Queue | None) -> set[str]:
    """The skills that the work needs, without the language."""
    able = {skill_for(kind)}
    if kind not in ON_PAPER:  # whoever opens envelopes need not know what is in them
        procedure_id = ticket.procedure.procedure_id if ticket.procedure else None
        able |= needed(office, procedure_id, channel, queue)
    return able - {""}


def channel_of(kind: str, ticket: Ticket) -> str:
    """The channel by which such work of a ticket is done."""
    if kind in LIVE_KINDS:
        return "phone"
    return "paper" if kind in ON_PAPER else ticket.channel
