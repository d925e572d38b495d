"""The dispatcher: each second, calls and callbacks (and written work where a queue says so) are offered to agents."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from django.utils import timezone

from contactcenter.routing import floor, offers
from contactcenter.routing.askers import askers
from contactcenter.routing.heads import Head, heads
from contactcenter.routing.match import match
from contactcenter.routing.models import Assignment, Offer

ROUNDS = 50  # one offers at most the first of each lane


def dispatch() -> int:
    """End what was not answered in time, then offer the most late work to those who are free; returns how many."""
    offers.expire_due()
    made = 0
    for _round in range(ROUNDS):
        offered = _offer_heads()
        made += offered
        if not offered:
            break
    return made


def _offer_heads() -> int:
    """Offer the first of each lane where somebody is free for it; those behind them are the first of the next round."""
    waiting = [head for head in heads() if head.live or head.offers_written]
    free = askers() if waiting else []
    if not free:
        return 0
    now, known, passed = timezone.now(), _last_agents(waiting), _passed(waiting)
    candidates = [
        replace(head.candidate(now), last_agent=known.get(head.ticket_id), passed=frozenset(passed[head.id]))
        for head in waiting
    ]
    chosen = list(match(candidates, free, floor.floors_of(waiting)))
    return sum(offers.make(candidate.id, asker.id or 0) is not None for candidate, asker in chosen)


def _last_agents(found: Collection[Head]) -> dict[int, int]:
    """For each ticket, the agent who last worked on it."""
    tickets = {head.ticket_id for head in found}
    held = Assignment.objects.filter(work_item__ticket__in=tickets, agent__isnull=False).order_by("started_at")
    return dict(held.values_list("work_item__ticket", "agent"))


def _passed(found: Collection[Head]) -> defaultdict[int, set[int]]:
    """For each work item, the agents who were offered it and let it pass: it goes to the others first."""
    passes = Offer.objects.filter(work_item__in=[head.id for head in found], outcome__in=offers.PASSED_ON)
    agents: defaultdict[int, set[int]] = defaultdict(set)
    for work_item_id, agent_id in passes.values_list("work_item", "agent"):
        agents[work_item_id].add(agent_id)
    return agents
