"""Calls that we owe: begun by an agent, tried again until the person is reached, else told in another way."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contactcenter.channel import Point
from contactcenter.intake.services import amend
from contactcenter.offices.hours import add_opening
from contactcenter.outbox import services as outbox
from contactcenter.outbox.means import Choice, choices
from contactcenter.outbox.models import Means, Purpose
from contactcenter.people import languages
from contactcenter.people.points import spoken
from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem, WorkState
from contactcenter.routing.places import Open, open_of
from contactcenter.tickets.models import Ticket
from ivr.models import CHANNEL, Call
from ivr.services import outgoing, told_late
from ivr.services.slots import MORNING, is_promised
from ivr.services.unhurried import is_unhurried

RETRIES = (timedelta(minutes=10), timedelta(minutes=60))  # then once more when the office opens the next day
WRITTEN = (Means.SMS, Means.LETTER)
UNREACHED = "unreached"
ABANDONED = "abandoned"  # the service class of who hung up
CALLED_AGAIN = "called_again"  # the outcome of a callback that became needless: they called, or we reached them
OWED = (WorkState.WAITING, WorkState.SCHEDULED, WorkState.OFFERED)


def outgoing_for(item: WorkItem) -> Call | None:
    """The call by which a callback is carried out; None where this person cannot be called, which is seen to."""
    if item.kind != Kind.CALLBACK:
        return None
    number = rang_from(item) or number_of(item.ticket)
    if not number or not outgoing.may_call(number):
        _cannot_be_called(item, "no_number" if not number else "not_called")
        return None
    if outgoing.is_spent(number):
        routing.schedule(item.pk, tomorrow(item), actor="system", why="budget")
        return None
    office = item.ticket.office
    return Call.objects.create(
        outgoing=True,
        number=number,
        line=office.phone,
        ticket=item.ticket,
        language=item.ticket.language or "fr",
        slow=is_unhurried(number, item.ticket),
        work_item_id=item.pk,
    )


def rang_from(item: WorkItem) -> str:
    """The number of the call that asked for it, which may be another's telephone; "" where they asked for their own."""
    said = item.interaction
    sid = said.external_id if said and said.channel == CHANNEL else None
    call = Call.objects.filter(sid=sid, outgoing=False).exclude(choice="known").first() if sid else None
    return call.number if call else ""


def number_now(ticket: Ticket) -> str:
    """Where a ticket's person would be called now: as their open callback says, else where they are called back."""
    owed = WorkItem.objects.unfinished().filter(ticket=ticket, kind=Kind.CALLBACK).select_related("interaction")
    item = owed.order_by("enqueued_at").first()
    return (rang_from(item) if item else "") or number_of(ticket)


def number_of(ticket: Ticket) -> str:
    """Where a ticket's person is called back: where they asked to be answered, else the newest number known."""
    if ticket.answer_to and ticket.answer_to.kind == "phone" and not ticket.answer_to.former_at:
        return str(ticket.answer_to.value)
    known = ticket.person.contact_points.current().filter(kind="phone") if ticket.person else None
    point = known.order_by("-pk").first() if known else None
    return str(point.value) if point else ""


def over(call: Call, *, reached: bool) -> None:
    """A callback's end: done where the person was reached, else tried again later."""
    item = (
        WorkItem.objects.select_related("ticket__office", "ticket__person", "ticket__answer_to")
        .filter(pk=call.work_item_id or 0)
        .first()
    )
    if item is None or item.state == WorkState.DONE:
        return
    if not reached:
        _missed(call, item)
    elif item.delivery_id:
        outbox.report(item.delivery_id, "sent")
    else:
        live.over(item.pk, outcome="reached")


def tomorrow(item: WorkItem) -> datetime:
    """When the office opens on the next day that it does, by its own clock; never at night, though it may be open."""
    office = item.ticket.office
    today = timezone.localtime(timezone=office.zone)
    morning = today.replace(hour=MORNING, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return add_opening(office, morning, timedelta(seconds=1))


def owed(ticket_id: int) -> list[Open]:
    """The callbacks that a request's person waits for, chosen or after hanging up; no answer of an agent's."""
    return _owed_of(open_of(ticket_id))


def _owed_of(work: Iterable[Open]) -> list[Open]:
    return [one for one in work if one.kind == Kind.CALLBACK and one.delivery_id is None and one.state in OWED]


def owe(call: Call, at: datetime | None = None) -> WorkItem:
    """A callback that the caller of this (locked) call chose, at their place or from an hour on.

    A request has one: what was chosen earlier gives way to it, and its place is kept.
    """
    earlier = owed(call.ticket_id)
    for item in earlier:
        routing.withdraw(item.id, actor="person", outcome="asked_again")
    places = [item.enqueued_at for item in earlier if not _is_abandoned(item)]
    ticket = amend(
        channel=CHANNEL,
        external_id=call.sid or "",
        needs=Kind.CALLBACK,
        enqueued_at=at or min([call.place_since, *places]),
        due_from=at,
        receipt=True,
    )
    return WorkItem.objects.unfinished().filter(ticket=ticket, kind=Kind.CALLBACK).order_by("-pk")[0]


def owe_abandoned(call: Call) -> None:
    """Who waited and hung up is called back, in a class of its own.

    Not where they have chosen a callback already, or were spoken with, or rang again, before we heard of it.
    """
    amend(
        channel=CHANNEL,
        external_id=call.sid or "",
        needs="" if owed(call.ticket_id) or told_late.seen_to(call) else Kind.CALLBACK,
        service_class=ABANDONED,
        enqueued_at=told_late.counts_from(call, ABANDONED),
        receipt=True,
        actor="system",
    )


def made_room(ticket_id: int) -> bool:
    """Make room for a callback that is chosen now; False where one that was chosen waits at its place or for its hour.

    What was owed after hanging up, or is tried again some time, gives way.
    """
    earlier = owed(ticket_id)
    if any(not _is_abandoned(one) and (one.state != WorkState.SCHEDULED or is_promised(one.id)) for one in earlier):
        return False
    for one in earlier:
        routing.withdraw(one.id, actor="person", outcome="asked_again")
    return True


def absorb(call: Call, work: Iterable[Open]) -> None:
    """Who was to be called back after hanging up has called again: that callback is this call now.

    One of a later call stays, where we hear of this one only after it.
    """
    earlier = (item for item in _owed_of(work) if item.said_at is None or item.said_at <= call.started_at)
    for item in filter(_is_abandoned, earlier):
        routing.withdraw(item.id, actor="system", outcome=CALLED_AGAIN, call=call.pk)


def reached(call: Call) -> None:
    """Somebody speaks with the person: no other callback is owed on the same request, nor by who took it along."""
    open_ones = WorkItem.objects.unfinished().filter(ticket=call.ticket_id, kind=Kind.CALLBACK, delivery_id=None)
    dialled = Call.objects.filter(ticket=call.ticket_id, outgoing=True, ended_at=None).values("work_item_id")
    for item_id in open_ones.exclude(pk__in=dialled).values_list("pk", flat=True):
        routing.withdraw(item_id, actor="system", outcome=CALLED_AGAIN)


def _is_abandoned(item: Open) -> bool:
    return item.service_class == ABANDONED


def _missed(call: Call, item: WorkItem) -> None:
    Call.objects.filter(pk=call.pk).update(missed=True)
    tries = Call.objects.filter(work_item_id=item.pk, missed=True).count()
    if tries > len(RETRIES) + 1:
        _give_up(item)
        return
    again = timezone.now() + RETRIES[tries - 1] if tries <= len(RETRIES) else tomorrow(item)
    routing.schedule(item.pk, again, actor="system", why="not_reached")


def _give_up(item: WorkItem) -> None:
    """Nobody was reached: they read it, by SMS or by letter; what an agent had to say goes to a human."""
    if item.delivery_id:
        outbox.report(item.delivery_id, "failed", error=UNREACHED)
        return
    written = _in_writing(item.ticket)
    if written:
        _tell(item.ticket, written)
    routing.withdraw(item.pk, actor="system", outcome="told_in_writing" if written else UNREACHED)


def _in_writing(ticket: Ticket) -> Choice | None:
    rows = ticket.person.contact_points.current().order_by("-pk") if ticket.person else ()
    points = [Point(kind=point.kind, value=point.value) for point in rows]
    by_means = {choice.means: choice for choice in choices("phone", points)}
    return next((by_means[means] for means in WRITTEN if means in by_means), None)


def _tell(ticket: Ticket, choice: Choice) -> None:
    language = languages.ours(ticket.language)
    with translation.override(language):
        facts = {"reference": ticket.reference, "phone": spoken(ticket.office.phone), "service": ticket.office.name}
        subject = _("We could not reach you by telephone")
        text = (
            _("%(service)s called you back and did not reach you. Call %(phone)s and give the number %(reference)s.")
            % facts
        )
    outbox.post(ticket, choice, purpose=Purpose.NOTICE, subject=subject, text=text, language=language, actor="system")


def _cannot_be_called(item: WorkItem, outcome: str) -> None:
    """A callback to nobody's number, or to one that we do not call, is an answer that could not be delivered."""
    if item.delivery_id:
        outbox.report(item.delivery_id, "failed", error="no telephone number that we call is known")
    else:
        routing.open_work_item(item.ticket, Kind.UNDELIVERED, actor="system", enqueued_at=item.enqueued_at)
    routing.withdraw(item.pk, actor="system", outcome=outcome)
