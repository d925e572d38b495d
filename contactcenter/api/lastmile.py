"""Decisions, appointments, and incidents."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api.answers import DeliveryOut, IncidentOut
from contactcenter.api.auth import principal
from contactcenter.api.bodies import AppointmentIn, DecisionIn, IncidentIn, LinksIn, MendedIn
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import delivery_out, incident_out
from contactcenter.desk import incidents, lastmile
from contactcenter.tickets.selectors import visible

router = Router(tags=["last mile"])


@router.post("/tickets/{reference}/decision", response={201: DeliveryOut, **ERRORS})
def decision(request: HttpRequest, reference: str, body: DecisionIn) -> HttpResponse:
    """Record a decision; the delivery tells the person."""
    must_see(request)
    by = principal(request)
    delivery = lastmile.decide(
        reference, by, favourable=body.favourable, decided_on=body.decided_on, reasons=body.reasons
    )
    return answer(delivery_out(delivery), status=201)


@router.post("/tickets/{reference}/appointment", response={201: DeliveryOut, **ERRORS})
def appointment(request: HttpRequest, reference: str, body: AppointmentIn) -> HttpResponse:
    """Record an appointment; the delivery tells the person where, when, and what to bring."""
    must_see(request)
    by = principal(request)
    delivery = lastmile.appoint(reference, by, place=body.place, starts_at=body.starts_at, bring=body.bring)
    return answer(delivery_out(delivery), status=201)


@router.post("/incidents", response={201: IncidentOut, **ERRORS})
def open_incident(request: HttpRequest, body: IncidentIn) -> HttpResponse:
    """Give a fault its number."""
    return answer(incident_out(incidents.open_incident(body.title, body.text, principal(request))), status=201)


@router.post("/incidents/{number}/tickets", response={200: IncidentOut, **ERRORS})
def link(request: HttpRequest, number: str, body: LinksIn) -> HttpResponse:
    """Note which tickets it caused; again, nothing changes."""
    return answer(incident_out(incidents.link(number, body.references, principal(request))))


@router.post("/incidents/{number}/mended", response={200: list[DeliveryOut], **ERRORS})
def mended(request: HttpRequest, number: str, body: MendedIn) -> HttpResponse:
    """Say that it works again; one delivery for each person, listed where one may see it; none again."""
    by = principal(request)
    told = incidents.mended(number, body.text, by)
    seen = set(visible(by).filter(pk__in={one.ticket_id for one in told}).values_list("pk", flat=True))
    return answer([delivery_out(delivery) for delivery in told if delivery.ticket_id in seen])
