"""Tickets: listed, read, opened on a person's behalf, answered, passed on, set aside, solved."""

import hashlib
from collections.abc import Collection
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router

from contactcenter.accounts.principal import Principal
from contactcenter.api.answers import (
    DeliveryOut,
    NoteOut,
    PreviewOut,
    TicketOut,
    TicketPage,
    TicketStory,
    TransferredOut,
)
from contactcenter.api.auth import principal
from contactcenter.api.beside import beside
from contactcenter.api.bodies import HoldIn, NoteIn, PersonIn, ReplyIn, ShownIn, SolveIn, TicketIn, TransferIn
from contactcenter.api.lists import DEFAULT, Cursor, Filter, Limit
from contactcenter.api.reading import ticket_page, wanted_tickets, whole_ticket
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import delivery_out, note_out, preview_out, story_out, ticket_out
from contactcenter.channel import Point, Speaker
from contactcenter.desk import previewing
from contactcenter.desk import services as desk
from contactcenter.desk.answered import to_answer
from contactcenter.desk.reading import trace
from contactcenter.desk.whereto import agent_named, queue_named
from contactcenter.errors import NotFoundError
from contactcenter.intake.on_behalf import open_ticket
from contactcenter.routing.there import absence
from contactcenter.tickets.selectors import by_reference

router = Router(tags=["tickets"])

State = Literal["", "new", "open", "waiting", "solved"]


@router.get("", response={200: TicketPage, **ERRORS})
def list_tickets(
    request: HttpRequest,
    channel: Filter = "",
    state: State = "",
    procedure: Filter = "",
    q: Filter = "",
    tag: Filter = "",
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> HttpResponse:
    """Tickets, the newest first."""
    wanted = wanted_tickets(channel=channel, state=state, procedure=procedure, tag=tag)
    found, following = ticket_page(principal(request), wanted, q=q, limit=limit, cursor=cursor)
    page: TicketPage = {"items": [ticket_out(ticket) for ticket in found], "next": following}
    return answer(page)


@router.post("", response={201: TicketOut, **ERRORS})
def create_ticket(
    request: HttpRequest, body: TicketIn, idempotency_key: Annotated[str, Header("", max_length=200)] = ""
) -> HttpResponse:
    """Open a ticket on a person's behalf; its message waits. The same Idempotency-Key again is the same ticket."""
    by = principal(request)
    once = hashlib.sha256(f"{by.actor} {idempotency_key}".encode()).hexdigest() if idempotency_key else ""
    ticket = open_ticket(
        by,
        channel=body.channel,
        person=_speaker(body.person) if body.person else None,
        subject=body.subject,
        text=body.text,
        procedure=body.procedure or "",
        external_id=f"api:{once}" if once else None,
    )
    return answer(ticket_out(ticket), status=201)


@router.get("/{reference}", response={200: TicketStory, **ERRORS})
def read_ticket(request: HttpRequest, reference: str) -> HttpResponse:
    """A ticket with everything on it."""
    by = principal(request)
    ticket = whole_ticket(by, reference)
    trace(ticket, by)
    return answer(story_out(ticket, timezone.now(), beside(ticket, by)))


@router.post("/{reference}/replies", response={201: DeliveryOut, **ERRORS})
def reply(request: HttpRequest, reference: str, body: ReplyIn) -> HttpResponse:
    """Answer the person; without `channel` and `means` by the way they can receive it."""
    must_see(request)
    by = principal(request)
    channel, means, shown = body.channel or "", body.means or "", _shown(body, reference, by)
    delivery = desk.reply(reference, body.text, by, channel=channel, means=means, at=body.at, shown=shown)
    return answer(delivery_out(delivery), status=201)


@router.post("/{reference}/replies/preview", response={200: PreviewOut, **ERRORS})
def preview(request: HttpRequest, reference: str, body: ReplyIn) -> HttpResponse:
    """The answer as the person would get it; nothing is sent, and what could not be sent is refused alike."""
    must_see(request)
    by = principal(request)
    seen = previewing.preview(reference, body.text, by, channel=body.channel or "", means=body.means or "")
    return answer(preview_out(seen))


@router.post("/{reference}/notes", response={201: NoteOut, **ERRORS})
def add_note(request: HttpRequest, reference: str, body: NoteIn) -> HttpResponse:
    """Write something for colleagues; the person never sees it."""
    must_see(request)
    return answer(note_out(desk.note(reference, body.text, principal(request))), status=201)


@router.post("/{reference}/transfer", response={200: TransferredOut, **ERRORS})
def transfer(request: HttpRequest, reference: str, body: TransferIn) -> HttpResponse:
    """Pass the ticket's work to a queue or to an agent; `notice` tells of one who is offline."""
    must_see(request)
    by = principal(request)
    queue, agent = queue_named(body.queue, by), agent_named(body.agent, by)
    desk.transfer(reference, by, queue=queue, agent=agent, text=body.text)
    return _now(request, reference, notice=absence(agent) if agent else "")


@router.post("/{reference}/hold", response={200: TicketStory, **ERRORS})
def hold(request: HttpRequest, reference: str, body: HoldIn) -> HttpResponse:
    """Set the ticket's work aside until a date."""
    must_see(request)
    by = principal(request)
    desk.hold(reference, by, until=body.until, text=body.text, shown=_shown(body, reference, by))
    return _now(request, reference)


@router.post("/{reference}/solve", response={200: TicketStory, **ERRORS})
def solve(request: HttpRequest, reference: str, body: SolveIn) -> HttpResponse:
    """End the matter, with a sentence to the person unless the disposition is itself the reason."""
    must_see(request)
    by = principal(request)
    shown = _shown(body, reference, by)
    desk.solve(reference, by, disposition=body.disposition, text=body.text, shown=shown)
    return _now(request, reference)


def _shown(body: ShownIn, reference: str, by: Principal) -> Collection[int] | None:
    """The work that the client showed: what it lists, else what waits up to the highest id; None if it says nothing."""
    if body.shown is not None or body.newest is None:
        return body.shown
    return [number for number in to_answer(by_reference(by, reference)) if number <= body.newest]


def _now(request: HttpRequest, reference: str, **more: str) -> HttpResponse:
    """The ticket as it stands; where one has just passed it out of one's own sight, only that it is done."""
    try:
        ticket = whole_ticket(principal(request), reference)
    except NotFoundError:
        return answer({"reference": reference, **more})
    return answer({**story_out(ticket, timezone.now(), beside(ticket, principal(request))), **more})


def _speaker(person: PersonIn) -> Speaker:
    points = tuple(Point(kind=point.kind, value=point.value) for point in person.contact_points)
    return Speaker(name=person.name, points=points, named=bool(person.name))
