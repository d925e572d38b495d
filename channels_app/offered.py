"""What is offered to an agent at this moment, as their page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from channels_app import words
from channels_app.card import procedure_name
from contactcenter.accounts.principal import Principal
from contactcenter.people.points import spoken
from contactcenter.routing.offers import open_offers
from contactcenter.routing.selectors import candidate, preferred, reason
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One offer; `until` is when it goes to somebody else."""

    id: int
    icon: str
    kind: str
    who: str
    subject: str
    reason: str
    until: datetime
    seconds: int
    interpreter: str = ""  # the language for which nobody on shift can be found


def to(by: Principal) -> list[Offered]:
    """What is offered to this one: at most one thing."""
    now = timezone.now()
    return [
        Offered(
            id=offer.pk,
            icon=item.kind if item.kind == "callback" else item.channel,
            kind=str(words.KINDS.get(item.kind, item.kind)),
            who=_who(item.ticket),
            subject=item.ticket.subject or procedure_name(item.ticket.procedure) or gettext("No subject"),
            reason=reason(item, candidate(item, now), preferred(item, offer.agent_id)),
            until=offer.expires_at,
            seconds=max(0, int((offer.expires_at - now).total_seconds())),
            interpreter=words.interpreter(item),
        )
        for offer in open_offers(by)
        for item in [offer.work_item]
    ]


def _who(ticket: Ticket) -> str:
    """By name; whoever gave none yet, by the number or address they reached us from, as in the queue."""
    reached_from = spoken(ticket.answer_to.value) if ticket.answer_to else ""
    return (ticket.person.name if ticket.person else "") or reached_from or gettext("Name not known")
