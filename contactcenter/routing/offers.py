"""Offers: routing proposes a work item to one agent, who accepts, declines, or lets it pass.

Meanwhile it is nobody else's; declined, expired, or withdrawn with its caller, it is back at its place at once.
"""

from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotFoundError
from contactcenter.routing import floor, holding, presence
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.holding import Hands
from contactcenter.routing.models import Offer, Presence, WorkItem, WorkState
from contactcenter.routing.signals import offer_made
from contactcenter.routing.there import is_there
from contactcenter.tickets.events import record_all

FOR_CALLS = timedelta(seconds=20)
FOR_WRITTEN = timedelta(seconds=60)
PASSES = 2  # an agent who lets so many pass in a row is not there
PASSED_ON = frozenset({Offer.Outcome.DECLINED, Offer.Outcome.EXPIRED})
PASSED = "passed"  # the reason of their being away; shown in the reader's language


def make(work_item_id: int, agent_id: int) -> Offer | None:
    """Offer a waiting work item to an agent; None where it or they were taken meanwhile."""
    try:
        with transaction.atomic():
            return _made(work_item_id, agent_id)
    except IntegrityError:  # one open offer per work item and per agent
        return None


def _made(work_item_id: int, agent_id: int) -> Offer | None:
    item = holding.held(work_item_id)
    if item is None or item.state != WorkState.WAITING or not is_there(agent_id) or holding.is_on_the_line(agent_id):
        return None
    live = item.kind in LIVE_KINDS
    if not live and floor.is_full(item.lane.queue):
        return None
    now = timezone.now()
    offer = Offer.objects.create(
        work_item=item, agent_id=agent_id, made_at=now, expires_at=now + (FOR_CALLS if live else FOR_WRITTEN)
    )
    item.step(WorkState.OFFERED)
    item.save(update_fields=["state"])
    if live:
        holding.interrupt(agent_id)
    record_all([holding.line(item, "work_item.offered", "system", agent=agent_id)])
    transaction.on_commit(partial(offer_made.send_robust, sender=Offer, offer=offer), robust=True)
    return offer


def open_offer(offer_id: int, by: Principal) -> WorkItem | None:
    """The work item that is offered to this one, locked; None where the offer has ended, NotFoundError for another's.

    The caller is in a transaction.
    """
    offer, item = _mine(offer_id, by)
    return item if item and item.state == WorkState.OFFERED and offer.ended_at is None else None


def is_offered_to(item: WorkItem, by: Principal) -> bool:
    """Whether this very agent is offered the work item now."""
    return Offer.objects.filter(work_item=item, agent=by.agent_id or 0, ended_at=None).exists()


def accepted_by_taking(item: WorkItem, by: Principal) -> bool:
    """Where this very agent is offered the (locked) work item, accept it; whether it was so."""
    mine = Offer.objects.filter(work_item=item, agent=by.agent_id or 0, ended_at=None)
    if not mine.update(ended_at=timezone.now(), outcome=Offer.Outcome.ACCEPTED):
        return False
    return holding.claim(item, Hands.of(by))


@transaction.atomic
def decline(offer_id: int, by: Principal) -> None:
    """Pass on what is offered; again, or after its end, nothing changes. Two in a row, and the agent is away."""
    offer, item = _mine(offer_id, by)
    if offer.ended_at is None and item and item.state == WorkState.OFFERED:
        _passed(item, offer, Offer.Outcome.DECLINED, by.actor)


def expire_due() -> int:
    """End the offers whose time is up; returns how many."""
    ended = 0
    due = Offer.objects.filter(ended_at=None, expires_at__lte=timezone.now()).values_list("pk", "work_item")
    for offer_id, work_item_id in due:
        with transaction.atomic():
            item = holding.held(work_item_id)
            offer = Offer.objects.filter(pk=offer_id, ended_at=None).first()
            if item and offer and item.state == WorkState.OFFERED:
                _passed(item, offer, Offer.Outcome.EXPIRED, "clock")
                ended += 1
    return ended


def open_offers(by: Principal) -> list[Offer]:
    """What is offered to this one now, with its work and ticket."""
    offers = Offer.objects.filter(agent=by.agent_id or 0, ended_at=None, expires_at__gt=timezone.now())
    of_the_ticket = [f"work_item__ticket__{known}" for known in ("person", "answer_to", "procedure")]
    return list(offers.select_related("work_item__lane__queue__office", *of_the_ticket))


def _mine(offer_id: int, by: Principal) -> tuple[Offer, WorkItem | None]:
    offer = Offer.objects.filter(pk=offer_id, agent=by.agent_id or 0).first()
    if offer is None:
        raise NotFoundError(_("There is no such offer to you."))
    item = holding.held(offer.work_item_id)
    offer.refresh_from_db()
    return offer, item


def _passed(item: WorkItem, offer: Offer, outcome: Offer.Outcome, actor: str) -> None:
    holding.end_offer(item, outcome, actor)
    last = Offer.objects.filter(agent=offer.agent_id).exclude(outcome=Offer.Outcome.WITHDRAWN).order_by("-made_at")
    since = offer.agent.since
    outcomes = [one.outcome for one in last[:PASSES] if one.made_at >= since]
    if len(outcomes) == PASSES and set(outcomes) <= PASSED_ON:
        presence.set_presence(offer.agent_id, Presence.AWAY, actor="system", reason=PASSED)
