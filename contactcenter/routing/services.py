"""The life of a work item: opened, taken, given back, done; and the presence of those who take them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter import rows
from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.routing import match
from contactcenter.routing.classes import LIVE_KINDS, skill_for, standard_class
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.heads import assigned, first_of, heads_for
from contactcenter.routing.lanes import due_at, lane_for
from contactcenter.routing.models import LEASE, Agent, Assignment, Kind, Lane, Presence, Queue, WorkItem, WorkState
from contactcenter.routing.selectors import candidate, floor_for
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Interaction, Ticket, TicketEvent

TRIES = 20  # picks may lose a race this often before the asker is told that nothing waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A work item now in one's hands, with the other waiting ones of its ticket that came along."""

    work_item: WorkItem
    also: list[WorkItem]


@transaction.atomic(savepoint=False)
def open_work_item(
    ticket: Ticket,
    kind: str,
    *,
    actor: str,
    interaction: Interaction | None = None,
    channel: str = "",
    service_class: str = "",
    enqueued_at: datetime | None = None,
    due_from: datetime | None = None,
    delivery_id: int | None = None,
    queue: Queue | None = None,
    event: bool = True,
) -> WorkItem:
    """Put something into the queue for a human; the same kind for the same interaction is opened once.

    With `due_from` in the future it is scheduled, and the clock wakes it. `event=False` leaves the event to the
    caller, who writes several at once.
    """
    now = timezone.now()
    since = enqueued_at or now
    wanted = service_class or (ticket.procedure.service_class if ticket.procedure else "")
    lane = lane_for(ticket.office, standard_class(kind, channel or ticket.channel, wanted), skill_for(kind), queue)
    item = WorkItem(
        kind=kind,
        channel=channel or _channel_of(kind, ticket),
        ticket=ticket,
        interaction=interaction,
        delivery_id=delivery_id,
        lane=lane,
        state=WorkState.SCHEDULED if due_from and due_from > now else WorkState.WAITING,
        enqueued_at=since,
        due_at=due_at(ticket.office, since, lane.target_s),
        due_from=due_from,
        created_at=now,
    )
    rows.add(item)
    if event:
        record_all([opened_event(item, actor)])
    return item


def opened_event(item: WorkItem, actor: str) -> TicketEvent:
    """The line that says that a work item was opened."""
    return _event(item, "work_item.opened", actor)


@transaction.atomic
def take(work_item_id: int, by: Principal, *, reason: str = "") -> Taken:
    """Take a chosen work item, out of order if need be. Raises AlreadyTakenError naming who has it."""
    _must_write(by)
    item = _visible(work_item_id, by)
    if not by.has_skills(item.lane.skill_set):
        wanted = {"skills": item.lane.skills}
        raise NotAllowedError(_("This work needs a skill that you do not have: %(skills)s.") % wanted)
    if item.state != WorkState.WAITING or not _claim(item, by, chosen=True):
        raise _already_taken(item)
    return _with_others(item, by)


def take_next(by: Principal) -> Taken | None:
    """Take what is next for this one: the most late by its own promise. None where nothing waits for them."""
    _must_write(by)
    for _attempt in range(TRIES):
        now = timezone.now()
        heads = heads_for(by)
        if not heads:
            return None
        candidates = {head.pk: candidate(head, now) for head in heads}
        allowed = match.in_order(candidates.values(), floor_for(by, candidates.values()))
        if not allowed:
            return None
        lanes = {head.pk: head.lane for head in heads}
        taken = _take_from(lanes[allowed[0].id], by)
        if taken:
            return taken
    return None


@transaction.atomic
def _take_from(lane: Lane, by: Principal) -> Taken | None:
    """Take the first of the lane whose ticket nobody else is taking work of at this moment."""
    item, has_others = first_of(lane)
    if item is None or not _claim(item, by):
        return None
    return _with_others(item, by) if has_others else Taken(work_item=item, also=[])


@transaction.atomic
def release(work_item_id: int, by: Principal, *, why: str = "released") -> WorkItem:
    """Give a work item back to its place; so do the others of its ticket that came with it."""
    _must_write(by)
    item = _held(work_item_id, by)
    for held in _held_together(item):
        _give_back(held, by.actor, why)
    item.refresh_from_db(fields=["state"])
    return item


@transaction.atomic
def done(work_item_id: int, by: Principal, *, outcome: str = "done") -> WorkItem:
    """Finish a work item; again changes nothing. One that another agent holds stays theirs (AlreadyTakenError)."""
    _must_write(by)
    item = _visible(work_item_id, by, lock=True)
    if item.state == WorkState.DONE:
        return item
    holder = item.assignments.filter(ended_at=None).first()
    if holder and holder.actor != by.actor and not (by.service or by.role == "supervisor"):
        raise _already_taken(item)
    _finish(item, by.actor, outcome)
    return item


@transaction.atomic(savepoint=False)
def withdraw(work_item_id: int, *, actor: str, outcome: str) -> bool:
    """End a work item whose reason is gone (the caller hung up); whether it was still open."""
    item = _locked(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return False
    _finish(item, actor, outcome)
    return True


@transaction.atomic(savepoint=False)
def requeue(work_item_id: int, *, actor: str, why: str = "requeued") -> bool:
    """Put an assigned work item back at its original place (a dropped leg); whether it was assigned."""
    item = _locked(work_item_id)
    if item is None or item.state != WorkState.ASSIGNED:
        return False
    _give_back(item, actor, why)
    return True


@transaction.atomic(savepoint=False)
def schedule(work_item_id: int, due_from: datetime, *, actor: str, why: str, keep_place: bool = True) -> bool:
    """Take a work item out of the queue until a date (a hold, a retry); whether it was still open.

    With `keep_place` the person's waiting goes on counting; else it counts from that date.
    """
    item = _locked(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return False
    _end_assignment(item, why)
    item.state, item.due_from = WorkState.SCHEDULED, due_from
    if not keep_place:
        item.enqueued_at = due_from
        item.due_at = due_at(item.lane.queue.office, due_from, item.lane.target_s)
    item.save(update_fields=["state", "due_from", "enqueued_at", "due_at"])
    record_all([_event(item, "work_item.scheduled", actor, why=why)])
    return True


@transaction.atomic(savepoint=False)
def move(work_item_id: int, *, actor: str, queue: Queue | None = None, agent: Agent | None = None) -> WorkItem:
    """Pass a work item on: to another queue, where it keeps its age, or into one agent's hands."""
    item = _locked(work_item_id)
    if item is None or item.state == WorkState.DONE:
        raise InvalidError(_("This work is done already."))
    _end_assignment(item, "transferred")
    was = item.lane.queue_id
    if queue:
        item.lane = lane_for(queue.office, item.lane.service_class, item.lane.skills, queue)
    item.state, item.due_from = WorkState.WAITING, None
    item.save(update_fields=["lane", "state", "due_from"])
    record_all([_event(item, "work_item.moved", actor, from_queue=was)])
    if agent:
        _assign(item, agent_id=agent.pk, actor=f"agent:{agent.pk}", holder=str(agent), chosen=False)
    return item


@transaction.atomic
def sweep_leases() -> int:
    """Give back what was held past its lease; returns how many. A live call's lease never ends here."""
    over = Assignment.objects.filter(ended_at=None, lease_until__lte=timezone.now()).values_list("work_item", flat=True)
    items = [item for work_item_id in over[:200] if (item := _locked(work_item_id))]
    ended = [item for item in items if item.state == WorkState.ASSIGNED]
    for item in ended:
        _give_back(item, "system", "lease_ended")
    return len(ended)


@transaction.atomic
def wake_scheduled() -> int:
    """Let what has become due wait again; returns how many."""
    due = WorkItem.objects.filter(state=WorkState.SCHEDULED, due_from__lte=timezone.now()).values_list("pk", flat=True)
    woken = 0
    for work_item_id in due[:200]:
        item = _locked(work_item_id)
        if item and item.state == WorkState.SCHEDULED:
            item.state = WorkState.WAITING
            item.save(update_fields=["state"])
            record_all([_event(item, "work_item.woken", "clock")])
            woken += 1
    return woken


def renew_lease(work_item_id: int, by: Principal) -> bool:
    """Go on holding a work item for another lease, because something was done with it."""
    held = Assignment.objects.filter(work_item=work_item_id, ended_at=None, actor=by.actor, lease_until__isnull=False)
    return bool(held.update(lease_until=timezone.now() + LEASE))


@transaction.atomic(savepoint=False)
def note_call(work_item_id: int, kind: str, *, actor: str, **data: object) -> None:
    """Write on the ticket what became of a live call's legs. `data` holds ids and codes only."""
    item = _locked(work_item_id)
    if item:
        record_all([_event(item, kind, actor, **data)])


def set_presence(agent_id: int, presence: Presence, *, actor: str, reason: str = "") -> None:
    """Say whether an agent is there for work."""
    now = timezone.now()
    Agent.objects.filter(pk=agent_id).exclude(presence=presence, reason=reason).update(
        presence=presence, reason=reason[:80], since=now
    )
    Agent.objects.filter(pk=agent_id).update(seen_at=now)


def sign_of_life(agent_id: int) -> None:
    """An agent's request or open page; written down at most every ten seconds."""
    now = timezone.now()
    stale = Q(seen_at=None) | Q(seen_at__lt=now - timedelta(seconds=10))
    Agent.objects.filter(stale, pk=agent_id).update(seen_at=now)


def _channel_of(kind: str, ticket: Ticket) -> str:
    if kind in LIVE_KINDS:
        return "phone"
    return "paper" if kind in (Kind.SCAN_CHECK, Kind.LETTER_TO_POST) else ticket.channel


def _must_write(by: Principal) -> None:
    if not by.may_write:
        raise NotAllowedError(_("An auditor reads; taking work is for agents."))


def _visible(work_item_id: int, by: Principal, *, lock: bool = False) -> WorkItem:
    rows = WorkItem.objects.with_lane()
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    item = rows.filter(pk=work_item_id).first()
    if item is None or not _may_see(item, by):
        raise NotFoundError(_("There is no such work that you can see."))
    return item


def _may_see(item: WorkItem, by: Principal) -> bool:
    if by.serves(item.lane.queue.office_id) or by.serves(item.ticket.office_id):
        return True
    return item.assignments.filter(ended_at=None, actor=by.actor).exists()


def _locked(work_item_id: int) -> WorkItem | None:
    rows = WorkItem.objects.with_lane().select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=work_item_id).first()


def _held(work_item_id: int, by: Principal) -> WorkItem:
    item = _visible(work_item_id, by, lock=True)
    mine = item.assignments.filter(ended_at=None)
    if not (by.service or by.role == "supervisor"):
        mine = mine.filter(actor=by.actor)
    if not mine.exists():
        raise InvalidError(_("You do not hold this work, so there is nothing to give back."))
    return item


def _held_together(item: WorkItem) -> list[WorkItem]:
    """The item and the others of its ticket in the same hands."""
    holder = Assignment.objects.get(work_item=item, ended_at=None)
    together = WorkItem.objects.filter(
        ticket=item.ticket_id, state=WorkState.ASSIGNED, assignments__ended_at=None, assignments__actor=holder.actor
    )
    return list(together.with_lane().order_by("pk"))


def _claim(item: WorkItem, by: Principal, *, chosen: bool = False) -> bool:
    won, opened = assigned(item)
    if won:
        _note_assigned(item, agent_id=by.agent_id, actor=by.actor, holder=by.label, chosen=chosen, opened=opened)
    return won


def _assign(item: WorkItem, *, agent_id: int | None, actor: str, holder: str, chosen: bool) -> None:
    _won, opened = assigned(item)
    _note_assigned(item, agent_id=agent_id, actor=actor, holder=holder, chosen=chosen, opened=opened)


def _note_assigned(
    item: WorkItem, *, agent_id: int | None, actor: str, holder: str, chosen: bool, opened: bool
) -> None:
    now = timezone.now()
    item.state = WorkState.ASSIGNED
    rows.add(
        Assignment(
            work_item=item,
            agent_id=agent_id,
            actor=actor,
            holder=holder[:120],
            started_at=now,
            lease_until=None if item.kind == Kind.CALL else now + LEASE,
        )
    )
    events = [_event(item, "work_item.taken", actor, chosen=chosen)]
    if opened:
        item.ticket.state = "open"
        events.append(TicketEvent(ticket_id=item.ticket_id, kind="ticket.open", actor=actor, data={"was": "new"}))
    record_all(events)


def _with_others(item: WorkItem, by: Principal) -> Taken:
    """Take the ticket's other waiting work that this one can serve, so that nobody else starts on the same matter."""
    others = WorkItem.objects.waiting().filter(ticket=item.ticket_id).exclude(pk=item.pk).with_lane().in_lane_order()
    locked = others.select_for_update(skip_locked=True, no_key=True, of=("self",))
    also = [other for other in locked if by.has_skills(other.lane.skill_set) and _claim(other, by)]
    return Taken(work_item=item, also=also)


def _give_back(item: WorkItem, actor: str, why: str) -> None:
    _end_assignment(item, why)
    item.state = WorkState.WAITING
    item.save(update_fields=["state"])
    record_all([_event(item, "work_item.released", actor, why=why)])


def _finish(item: WorkItem, actor: str, outcome: str) -> None:
    _end_assignment(item, "done")
    item.state, item.done_at, item.outcome = WorkState.DONE, timezone.now(), outcome[:40]
    item.save(update_fields=["state", "done_at", "outcome"])
    record_all([_event(item, "work_item.done", actor, outcome=item.outcome)])


def _end_assignment(item: WorkItem, why: str) -> None:
    Assignment.objects.filter(work_item=item, ended_at=None).update(ended_at=timezone.now(), why_ended=why[:20])


def _already_taken(item: WorkItem) -> AlreadyTakenError:
    holder = Assignment.objects.filter(work_item=item.pk, ended_at=None).first()
    if holder:
        return AlreadyTakenError(_("%(holder)s has this one.") % {"holder": holder.holder}, holder=holder.holder)
    return AlreadyTakenError(_("This one no longer waits: it is done, or set aside until a date."))


def _event(item: WorkItem, kind: str, actor: str, **data: object) -> TicketEvent:
    facts = {"work_item": item.pk, "of": item.kind, "queue": item.lane.queue_id, **data}
    return TicketEvent(ticket_id=item.ticket_id, kind=kind, actor=actor, data=facts)
