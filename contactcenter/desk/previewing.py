"""How an answer will reach the person, before it is sent: by the very code that sends it, and nothing is kept."""

from dataclasses import dataclass

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Preview
from contactcenter.desk.services import as_it_goes, reply_subject
from contactcenter.outbox import services as outbox
from contactcenter.outbox.means import Choice
from contactcenter.outbox.models import Purpose
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import by_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPreview:
    """An answer as it would go: by which way and why, under which subject, and how it looks."""

    choice: Choice
    subject: str
    text: str
    shown: Preview


def preview(reference: str, text: str, by: Principal, *, channel: str = "", means: str = "") -> AnswerPreview:
    """The answer as the person would get it; InvalidError where it could not be sent so."""
    return of(by_reference(by, reference), text, channel=channel, means=means)


def of(ticket: Ticket, text: str, *, channel: str = "", means: str = "") -> AnswerPreview:
    """The same for a ticket at hand."""
    said, choice = as_it_goes(ticket, text, channel=channel, means=means)
    subject = reply_subject(ticket)
    delivery = outbox.written(
        ticket, choice, purpose=Purpose.REPLY, subject=subject, text=said, language=ticket.language or "fr"
    )
    return AnswerPreview(choice=choice, subject=subject, text=said, shown=outbox.preview(delivery))
