"""The life of a work item: opened, taken, given back, passed on, done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter import rows
from contactcenter.accounts.principal import Principal
from contactcenter.errors import DomainError, InvalidError, NotAllowedError, NotFoundError
from contactcenter.routing import floor, holding, languages, offers
from contactcenter.routing.classes import LIVE_KINDS, standard_class
from contactcenter.routing.errors import ReasonWantedError
from contactcenter.routing.floor import Bounds, Standing
from contactcenter.routing.heads import first_of, heads_for
from contactcenter.routing.holding import Hands, already_taken, holder_of, line
from contactcenter.routing.lanes import due_at, lane_for
from contactcenter.routing.match import is_capped, match, may_get
from contactcenter.routing.models import (
    LEASE,
    Agent,
    Assignment,
    Choosing,
    Kind,
    Offer,
    Queue,
    Stage,
    WorkItem,
    WorkState,
)
from contactcenter.routing.needs import ON_PAPER, able_to, channel_of, skills_wanted
from contactcenter.routing.selectors import candidate
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
    comes_by = channel or channel_of(kind, ticket)
    skills, interpreter_needed = skills_wanted(ticket, kind, comes_by, ticket.office, queue)
    lane = lane_for(ticket.office, standard_class(kind, channel or ticket.channel, wanted), skills, queue)
    item = WorkItem(
        kind=kind,
        channel=comes_by,
        ticket=ticket,
        interaction=interaction,
        delivery_id=delivery_id,
        lane=lane,
        state=WorkState.SCHEDULED if due_from and due_from > now else WorkState.WAITING,
        enqueued_at=since,
        due_at=due_at(ticket.office, since, lane.target_s),
        due_from=due_from,
        interpreter_needed=interpreter_needed,
        created_at=now,
    )
    rows.add(item)
    if event:
        record_all([opened_event(item, actor)])
    return item


def promise(ticket: Ticket, kind: str, service_class: str) -> timedelta:
    """How soon, in opening hours, such work of a ticket is seen to where it is opened now: as its lane says."""
    skills, _needs_interpreter = skills_wanted(ticket, kind, channel_of(kind, ticket), ticket.office, None)
    lane = lane_for(ticket.office, standard_class(kind, ticket.channel, service_class), skills)
    return timedelta(seconds=lane.target_s)


def opened_event(item: WorkItem, actor: str) -> TicketEvent:
    """The line that says that a work item was opened."""
    return line(item, "work_item.opened", actor)


@transaction.atomic
def take(work_item_id: int, by: Principal, *, reason: str = "") -> Taken:
    """Take a chosen work item; one offered to the asker is accepted.

    Out of its turn it needs leave of the queue (NotAllowedError) and a reason (ReasonWantedError), and is counted.
    Raises AlreadyTakenError naming who has it or is offered it.
    """
    _must_write(by)
    item = _visible(work_item_id, by, lock=True)
    if not by.has_skills(item.lane.skill_set):
        wanted = {"skills": item.lane.skills}
        raise NotAllowedError(_("This work needs a skill that you do not have: %(skills)s.") % wanted)
    is_mine = item.state == WorkState.OFFERED and offers.is_offered_to(item, by)
    if item.state != WorkState.WAITING and not is_mine:
        raise already_taken(item)
    standing = _must_have_room(item, by)
    if is_mine and offers.accepted_by_taking(item, by):
        return _with_others(item, by)
    because = None if _is_next(item, by, standing) else _leave_to_choose(item, by, reason)
    if not holding.claim(item, Hands.of(by), because=because):
        raise already_taken(item)
    return _with_others(item, by)


def accept(offer_id: int, by: Principal) -> Taken:
    """Take what is offered, with the other waiting work of its ticket.

    NotFoundError for an offer that is not the asker's; InvalidError where it has ended, or where there is no room for
    it any more: then it is nobody's pass, and the work waits again.
    """
    taken, refusal = _accepted(offer_id, by)
    if taken is None:
        raise refusal or InvalidError(_("This offer has ended: the work is back in the queue or with somebody else."))
    return taken


@transaction.atomic
def _accepted(offer_id: int, by: Principal) -> tuple[Taken | None, DomainError | None]:
    item = offers.open_offer(offer_id, by)
    if item is None:
        return None, None
    try:
        _must_have_room(item, by)
    except DomainError as refusal:
        holding.end_offer(item, Offer.Outcome.WITHDRAWN, "system")
        return None, refusal
    return (_with_others(item, by), None) if offers.accepted_by_taking(item, by) else (None, None)


def take_next(by: Principal) -> Taken | None:
    """Take what is next for this one: an offer accepted at once. None where nothing waits for them.

    Raises InvalidError where the asker has as much written work in hand as they may.
    """
    _must_write(by)
    for _attempt in range(TRIES):
        taken, more = _take_one(by)
        if taken or not more:
            return taken
    return None


@transaction.atomic
def _take_one(by: Principal) -> tuple[Taken | None, bool]:
    """One try: what is next is chosen and taken in one transaction; and whether to look again, having lost a race."""
    heads = {head.id: head for head in heads_for(by, held=True)}
    standing = floor.standing(by)
    now = timezone.now()
    waiting = [head.candidate(now) for head in heads.values()]  # before queues are held: others wait for them
    floors = floor.floors(standing, {floor.bounds(head) for head in heads.values()}) if standing.can_bind else {}
    for first, _asker in match(waiting, [standing.asker], floors):
        item, has_others = first_of(heads[first.id].lane)
        if item is None or not holding.claim(item, Hands.of(by)):
            return None, True
        return (_with_others(item, by) if has_others else Taken(work_item=item, also=[])), False
    if heads and not standing.asker.writing and not any(head.live for head in heads.values()):
        raise _hands_full(standing)
    return None, False


def _hands_full(standing: Standing) -> InvalidError:
    full = {"number": standing.in_hand}
    return InvalidError(_("You have %(number)d work items in hand: finish one or give one back first.") % full)


def _must_have_room(item: WorkItem, by: Principal) -> Standing:
    """What the asker has room for, who is held; raises where they cannot have this (locked) work item, though nobody
    else has it."""
    if item.kind in LIVE_KINDS:
        holding.must_have_a_free_line(by)
        return floor.standing(by)
    holding.hold_agent(by.agent_id)
    standing = floor.standing(by)
    if not standing.asker.writing:
        raise _hands_full(standing)
    if standing.can_bind:
        _must_leave_enough_free(item, standing)
    return standing


def _must_leave_enough_free(item: WorkItem, standing: Standing) -> None:
    """NotAllowedError where the cap or the reserve keeps the asker out of this written work."""
    queue, one = item.lane.queue, candidate(item, timezone.now())
    now = floor.floors(standing, {Bounds(queue.pk, queue.office_id, queue.cap)})[queue.pk]
    if may_get(one, now, standing.asker):
        return
    if is_capped(now):
        raise NotAllowedError(_("Callers wait, and enough of you are in written work here: take the next instead."))
    raise NotAllowedError(_("The last who are free are kept for callers until this is late: take the next instead."))


def _is_next(item: WorkItem, by: Principal, standing: Standing) -> bool:
    """Whether it is this one's turn anyway, or its queue does not mind."""
    if by.service or item.lane.queue.choosing == Choosing.FREE:
        return True
    now = timezone.now()
    waiting = [head.candidate(now) for head in heads_for(by)]
    return any(first.id == item.pk for first, _asker in match(waiting, [standing.asker], {}))


def _leave_to_choose(item: WorkItem, by: Principal, reason: str) -> str:
    if item.lane.queue.choosing == Choosing.NEVER and by.role != "supervisor":
        raise NotAllowedError(_("In this queue nobody chooses: take the next, which has waited longest."))
    if not reason.strip():
        raise ReasonWantedError(_("Others have waited longer. Say why this one goes first."))
    return reason.strip()


@transaction.atomic
def release(work_item_id: int, by: Principal, *, why: str = "released") -> WorkItem:
    """Give a work item back to its place; so do the others of its ticket that came with it."""
    _must_write(by)
    item = _held(work_item_id, by)
    if item.stage == Stage.WRAP_UP:
        raise InvalidError(_("The conversation is over, so nobody waits who could be given back: end the wrap-up."))
    for one in _waits_again_with(item):
        holding.give_back(one, by.actor, why)
    item.refresh_from_db(fields=["state", "stage"])
    return item


@transaction.atomic
def done(work_item_id: int, by: Principal, *, outcome: str = "done") -> WorkItem:
    """Finish a work item; again changes nothing.

    One that another agent holds or is offered stays theirs (AlreadyTakenError); nobody on the line is finished with
    (InvalidError).
    """
    _must_write(by)
    item = _visible(work_item_id, by, lock=True)
    if item.state == WorkState.DONE:
        return item
    _must_be_free_to_end(item, by)
    if _waits_on_the_line(item):
        raise InvalidError(_("The caller still waits on the line. Take the call and speak to them first."))
    holding.finish(item, by.actor, outcome)
    return item


def _waits_on_the_line(item: WorkItem) -> bool:
    return item.kind == Kind.CALL and (item.state != WorkState.ASSIGNED or item.stage == Stage.CONNECTING)


@transaction.atomic(savepoint=False)
def withdraw(work_item_id: int, *, actor: str, outcome: str, at: datetime | None = None, **data: object) -> bool:
    """End a work item whose reason is gone (the caller hung up, `at` some time ago); whether it was still open.

    `data` holds ids only.
    """
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return False
    holding.finish(item, actor, outcome, at=at, **data)
    return True


@transaction.atomic(savepoint=False)
def requeue(work_item_id: int, *, actor: str, why: str = "requeued") -> bool:
    """Put an assigned work item back at its original place (a dropped leg); whether it was assigned.

    So do the others of its ticket that its agent gives back with it.
    """
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.ASSIGNED:
        return False
    for one in _waits_again_with(item):
        holding.give_back(one, actor, why)
    return True


@transaction.atomic(savepoint=False)
def schedule(work_item_id: int, due_from: datetime, *, actor: str, why: str, keep_place: bool = True) -> bool:
    """Take a work item out of the queue until a date (a hold, a retry); whether it was still open.

    With `keep_place` the person's waiting goes on counting; else it counts from that date.
    """
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return False
    holding.let_go(item, why)
    item.step(WorkState.SCHEDULED)
    item.due_from = due_from
    if not keep_place:
        item.enqueued_at = due_from
        item.due_at = due_at(item.lane.queue.office, due_from, item.lane.target_s)
    item.save(update_fields=["state", "stage", "due_from", "enqueued_at", "due_at"])
    record_all([line(item, "work_item.scheduled", actor, why=why)])
    return True


@transaction.atomic(savepoint=False)
def begin_anew(work_item_id: int, since: datetime) -> None:
    """Work came onto another ticket: it needs what that one's work needs, and counts from `since`, without a credit."""
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return
    was = item.lane.pk
    _to_lane(item, item.lane.queue)
    item.enqueued_at = since
    item.due_at = due_at(item.lane.queue.office, since, item.lane.target_s)
    item.save(update_fields=["lane", "interpreter_needed", "enqueued_at", "due_at"])
    _offered_anew(item, was)


@transaction.atomic(savepoint=False)
def go_on_with_ticket(work_item_id: int) -> None:
    """Work came onto a ticket that was there before: it needs what that one's work needs, at the place that it has.

    The language is that in which its person waits, whatever the ticket was written in.
    """
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return
    was, queue = item.lane, item.lane.queue
    able = able_to(item.ticket, item.kind, item.channel, queue.office, queue)
    skills = ",".join(sorted(able | languages.among(was.skill_set)))
    item.lane = lane_for(queue.office, was.service_class, skills, queue)
    item.save(update_fields=["lane"])
    _offered_anew(item, was.pk)


def _offered_anew(item: WorkItem, was: int) -> None:
    """End the offer of work that left the lane it `was` in: who is asked may lack the skill. It is nobody's pass."""
    if item.state == WorkState.OFFERED and item.lane.pk != was:
        holding.end_offer(item, Offer.Outcome.WITHDRAWN, "system")


def due_by(work_item_id: int, at: datetime) -> None:
    """What was promised for this very piece of work, in place of what its class promises."""
    WorkItem.objects.filter(pk=work_item_id).update(due_at=at)


@transaction.atomic(savepoint=False)
def move(work_item_id: int, *, actor: str, queue: Queue | None = None, agent: Agent | None = None) -> WorkItem:
    """Pass a work item on: to another queue, where it keeps its age, or into one agent's hands.

    There it needs what that queue's work needs, and a language if somebody of that office speaks it now. A callback
    promised for an hour keeps it. With a call goes what its agent has to answer of the same ticket.
    """
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        raise InvalidError(_("This work is done already."))
    answered_along = [one for one in _held_together(item)[1:] if one.kind not in ON_PAPER] if item.stage else []
    for one in [*answered_along, item]:  # the call last: it sets the others aside
        _moved(one, actor, queue, agent)
    return item


def _moved(item: WorkItem, actor: str, queue: Queue | None, agent: Agent | None) -> None:
    holding.let_go(item, "transferred")
    was = item.lane.queue_id
    if queue:
        _to_lane(item, queue)
    if not (queue and holding.is_promised(item)):
        item.step(WorkState.WAITING)
        item.due_from = None
    item.save(update_fields=["lane", "state", "stage", "due_from", "interpreter_needed"])
    record_all([line(item, "work_item.moved", actor, from_queue=was)])
    if agent:
        holding.hand_to(item, agent)


def _to_lane(item: WorkItem, queue: Queue) -> None:
    """Into the lane of this queue that has what the work needs there; the caller saves."""
    skills, item.interpreter_needed = skills_wanted(item.ticket, item.kind, item.channel, queue.office, queue)
    item.lane = lane_for(queue.office, item.lane.service_class, skills, queue)


def renew_leases(ticket_id: int, by: Principal) -> int:
    """Go on holding what one has in hand on a ticket for another lease, because one works on it; returns how many."""
    held = Assignment.objects.filter(work_item__ticket=ticket_id, ended_at=None, actor=by.actor, parked_at=None)
    leased = held.exclude(lease_until=None).exclude(work_item__stage=Stage.WRAP_UP)
    return leased.update(lease_until=timezone.now() + LEASE)


def _must_write(by: Principal) -> None:
    if not by.may_write:
        raise NotAllowedError(_("An auditor reads; taking work is for agents."))


def _visible(work_item_id: int, by: Principal, *, lock: bool = False) -> WorkItem:
    item = holding.held(work_item_id) if lock else WorkItem.objects.with_lane().filter(pk=work_item_id).first()
    if item is None or not _may_see(item, by):
        raise NotFoundError(_("There is no such work that you can see."))
    return item


def _may_see(item: WorkItem, by: Principal) -> bool:
    waits = item.state in (WorkState.WAITING, WorkState.OFFERED)
    if by.serves(item.ticket.office_id) or (waits and by.serves(item.lane.queue.office_id)):
        return True
    return item.assignments.filter(ended_at=None, actor=by.actor).exists()


def _held(work_item_id: int, by: Principal) -> WorkItem:
    item = _visible(work_item_id, by, lock=True)
    mine = item.assignments.filter(ended_at=None)
    if not (by.service or by.role == "supervisor"):
        mine = mine.filter(actor=by.actor)
    if not mine.exists():
        raise InvalidError(_("You do not hold this work, so there is nothing to give back."))
    return item


def _must_be_free_to_end(item: WorkItem, by: Principal) -> None:
    if by.service:
        return
    holder = holder_of(item)
    if by.role != "supervisor":
        if holder and holder.actor != by.actor:
            raise already_taken(item)
        if item.state == WorkState.OFFERED and not offers.is_offered_to(item, by):
            raise already_taken(item)
    if item.stage == Stage.CONNECTED:
        raise InvalidError(_("The conversation is still going on: hang up first."))


def _held_together(item: WorkItem) -> list[WorkItem]:
    """The item and the others of its ticket in the same hands; but no call that is on its way, under way or over."""
    holder = Assignment.objects.get(work_item=item, ended_at=None)
    together = WorkItem.objects.filter(
        ticket=item.ticket_id, state=WorkState.ASSIGNED, assignments__ended_at=None, assignments__actor=holder.actor
    )
    others = together.exclude(pk=item.pk).filter(stage="")
    return [item, *others.with_lane().order_by("pk")]


def _waits_again_with(item: WorkItem) -> list[WorkItem]:
    """The item and the others that its agent gives back with it: whoever gets the person answers them.

    Until somebody whom they call is reached nobody is on the line: what the agent wrote before stays in their hands.
    """
    together = _held_together(item)
    if item.kind == Kind.CALL or item.stage != Stage.CONNECTING or _was_reached(item):
        return together
    begun = Assignment.objects.get(work_item=item, ended_at=None).started_at
    before = Assignment.objects.filter(work_item__in=together, ended_at=None, started_at__lt=begun)
    kept = set(before.values_list("work_item", flat=True))
    return [one for one in together if one.pk not in kept]


def _was_reached(item: WorkItem) -> bool:
    """Whether whoever is called was spoken with and waits on the line for another; after a wrap-up nobody does."""
    spoken = item.assignments.exclude(connected_at=None).order_by("pk").last()
    return spoken is not None and spoken.wrap_up_at is None


def _with_others(item: WorkItem, by: Principal) -> Taken:
    """Take the ticket's other waiting work that this one can serve, so that nobody else starts on the same matter.

    One caller comes along, and only to a free line; whoever is to be called back waits for somebody who calls.
    """
    others = WorkItem.objects.waiting().filter(ticket=item.ticket_id).exclude(pk=item.pk).with_lane().in_lane_order()
    locked = others.exclude(kind=Kind.CALLBACK).select_for_update(skip_locked=True, no_key=True, of=("self",))
    ours = [one for one in locked if by.serves(one.lane.queue.office_id) and by.has_skills(one.lane.skill_set)]
    callers = [one for one in ours if one.kind == Kind.CALL]
    stay = callers if callers and holding.is_on_the_line(by.agent_id) else callers[1:]
    also = [one for one in ours if one not in stay and holding.claim(one, Hands.of(by))]
    if by.agent_id and also and any(one.kind in LIVE_KINDS for one in [item, *also]):
        holding.park(by.agent_id, timezone.now())  # what was claimed after the call is set aside for it too
    return Taken(work_item=item, also=also)
