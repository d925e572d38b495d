"""Templates for a ticket, in its person's language."""

from contactcenter.accounts.principal import Principal
from contactcenter.desk.filling import filled
from contactcenter.desk.models import ReplyTemplate
from contactcenter.desk.pieces import pieces
from contactcenter.desk.telling import language_of
from contactcenter.tickets.models import Ticket

_MISSING = "{missing}"


def templates_for(ticket: Ticket) -> list[ReplyTemplate]:
    """Those in the person's language, be it one in which we have no other sentence; else the French ones."""
    rows = ReplyTemplate.objects.all()
    return list(rows.filter(language=ticket.language) or rows.filter(language="fr"))


def written(template: ReplyTemplate, ticket: Ticket, by: Principal) -> str:
    """The template's text for this ticket."""
    language = language_of(ticket)
    wanted = (
        [piece.label for piece in pieces(ticket, by, language) if piece.is_wanted] if _MISSING in template.text else []
    )
    known = {
        "reference": ticket.reference,
        "name": ticket.person.name if ticket.person else "",
        "subject": ticket.subject,
        "office": ticket.office.name,
        "telephone": ticket.office.phone,
        "missing": ", ".join(wanted),
    }
    return filled(template.text, known)
