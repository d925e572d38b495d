"""The steps of a work item's life, each inside a transaction of its caller's: found, claimed, given back, ended.

Whoever changes work locks its ticket first, then the work item, then the agent who gets it, then queues: in one order
nobody waits in a circle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter import rows
from contactcenter.accounts.principal import Principal
from contactcenter.compiled import Compiled
from contactcenter.errors import InvalidError
from contactcenter.routing import claiming
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import LEASE, Agent, Assignment, Kind, Offer, Parking, Stage, WorkItem, WorkState
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Ticket, TicketEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Whose hands a work item goes into; `agent_id` is None for the service token."""

    agent_id: int | None
    actor: str
    label: str

    @classmethod
    def of(cls, by: Principal) -> Self:
        """Those of the one who asks."""
        return cls(agent_id=by.agent_id, actor=by.actor, label=by.label)

    @classmethod
    def of_agent(cls, agent: Agent) -> Self:
        """Those of an agent whom somebody else chose."""
        return cls(agent_id=agent.pk, actor=f"agent:{agent.pk}", label=str(agent))


# The ticket's lock is named, and so taken, first. Both always are there, as those must be that are read with them: of
# what a row pointed to before somebody changed it meanwhile, PostgreSQL gives nothing, and of its own row neither.
_HELD = Compiled(
    lambda pk: (
        WorkItem.objects.filter(pk=pk)
        .select_related("lane__queue__office", "ticket")
        .select_for_update(no_key=True, of=("ticket", "self"))
    )
)


BIGINT_BITS = 64


def lock_tickets(ids: Iterable[int]) -> None:
    """Hold these tickets until the transaction ends, in the order of their ids."""
    list(Ticket.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk").values_list("pk"))


def lock_free_tickets(ids: Iterable[int]) -> list[int]:
    """Hold those of these tickets that nobody else holds now, waiting for none; returns their ids."""
    free = Ticket.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=set(ids))
    return list(free.values_list("pk", flat=True))


def held(work_item_id: int) -> WorkItem | None:
    """The work item as it is now, locked after its ticket; None where there is none of this id, however large."""
    while work_item_id.bit_length() < BIGINT_BITS:
        item = _HELD.first(work_item_id)
        if item or rows.number_of(WorkItem, id=work_item_id) is None:
            return item  # else it moved to another ticket or lane meanwhile
    return None


def holder_of(item: WorkItem) -> Assignment | None:
    """The assignment by which somebody holds it now."""
    return Assignment.objects.filter(work_item=item.pk, ended_at=None).first()


def is_held_by(item: WorkItem, agent_id: int) -> bool:
    """Whether this agent holds it now."""
    return Assignment.objects.filter(work_item=item.pk, agent=agent_id, ended_at=None).exists()


def is_on_the_line(agent_id: int | None) -> bool:
    """Whether an agent is being connected or speaks with somebody; the service token has no line of its own."""
    on_the_line = Q(work_item__stage=Stage.CONNECTING) | Q(work_item__stage=Stage.CONNECTED)
    return Assignment.objects.filter(on_the_line, agent=agent_id or 0, ended_at=None).exists()


def hold_agent(agent_id: int | None) -> None:
    """Let an agent take one thing at a time: a second tab waits here, and then sees what the first has taken."""
    if agent_id:
        list(Agent.objects.select_for_update(no_key=True).filter(pk=agent_id).values_list("pk"))


def must_have_a_free_line(by: Principal) -> None:
    """InvalidError for one who is on the line already; of two calls taken at once the second is refused."""
    hold_agent(by.agent_id)
    if is_on_the_line(by.agent_id):
        raise InvalidError(_("You are on the line already: finish that call first."))


def is_promised(item: WorkItem) -> bool:
    """Whether somebody was promised a call at an hour that is still to come."""
    return item.kind == Kind.CALLBACK and item.state == WorkState.SCHEDULED


def claim(item: WorkItem, hands: Hands, *, because: str | None = None) -> bool:
    """Put a waiting (or offered) work item into these hands; False where somebody was quicker.

    `because` is the reason for taking it out of its turn, None for what was next. Whoever is called has their other
    work set aside, and what they are still offered goes to somebody else.
    """
    now = timezone.now()
    live = item.kind in LIVE_KINDS
    assignment = Assignment(
        work_item=item,
        agent_id=hands.agent_id,
        actor=hands.actor,
        holder=hands.label[:120],
        started_at=now,
        lease_until=None if item.kind == Kind.CALL else now + LEASE,
        chosen_because=(because or "")[:200],
    )
    stage = Stage.CONNECTING if live else ""
    if not claiming.claim(assignment, line(item, "work_item.taken", hands.actor, chosen=because is not None), stage):
        return False
    item.step(WorkState.ASSIGNED)
    item.stage = stage
    if live and hands.agent_id:
        park(hands.agent_id, now)
        transaction.on_commit(partial(take_back_offers, hands.agent_id), robust=True)
    return True


def hand_to(item: WorkItem, agent: Agent) -> None:
    """Put a waiting work item into an agent's hands, whom somebody else chose."""
    claim(item, Hands.of_agent(agent), because="")


def give_back(item: WorkItem, actor: str, why: str) -> None:
    """Let a work item wait again at its place."""
    let_go(item, why)
    item.step(WorkState.WAITING)
    rows.change(item, "state", "stage")
    record_all([line(item, "work_item.released", actor, why=why)])


def finish(item: WorkItem, actor: str, outcome: str, *, at: datetime | None = None, **data: object) -> None:
    """End a work item, `at` some time ago where its end is carried in late; its line says `data` too, ids only."""
    let_go(item, "done")
    item.step(WorkState.DONE)
    item.done_at, item.outcome = at or timezone.now(), outcome[:40]
    rows.change(item, "state", "stage", "done_at", "outcome")
    record_all([line(item, "work_item.done", actor, outcome=item.outcome, **data)])


def let_go(item: WorkItem, why: str) -> None:
    """End who holds it or is offered it; what a call had set aside goes on. The caller says what state follows."""
    now = timezone.now()
    if item.state == WorkState.OFFERED:
        open_offers = Offer.objects.filter(work_item=item, ended_at=None)
        open_offers.update(ended_at=now, outcome=Offer.Outcome.WITHDRAWN)
    elif item.state == WorkState.ASSIGNED:
        assignment = holder_of(item)
        if assignment:
            Assignment.objects.filter(pk=assignment.pk).update(ended_at=now, why_ended=why[:20])
            if assignment.parked_at:
                Parking.objects.filter(assignment=assignment, ended_at=None).update(ended_at=now)
            if item.kind in LIVE_KINDS and assignment.agent_id:
                unpark(assignment.agent_id, now)
    item.stage = ""


def interrupt(agent_id: int) -> None:
    """An agent is offered a call: whatever they write now is not interrupted again, whether or not they accept."""
    written = Assignment.objects.filter(agent=agent_id, ended_at=None)
    written.exclude(work_item__kind__in=LIVE_KINDS).update(interrupted=True)


def park(agent_id: int, now: datetime) -> None:
    """Set an agent's written work aside for a call: its lease stands still, and it is interrupted this once."""
    in_hand = Assignment.objects.filter(agent=agent_id, ended_at=None)
    written = in_hand.filter(parked_at=None).exclude(work_item__kind__in=LIVE_KINDS)
    if written.update(parked_at=now, interrupted=True):
        parked = in_hand.filter(parked_at=now).values_list("pk", flat=True)
        Parking.objects.bulk_create([Parking(assignment_id=pk, started_at=now) for pk in parked])


def unpark(agent_id: int, now: datetime) -> None:
    """After the call the agent goes on with what was set aside, with as much of its lease as was left."""
    if Assignment.objects.filter(agent=agent_id, ended_at=None, work_item__kind__in=LIVE_KINDS).exists():
        return
    for parked in Assignment.objects.filter(agent=agent_id, ended_at=None, parked_at__isnull=False):
        stood_still: timedelta = now - (parked.parked_at or now)
        lease_until = F("lease_until") + stood_still
        Assignment.objects.filter(pk=parked.pk).update(parked_at=None, lease_until=lease_until)
        Parking.objects.filter(assignment=parked, ended_at=None).update(ended_at=now)


def end_offer(item: WorkItem, outcome: Offer.Outcome, actor: str) -> None:
    """An offered work item goes back to its place: declined, expired, or its agent is no longer there."""
    Offer.objects.filter(work_item=item, ended_at=None).update(ended_at=timezone.now(), outcome=outcome)
    item.step(WorkState.WAITING)
    rows.change(item, "state")
    record_all([line(item, f"work_item.offer_{outcome}", actor)])


@transaction.atomic
def take_back_offers(agent_id: int) -> None:
    """What is offered to an agent who is no longer there for it waits again, and is nobody's pass."""
    to_them = Offer.objects.filter(agent=agent_id, ended_at=None)
    for work_item_id in to_them.values_list("work_item", flat=True):
        item = held(work_item_id)
        if item and item.state == WorkState.OFFERED and to_them.filter(work_item=item).exists():
            end_offer(item, Offer.Outcome.WITHDRAWN, "system")


def already_taken(item: WorkItem) -> AlreadyTakenError:
    """The refusal that names who has it."""
    holder = holder_of(item)
    if holder:
        return AlreadyTakenError(_("%(holder)s has this one.") % {"holder": holder.holder}, holder=holder.holder)
    offer = Offer.objects.filter(work_item=item.pk, ended_at=None).select_related("agent__user").first()
    if offer:
        name = str(offer.agent)
        return AlreadyTakenError(_("%(holder)s is being offered this one.") % {"holder": name}, holder=name)
    return AlreadyTakenError(_("This one no longer waits: it is done, or set aside until a date."))


def line(item: WorkItem, kind: str, actor: str, **data: object) -> TicketEvent:
    """A line of the ticket's story about this work item."""
    facts = {"work_item": item.pk, "of": item.kind, "queue": item.lane.queue_id, **data}
    return TicketEvent(ticket_id=item.ticket_id, kind=kind, actor=actor, data=facts)
