"""Drafts: what an agent is writing, kept on the server as they write, whatever becomes of page, lease or session.

Writing is work, and renews leases like all that one does on a ticket (`writable`). A draft is its writer's own until
they have left: then a supervisor can read it and go on with it.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Draft
from contactcenter.desk.services import LONGEST, writable
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Direction, Ticket
from contactcenter.tickets.services import locked

FORMS = frozenset({"reply", "note", "transfer", "hold", "solve", "bring", "reasons"})
MOST = LONGEST * 10  # characters kept of what is pasted; more stays in the writer's browser, and they are told
WRITING = timedelta(minutes=2)  # who saved a draft so short a time ago is writing
GO_ON = frozenset({"supervisor", "administrator"})


@transaction.atomic
def keep(reference: str, form: str, text: str, by: Principal) -> Ticket:
    """Keep what is being written (an empty text forgets it), and go on holding the ticket's work."""
    ticket = writable(reference, by)  # locked: a draft saved while it is being sent must not outlive the sending
    if by.agent_id is None:
        raise NotAllowedError("only agents write")
    if form not in FORMS:
        raise InvalidError("there is no such form")
    if len(text) > MOST:
        raise InvalidError(_("This text is too long to be kept by the service: it is in this browser alone."))
    if text.strip() and not _is_said(ticket, text, by):
        page = selectors.whole(ticket).get(reference=reference)  # open since before a merge, it keeps its own
        Draft.objects.update_or_create(
            agent_id=by.agent_id,
            ticket=page,
            form=form,
            defaults={"text": text, "saved_at": timezone.now()},
        )
    else:
        forget(reference, by, form)
    return ticket


def forget(reference: str, by: Principal, *forms: str) -> None:
    """What was sent or given up is no draft any more."""
    Draft.objects.filter(agent=by.agent_id or 0, ticket__reference=reference, form__in=forms).delete()


def of(ticket: Ticket, by: Principal) -> dict[str, str]:
    """What this one was writing on the ticket, by form, with what they were writing on those that were put into it."""
    rows = list(_of(ticket).filter(agent=by.agent_id or 0))
    if any(row.ticket_id != ticket.pk for row in rows):
        rows = _gathered(ticket, by)
    return {row.form: row.text for row in rows}


@transaction.atomic
def _gathered(ticket: Ticket, by: Principal) -> list[Draft]:
    """From when the page shows them together, drafts of merged requests are one with the ticket's own."""
    locked(ticket.pk)
    own: dict[str, Draft] = {}
    for row in _of(ticket).filter(agent=by.agent_id or 0).order_by("saved_at", "pk"):
        first = own.setdefault(row.form, row)
        if first is not row:
            first.text, first.saved_at = f"{first.text}\n\n{row.text}", row.saved_at
            row.delete()
    for draft in own.values():
        draft.ticket = ticket
        draft.save(update_fields=["ticket", "text", "saved_at"])
    return list(own.values())


def cut_off(reference: str, by: Principal) -> dict[str, str]:
    """One's own words on a request that one no longer sees, by form: they stay one's own, the request does not."""
    rows = Draft.objects.filter(agent=by.agent_id or 0, ticket__reference=reference).order_by("saved_at", "pk")
    return dict(rows.values_list("form", "text"))


def writers(ticket: Ticket, by: Principal) -> list[str]:
    """Who else is writing an answer at this moment."""
    fresh = _of(ticket).filter(form__in=("reply", "solve"), saved_at__gte=timezone.now() - WRITING)
    others = fresh.filter(agent__user__is_active=True).exclude(agent=by.agent_id or 0).select_related("agent__user")
    return list(dict.fromkeys(str(row.agent) for row in others))


def left_behind(ticket: Ticket) -> list[Draft]:
    """What colleagues who have left since were writing, the oldest first."""
    rows = _of(ticket).filter(agent__user__is_active=False).select_related("agent__user")
    return list(rows.order_by("saved_at", "pk"))


def may_go_on(by: Principal) -> bool:
    """Who may read what somebody who has left was writing."""
    return by.role in GO_ON


@transaction.atomic
def go_on_with(reference: str, draft_id: int, by: Principal) -> Draft:
    """Make a draft that was left behind one's own, after what one has already written there oneself."""
    ticket = writable(reference, by)
    left = next((draft for draft in left_behind(ticket) if draft.pk == draft_id), None)
    if left is None:
        raise NotFoundError(_("This draft is no longer there: somebody else has gone on with it."))
    if by.agent_id is None or not may_go_on(by):
        raise NotAllowedError(_("What a colleague who has left was writing is for a supervisor to read."))
    own = Draft.objects.filter(agent=by.agent_id, ticket=ticket, form=left.form).first()
    text = "\n\n".join(part for part in (own.text if own else "", left.text) if part)
    kept, _made = Draft.objects.update_or_create(
        agent_id=by.agent_id, ticket=ticket, form=left.form, defaults={"text": text, "saved_at": timezone.now()}
    )
    left.delete()
    record(ticket, "draft.taken_over", actor=by.actor, agent=left.agent_id, form=left.form)
    return kept


def _of(ticket: Ticket) -> QuerySet[Draft]:
    """Its drafts, and those of requests that were put into it."""
    return Draft.objects.filter(ticket__in=selectors.whole(ticket))


def _is_said(ticket: Ticket, text: str, by: Principal) -> bool:
    """Whether these words left while they were still being saved."""
    answers = ticket.interactions.filter(direction=Direction.OUT, actor=by.actor).exclude(text="").order_by("-pk")
    notes = ticket.notes.filter(actor=by.actor).order_by("-pk")
    last = [*answers.values_list("text", flat=True)[:1], *notes.values_list("text", flat=True)[:1]]
    return text.replace("\r\n", "\n").strip() in last
