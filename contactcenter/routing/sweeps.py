"""What becomes due by the time alone: leases that end, work that wakes, work whose legal date comes near."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from contactcenter.offices.models import Office
from contactcenter.routing import holding
from contactcenter.routing.classes import FASTER, LIVE_KINDS, TARGETS_S
from contactcenter.routing.lanes import due_at, lane_for
from contactcenter.routing.models import Assignment, Lane, Stage, WorkItem, WorkState
from contactcenter.tickets.events import record_all

AT_ONCE = 200  # rows of one sweep; the next takes up the others


def sweep_leases() -> int:
    """Give back what was held past its lease; a wrap-up whose time is over is done. Returns how many.

    A live call's lease is held by its legs, and that of parked work stands still: neither ends here.
    """
    over = Assignment.objects.filter(ended_at=None, parked_at=None, lease_until__lte=timezone.now())
    return sum(_lease_over(*pair) for pair in over.values_list("pk", "work_item")[:AT_ONCE])


@transaction.atomic
def _lease_over(assignment_id: int, work_item_id: int) -> bool:
    item = holding.held(work_item_id)
    still = Assignment.objects.filter(
        pk=assignment_id, ended_at=None, parked_at=None, lease_until__lte=timezone.now()
    ).exists()  # it may have been renewed, or be in other hands, since it was read
    if item is None or not still or item.state != WorkState.ASSIGNED:
        return False
    if item.stage == Stage.WRAP_UP:
        holding.finish(item, "clock", item.outcome or "wrapped_up")
    else:
        holding.give_back(item, "system", "lease_ended")
    return True


def wake_scheduled() -> int:
    """Let what has become due wait again; returns how many."""
    due = WorkItem.objects.filter(state=WorkState.SCHEDULED, due_from__lte=timezone.now())
    return sum(_woken(work_item_id) for work_item_id in due.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _woken(work_item_id: int) -> bool:
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.SCHEDULED:
        return False
    item.step(WorkState.WAITING)
    item.save(update_fields=["state"])
    record_all([holding.line(item, "work_item.woken", "clock")])
    return True


def hasten() -> int:
    """Move what waits for an answer to a faster class while the date on which silence decides comes near.

    What is faster is told by the lanes' own promises; the days are those of the office.
    """
    moved = 0
    for zone in set(Office.objects.values_list("timezone", flat=True)):
        today = timezone.localdate(timezone=ZoneInfo(zone))
        for ahead, service_class in FASTER:
            near = WorkItem.objects.waiting().filter(
                ticket__office__timezone=zone,
                ticket__silence_on__lte=today + ahead,
                lane__in=_slower_than(service_class),
            )
            ids = list(near.exclude(kind__in=LIVE_KINDS).values_list("pk", flat=True)[:AT_ONCE])
            moved += sum(_hastened(pk, service_class) for pk in ids)
    return moved


def _slower_than(service_class: str) -> list[int]:
    """The lanes whose own promise is later than that of this class for the same queue and skills."""
    lanes = list(Lane.objects.values_list("pk", "queue", "skills", "service_class", "target_s"))
    promised = {(queue, skills): target for _pk, queue, skills, name, target in lanes if name == service_class}
    standard = TARGETS_S[service_class]
    return [pk for pk, queue, skills, _name, target in lanes if target > promised.get((queue, skills), standard)]


@transaction.atomic
def _hastened(work_item_id: int, service_class: str) -> bool:
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.WAITING:
        return False
    to_class(item, service_class, actor="clock", why="legal_date")
    return True


def to_class(item: WorkItem, service_class: str, *, actor: str, why: str) -> None:
    """Give a (locked) work item another promise: it changes its lane and keeps its age; the event says why."""
    was, queue = item.lane.service_class, item.lane.queue
    item.lane = lane_for(queue.office, service_class, item.lane.skills, queue)
    item.lane.queue = queue
    item.due_at = due_at(queue.office, item.enqueued_at, item.lane.target_s)
    item.save(update_fields=["lane", "due_at"])
    kind = "work_item.hastened" if why == "legal_date" else "work_item.reprioritised"
    record_all([holding.line(item, kind, actor, why=why, was=was, to=service_class)])
