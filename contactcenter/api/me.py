"""The asker themselves: whether they are there for work, and what is offered to them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from contactcenter.accounts.principal import Principal
from contactcenter.api.answers import OfferPage, PresenceOut, TakenOut
from contactcenter.api.auth import principal
from contactcenter.api.bodies import PresenceIn
from contactcenter.api.lists import DEFAULT, Cursor, Limit
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.shaping import offer_out, presence_out, taken_out
from contactcenter.desk import work
from contactcenter.errors import InvalidError
from contactcenter.routing import offers, presence
from contactcenter.routing.models import Agent, Presence

router = Router(tags=["me"])


@router.get("/me/presence", response={200: PresenceOut, **ERRORS})
def read_presence(request: HttpRequest) -> HttpResponse:
    """Whether one is there for work; busy and wrap-up follow from what one has in hand."""
    return _presence(_agent(principal(request)))


@router.put("/me/presence", response={200: PresenceOut, **ERRORS})
def set_presence(request: HttpRequest, body: PresenceIn) -> HttpResponse:
    """Say that one is available, away or offline."""
    by = principal(request)
    agent = _agent(by)
    presence.set_presence(agent.pk, Presence(body.state), actor=by.actor, reason=body.reason)
    return _presence(_agent(by))


@router.get("/me/offers", response={200: OfferPage, **ERRORS})
def list_offers(request: HttpRequest, limit: Limit = DEFAULT, cursor: Cursor = "") -> HttpResponse:
    """What is offered to one now: at most one."""
    now = timezone.now()
    items = [offer_out(offer, now) for offer in offers.open_offers(principal(request))]
    page: OfferPage = {"items": items, "next": None}
    return answer(page)


@router.post("/offers/{offer_id}/accept", response={200: TakenOut, **ERRORS})
def accept(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take what is offered; a caller is connected."""
    return answer(taken_out(work.accept(offer_id, principal(request)), timezone.now()))


@router.post("/offers/{offer_id}/decline", response={200: OfferPage, **ERRORS})
def decline(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Pass on what is offered; it is back at its place at once."""
    offers.decline(offer_id, principal(request))
    return list_offers(request)


def _agent(by: Principal) -> Agent:
    if by.agent_id is None:
        raise InvalidError(_("This token is no agent's: it has no presence."))
    return Agent.objects.get(pk=by.agent_id)


def _presence(agent: Agent) -> HttpResponse:
    return answer(presence_out(agent, presence.state_of(agent)))
