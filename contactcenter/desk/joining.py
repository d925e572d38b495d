"""Two tickets that are one matter put together, one that is two taken apart; both can be undone.

What was said, the notes and the open work change their ticket. Receipts, deliveries and events stay where they were
made: they name the reference that the person holds, which goes on to answer.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.crypto import random_digits
from contactcenter.desk.services import no_one_else_is_answering, writable
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Note, Ticket, Undo
from contactcenter.tickets.reference import new_reference
from contactcenter.tickets.services import locked, move_ticket
from contactcenter.tickets.states import State

MERGED = "merged"


@transaction.atomic
def merge(reference: str, into: str, by: Principal) -> Undo:
    """Put a ticket into another, where its story and its open work go on; its reference answers with that one."""
    source, target = _both(reference, into, by)
    no_one_else_is_answering(source, by)
    no_one_else_is_answering(target, by)
    said = list(Interaction.objects.filter(ticket=source).values_list("pk", flat=True))
    notes = list(Note.objects.filter(ticket=source).values_list("pk", flat=True))
    work = list(WorkItem.objects.unfinished().filter(ticket=source).values_list("pk", flat=True))
    undo = _undo(Undo.Kind.MERGE, source, target, by, interactions=said, notes=notes, work_items=work)
    _give(source, target, undo)
    if work and target.state in (State.WAITING, State.SOLVED):
        move_ticket(target, State.OPEN, actor=by.actor)
    if source.state != State.SOLVED:
        move_ticket(source, State.SOLVED, actor=by.actor, disposition=MERGED)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    record(source, "ticket.merged", actor=by.actor, into=target.reference, undo=undo.pk)
    record(target, "ticket.merged", actor=by.actor, other=source.reference, undo=undo.pk)
    return undo


@transaction.atomic
def split(reference: str, interactions: list[int], by: Principal, *, subject: str = "") -> Undo:
    """Take some of what was said onto a new ticket of the same person, with the open work that belongs to it."""
    ticket = writable(reference, by)
    no_one_else_is_answering(ticket, by)
    said = list(Interaction.objects.filter(ticket=ticket, pk__in=set(interactions)).order_by("occurred_at", "pk"))
    if not said or len(said) != len(set(interactions)):
        raise InvalidError(_("Choose what goes onto the new request: some of what was said on this one."))
    if len(said) == Interaction.objects.filter(ticket=ticket).count():
        raise InvalidError(_("Something must stay: choose a part of what was said, not all of it."))
    new = _new_ticket(ticket, said[0], subject)
    ids = [one.pk for one in said]
    work = list(WorkItem.objects.unfinished().filter(ticket=ticket, interaction__in=ids).values_list("pk", flat=True))
    undo = _undo(Undo.Kind.SPLIT, ticket, new, by, interactions=ids, notes=[], work_items=work)
    _give(ticket, new, undo)
    if not work:
        routing.open_work_item(new, Kind.MESSAGE, actor=by.actor, interaction=said[0], enqueued_at=said[0].occurred_at)
    record(ticket, "ticket.split", actor=by.actor, other=new.reference, undo=undo.pk)
    record(new, "ticket.split", actor=by.actor, other=ticket.reference, undo=undo.pk)
    return undo


@transaction.atomic
def undo(undo_id: int, by: Principal) -> Undo:
    """Put both tickets back as they stood; again, nothing changes. Refused where somebody has answered since."""
    done = Undo.objects.select_related("ticket", "other").filter(pk=undo_id).first()
    seen = selectors.visible(by)
    if done is None or not seen.filter(pk=done.ticket_id).exists() or not seen.filter(pk=done.other_id).exists():
        raise NotFoundError(_("There is nothing to undo that you can see."))
    writable(done.other.reference, by)
    first, second = (locked(pk) for pk in sorted((done.ticket_id, done.other_id)))
    tickets = {first.pk: first, second.pk: second}
    done = Undo.objects.select_for_update(no_key=True).get(pk=undo_id)
    if done.undone_at:
        return done
    source, other = tickets[done.ticket_id], tickets[done.other_id]
    if Interaction.objects.filter(ticket=other, direction="out", occurred_at__gt=done.at).exists():
        raise InvalidError(_("Somebody has answered since: this can no longer be undone."))
    _take_back(source, other, done)
    for ticket, before in ((source, done.before["ticket"]), (other, done.before["other"])):
        _restore(ticket, before)
    if done.kind == Undo.Kind.SPLIT:
        _empty(other, source, by)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    for ticket in (source, other):
        record(ticket, "ticket.undone", actor=by.actor, undo=done.pk, of=done.kind)
    return done


def last_undo(ticket: Ticket) -> Undo | None:
    """What was done to the ticket last, if it can still be undone."""
    rows = Undo.objects.filter(undone_at=None).select_related("ticket", "other").order_by("-at")
    return rows.filter(ticket=ticket).first() or rows.filter(other=ticket).first()


def _both(reference: str, into: str, by: Principal) -> tuple[Ticket, Ticket]:
    source, target = selectors.by_reference(by, reference), selectors.by_reference(by, into)
    if source.pk == target.pk:
        raise InvalidError(_("These are one request already."))
    tickets = {pk: locked(pk) for pk in sorted((source.pk, target.pk))}
    writable(source.reference, by)
    if any(ticket.merged_into_id for ticket in tickets.values()):
        raise InvalidError(_("These are one request already."))
    return tickets[source.pk], tickets[target.pk]


def _undo(kind: Undo.Kind, ticket: Ticket, other: Ticket, by: Principal, **moved: list[int]) -> Undo:
    before: dict[str, Any] = {"ticket": _stand(ticket), "other": _stand(other), **moved}
    return Undo.objects.create(kind=kind, ticket=ticket, other=other, before=before, actor=by.actor)


def _stand(ticket: Ticket) -> dict[str, Any]:
    return {
        "subject": ticket.subject,
        "state": ticket.state,
        "disposition": ticket.disposition,
        "solved_at": ticket.solved_at.isoformat() if ticket.solved_at else None,
    }


def _give(source: Ticket, target: Ticket, done: Undo) -> None:
    Interaction.objects.filter(pk__in=done.before["interactions"]).update(ticket=target)
    Note.objects.filter(pk__in=done.before["notes"]).update(ticket=target)
    WorkItem.objects.filter(pk__in=done.before["work_items"]).update(ticket=target)


def _take_back(source: Ticket, other: Ticket, done: Undo) -> None:
    """What was moved comes back, and nothing else: what came since stays where it came."""
    Interaction.objects.filter(pk__in=done.before["interactions"], ticket=other).update(ticket=source)
    Note.objects.filter(pk__in=done.before["notes"], ticket=other).update(ticket=source)
    WorkItem.objects.filter(pk__in=done.before["work_items"], ticket=other).update(ticket=source)


def _restore(ticket: Ticket, before: dict[str, Any]) -> None:
    ticket.subject, ticket.state, ticket.disposition = before["subject"], before["state"], before["disposition"]
    ticket.solved_at = datetime.fromisoformat(before["solved_at"]) if before["solved_at"] else None
    ticket.merged_into = None
    ticket.save(update_fields=["subject", "state", "disposition", "solved_at", "merged_into"])


def _empty(new: Ticket, source: Ticket, by: Principal) -> None:
    """The ticket that a split had made has nothing left: its reference answers with the one it came from."""
    for work_item_id in WorkItem.objects.unfinished().filter(ticket=new).values_list("pk", flat=True):
        routing.withdraw(work_item_id, actor=by.actor, outcome="undone")
    move_ticket(new, State.SOLVED, actor=by.actor, disposition=MERGED)
    new.merged_into = source
    new.save(update_fields=["merged_into"])


def _new_ticket(ticket: Ticket, first: Interaction, subject: str) -> Ticket:
    return Ticket.objects.create(
        reference=new_reference(),
        follow_code=random_digits(6),
        office=ticket.office,
        legal_nature=ticket.legal_nature,
        procedure=ticket.procedure,
        state=State.OPEN,
        channel=first.channel,
        subject=(subject.strip() or first.subject or ticket.subject)[:300],
        language=ticket.language,
        person=ticket.person,
        answer_to=ticket.answer_to,
        opened_at=first.occurred_at,
        due_at=ticket.due_at,
        silence_on=ticket.silence_on,
    )
