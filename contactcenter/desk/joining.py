"""Two tickets that are one matter put together, one that is two taken apart; both can be undone.

What was said, the notes and the open work change their ticket. Receipts, deliveries and events stay where they were
made: they name the reference that the person holds, which goes on to answer.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.crypto import random_digits
from contactcenter.desk.services import no_one_else_is_answering, writable
from contactcenter.desk.unappointed import mark_awaiting
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.routing import services as routing
from contactcenter.routing.holding import lock_tickets
from contactcenter.routing.models import Kind, WorkItem, WorkState
from contactcenter.routing.needs import ON_PAPER
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Note, Ticket, TicketEvent, Undo
from contactcenter.tickets.reference import new_reference
from contactcenter.tickets.services import locked, move_ticket
from contactcenter.tickets.states import EMPTIED, MERGED, State

UNDONE = "undone"
DECIDED = (
    "interaction.replied",
    "ticket.solved",
    "ticket.held",
    "ticket.transferred",
    "ticket.decided",
    "ticket.appointed",
    "work_item.done",
)


@transaction.atomic
def merge(reference: str, into: str, by: Principal) -> Undo:
    """Put a ticket into another, where its story and its open work go on; its reference answers with that one."""
    source, target = _both(reference, into, by)
    no_one_else_is_answering(source, by)
    no_one_else_is_answering(target, by)
    said = list(Interaction.objects.filter(ticket=source).values_list("pk", flat=True))
    notes = list(Note.objects.filter(ticket=source).values_list("pk", flat=True))
    work = list(WorkItem.objects.unfinished().filter(ticket=source).values_list("pk", flat=True))
    merged = list(source.merged.values_list("pk", flat=True))
    undo = _undo(Undo.Kind.MERGE, source, target, by, interactions=said, notes=notes, work_items=work, merged=merged)
    _give(source, target, undo)
    if work and target.state in (State.WAITING, State.SOLVED):
        move_ticket(target, State.OPEN, actor=by.actor)
    if source.state != State.SOLVED:
        move_ticket(source, State.SOLVED, actor=by.actor, disposition=MERGED)
    Ticket.objects.filter(pk__in=[source.pk, *merged]).update(merged_into=target)
    mark_awaiting(target)
    _hurry(target, undo)
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
        opened = routing.open_work_item(
            new, Kind.MESSAGE, actor=by.actor, interaction=said[0], enqueued_at=said[0].occurred_at
        )
        undo.before["opened"] = [opened.pk]
        undo.save(update_fields=["before"])
    record(ticket, "ticket.split", actor=by.actor, other=new.reference, undo=undo.pk)
    record(new, "ticket.split", actor=by.actor, other=ticket.reference, undo=undo.pk)
    return undo


@transaction.atomic
def undo(undo_id: int, by: Principal) -> Undo:
    """Put both tickets back as they stood, with what came since; again, nothing changes.

    InvalidError, saying what to do instead, where it would lose what was answered or decided since.
    """
    done = Undo.objects.select_related("ticket", "other").filter(pk=undo_id).first()
    if done is None or not _sees_both(done, by):
        raise NotFoundError(_("There is nothing to undo that you can see."))
    writable(done.other.reference, by)
    lock_tickets([done.ticket_id, done.other_id, *done.before.get("merged", [])])
    done = Undo.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket", "other").get(pk=undo_id)
    if done.undone_at:
        return done
    _nothing_is_lost(done)
    source, other = done.ticket, done.other
    _take_back(source, other, done)
    if done.kind == Undo.Kind.SPLIT:
        _take_all(source, other, done, by)
    for ticket, before in ((source, done.before["ticket"]), (other, done.before["other"])):
        _restore(ticket, before, done.at)
    _unhurry(other, done)
    if done.kind == Undo.Kind.SPLIT:
        move_ticket(other, State.SOLVED, actor=by.actor, disposition=EMPTIED)
        Ticket.objects.filter(pk=other.pk).update(merged_into=source)
    else:
        mark_awaiting(other)
    mark_awaiting(source)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    for ticket in (source, other):
        record(ticket, "ticket.undone", actor=by.actor, undo=done.pk, of=done.kind)
    return done


def last_undo(ticket: Ticket, by: Principal) -> Undo | None:
    """What was put together or taken apart here last, and not undone; None where this one does not see both."""
    rows = Undo.objects.filter(Q(ticket=ticket) | Q(other=ticket), undone_at=None)
    last = rows.select_related("ticket", "other").order_by("-pk").first()
    return last if last and _sees_both(last, by) else None


def _sees_both(done: Undo, by: Principal) -> bool:
    return selectors.visible(by).filter(pk__in=(done.ticket_id, done.other_id)).distinct().count() == 2


def _nothing_is_lost(done: Undo) -> None:
    """InvalidError where putting things back would lose what was done since, with what to do instead."""
    both = (done.ticket_id, done.other_id)
    later = Undo.objects.filter(Q(ticket__in=both) | Q(other__in=both), undone_at=None, pk__gt=done.pk)
    if later.exists():
        raise InvalidError(_("Something was put together or taken apart here later: undo that first."))
    own = TicketEvent.objects.filter(ticket__in=both, data__undo=done.pk).order_by("-pk").values_list("pk", flat=True)
    since = TicketEvent.objects.filter(ticket__in=both, kind__in=DECIDED, pk__gt=own[:1].get())
    if not any(_is_decision(event) for event in since):
        return
    if done.kind == Undo.Kind.MERGE:
        raise InvalidError(
            _(
                "Somebody has answered or decided since, so this can no longer be undone: take what does not belong "
                "here onto a request of its own."
            )
        )
    raise InvalidError(
        _("Somebody has answered or decided since, so this can no longer be undone: put the two together instead.")
    )


def _is_decision(event: TicketEvent) -> bool:
    """Whether somebody said or finished something; what merging and undoing do themselves, or paper needs, is none."""
    if event.kind == "work_item.done":
        return event.data["outcome"] != UNDONE and event.data["of"] not in ON_PAPER
    return event.kind != "ticket.solved" or event.data.get("disposition") not in (EMPTIED, MERGED)


def _both(reference: str, into: str, by: Principal) -> tuple[Ticket, Ticket]:
    source, target = selectors.by_reference(by, reference), selectors.by_reference(by, into)
    if source.pk == target.pk:
        raise InvalidError(_("These are one request already."))
    lock_tickets([source.pk, target.pk, *source.merged.values_list("pk", flat=True)])
    source, target = writable(source.reference, by), locked(target.pk)
    if source.pk == target.pk or target.merged_into_id:
        raise InvalidError(_("These are one request already."))
    return source, target


def _undo(kind: Undo.Kind, ticket: Ticket, other: Ticket, by: Principal, **moved: list[int]) -> Undo:
    before: dict[str, Any] = {"ticket": _stand(ticket), "other": _stand(other), **moved}
    return Undo.objects.create(kind=kind, ticket=ticket, other=other, before=before, actor=by.actor)


def _stand(ticket: Ticket) -> dict[str, Any]:
    return {
        "subject": ticket.subject,
        "state": ticket.state,
        "disposition": ticket.disposition,
        "solved_at": ticket.solved_at.isoformat() if ticket.solved_at else None,
        "dates": _dates(ticket),
    }


def _hurry(target: Ticket, done: Undo) -> None:
    """No date comes later by being put together: the nearer one counts for both."""
    target.due_at, target.silence_on = selectors.nearest_dates(target)
    target.save(update_fields=["due_at", "silence_on"])
    done.before["dates"] = _dates(target)
    done.save(update_fields=["before"])


def _unhurry(target: Ticket, done: Undo) -> None:
    """Its own dates again, unless others were found since."""
    if _dates(target) != done.before.get("dates"):
        return
    own = done.before["other"]["dates"]
    target.due_at, target.silence_on = datetime.fromisoformat(own["due_at"]), parse_date(own["silence_on"] or "")
    target.save(update_fields=["due_at", "silence_on"])


def _dates(ticket: Ticket) -> dict[str, str | None]:
    decides = ticket.silence_on
    return {"due_at": ticket.due_at.isoformat(), "silence_on": decides.isoformat() if decides else None}


def _give(source: Ticket, target: Ticket, done: Undo) -> None:
    Interaction.objects.filter(pk__in=done.before["interactions"]).update(ticket=target)
    Note.objects.filter(pk__in=done.before["notes"]).update(ticket=target)
    WorkItem.objects.filter(pk__in=done.before["work_items"]).update(ticket=target)


def _take_back(source: Ticket, other: Ticket, done: Undo) -> None:
    """What was moved comes back with the work that hangs on it; what else came since stays where it came."""
    Ticket.objects.filter(pk__in=done.before.get("merged", []), merged_into=other).update(merged_into=source)
    Interaction.objects.filter(pk__in=done.before["interactions"], ticket=other).update(ticket=source)
    Note.objects.filter(pk__in=done.before["notes"], ticket=other).update(ticket=source)
    deliveries = source.deliveries.values("pk")
    moved = Q(pk__in=done.before["work_items"])
    hangs = Q(interaction__in=done.before["interactions"]) | Q(delivery_id__in=deliveries)
    WorkItem.objects.filter(moved | hangs & ~Q(state=WorkState.DONE), ticket=other).update(ticket=source)


def _take_all(source: Ticket, new: Ticket, done: Undo, by: Principal) -> None:
    """The ticket that a split had made is emptied: what came onto it since is answered on the one it came from."""
    for work_item_id in done.before.get("opened", []):
        routing.withdraw(work_item_id, actor=by.actor, outcome=UNDONE)
    Interaction.objects.filter(ticket=new).update(ticket=source)
    Note.objects.filter(ticket=new).update(ticket=source)
    WorkItem.objects.unfinished().filter(ticket=new).update(ticket=source)


def _restore(ticket: Ticket, before: dict[str, Any], since: datetime) -> None:
    """As it stood, but open where somebody has taken its work since, or something new came for an answer."""
    ticket.subject, ticket.state, ticket.disposition = before["subject"], before["state"], before["disposition"]
    ticket.solved_at = datetime.fromisoformat(before["solved_at"]) if before["solved_at"] else None
    ticket.merged_into = None
    if _has_begun(ticket, since):
        ticket.state, ticket.disposition, ticket.solved_at = State.OPEN, "", None
    ticket.save(update_fields=["subject", "state", "disposition", "solved_at", "merged_into"])


def _has_begun(ticket: Ticket, since: datetime) -> bool:
    work = WorkItem.objects.unfinished().filter(ticket=ticket)
    if ticket.state == State.NEW:
        return work.filter(state=WorkState.ASSIGNED).exists()
    return ticket.state != State.OPEN and work.filter(created_at__gt=since).exists()


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
