"""The queue: what waits, in its order; the next item; work items taken, given back, done."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from contactcenter.api import cursors
from contactcenter.api.answers import QueuePage, TakenOut, WorkItemOut
from contactcenter.api.auth import principal
from contactcenter.api.bodies import ReassignIn, ReprioritiseIn, TakeIn
from contactcenter.api.lists import DEFAULT, Cursor, Filter, Limit
from contactcenter.api.responses import ERRORS, answer, nothing
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import taken_out, waiting_out, work_item_out
from contactcenter.desk import surgery, work
from contactcenter.desk.whereto import agent_named, queue_named
from contactcenter.errors import InvalidError
from contactcenter.routing.models import WorkItem
from contactcenter.routing.there import absence
from contactcenter.routing.waiting import waiting_page

router = Router(tags=["queue"])

LIST = "queue"


@router.get("/queue", response={200: QueuePage, **ERRORS})
def list_queue(
    request: HttpRequest,
    channel: Filter = "",
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> HttpResponse:
    """The waiting work that one's rights and skills cover, by score at the instant kept in the cursor."""
    place = cursors.opened(LIST, cursor) if cursor else ""
    try:
        page = waiting_page(principal(request), channel=channel, limit=limit, cursor=place)
    except ValueError as error:
        raise InvalidError(_("This cursor was not given by this list; begin again without one.")) from error
    items = [waiting_out(one.item, one.score, one.reason) for one in page.items]
    body: QueuePage = {"items": items, "next": cursors.seal(LIST, page.next) if page.next else None}
    return answer(body)


@router.post("/queue/next", response={200: TakenOut, 204: None, **ERRORS})
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the next item; 204 where nothing waits for the asker."""
    taken = work.take_next(principal(request))
    return answer(taken_out(taken, timezone.now())) if taken else nothing()


@router.post("/work-items/{work_item_id}/take", response={200: TakenOut, **ERRORS})
def take(request: HttpRequest, work_item_id: int, body: TakeIn | None = None) -> HttpResponse:
    """Take a chosen item; 409 says who has it."""
    taken = work.take(work_item_id, principal(request), reason=body.reason if body else "")
    return answer(taken_out(taken, timezone.now()))


@router.post("/work-items/{work_item_id}/release", response={200: WorkItemOut, **ERRORS})
def release(request: HttpRequest, work_item_id: int) -> HttpResponse:
    """Give an item back to its place in the queue."""
    return _as_it_stands(work.release(work_item_id, principal(request)))


@router.post("/work-items/{work_item_id}/done", response={200: WorkItemOut, **ERRORS})
def done(request: HttpRequest, work_item_id: int) -> HttpResponse:
    """Finish an item: a letter is posted, a person was reached; again changes nothing."""
    return _as_it_stands(work.done(work_item_id, principal(request)))


@router.post("/work-items/{work_item_id}/reassign", response={200: WorkItemOut, **ERRORS})
def reassign(request: HttpRequest, work_item_id: int, body: ReassignIn) -> HttpResponse:
    """Put an item into an agent's hands or a queue, with a reason; for supervisors.

    That the agent is away or offline stands in the item's `reason`.
    """
    must_see(request)
    by = principal(request)
    queue, agent = queue_named(body.queue, by), agent_named(body.agent, by)
    item = surgery.reassign(work_item_id, by, queue=queue, agent=agent, reason=body.reason)
    stands = work_item_out(item, timezone.now(), item.ticket.reference)
    stands["reason"] = f"{stands['reason']} {absence(agent) if agent else ''}".strip()
    return answer(stands)


@router.post("/work-items/{work_item_id}/reprioritise", response={200: WorkItemOut, **ERRORS})
def reprioritise(request: HttpRequest, work_item_id: int, body: ReprioritiseIn) -> HttpResponse:
    """Give an item that waits another promise, with a reason; for supervisors."""
    must_see(request)
    by = principal(request)
    return _as_it_stands(surgery.reprioritise(work_item_id, body.service_class, by, reason=body.reason))


def _as_it_stands(item: WorkItem) -> HttpResponse:
    return answer(work_item_out(item, timezone.now(), item.ticket.reference))
