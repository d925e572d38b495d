"""Drafts: what an agent is writing, kept on the server as they write, whatever becomes of page, lease or session.

Writing is work: it renews the lease of what the writer has in hand on that ticket.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Draft
from contactcenter.desk.services import LONGEST
from contactcenter.errors import InvalidError, NotAllowedError
from contactcenter.routing import services as routing
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import by_reference

FORMS = frozenset({"reply", "note", "transfer", "hold", "solve"})
WRITING = timedelta(minutes=2)  # who saved a draft so short a time ago is writing


@transaction.atomic
def keep(reference: str, form: str, text: str, by: Principal) -> None:
    """Keep what is being written (an empty text forgets it), and go on holding the ticket's work."""
    ticket = by_reference(by, reference)
    if by.agent_id is None or not by.may_write:
        raise NotAllowedError("only agents write")
    if form not in FORMS:
        raise InvalidError("there is no such form")
    if text.strip():
        Draft.objects.update_or_create(
            agent_id=by.agent_id,
            ticket=ticket,
            form=form,
            defaults={"text": text.replace("\x00", "")[: LONGEST * 10], "saved_at": timezone.now()},
        )
    else:
        forget(ticket, by, form)
    routing.renew_leases(ticket.pk, by)


def forget(ticket: Ticket, by: Principal, *forms: str) -> None:
    """What was sent or given up is no draft any more."""
    Draft.objects.filter(agent=by.agent_id or 0, ticket=ticket, form__in=forms).delete()


def of(ticket: Ticket, by: Principal) -> dict[str, str]:
    """What this one was writing on the ticket, by form."""
    rows = Draft.objects.filter(agent=by.agent_id or 0, ticket=ticket)
    return {row.form: row.text for row in rows}


def writers(ticket: Ticket, by: Principal) -> list[str]:
    """Who else is writing an answer at this moment."""
    fresh = Draft.objects.filter(ticket=ticket, form__in=("reply", "solve"), saved_at__gte=timezone.now() - WRITING)
    others = fresh.exclude(agent=by.agent_id or 0).select_related("agent__user")
    return [str(row.agent) for row in others]
