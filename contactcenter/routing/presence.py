"""Presence: whether an agent is there for work, as they, a supervisor or their silence say; kept as intervals."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contactcenter.routing import holding
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import (
    Agent,
    Assignment,
    Offer,
    Presence,
    PresenceInterval,
    Pulse,
    Stage,
    WorkItem,
    WorkState,
)

SILENT = timedelta(minutes=2)  # without a sign of life for so long, an agent is offline
CHOSEN = (Presence.AVAILABLE, Presence.AWAY, Presence.OFFLINE)  # the others follow from the work in hand
LIVE = "live"


@transaction.atomic
def set_presence(agent_id: int, presence: Presence, *, actor: str, reason: str = "") -> None:
    """Say whether an agent is there for work; `actor` is who said so. What was offered to one who leaves goes back."""
    now = timezone.now()
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    reason = reason[:80]
    if (agent.presence, agent.reason) != (presence, reason):
        PresenceInterval.objects.filter(agent=agent, ended_at=None).update(ended_at=now)
        PresenceInterval.objects.create(agent=agent, state=presence, reason=reason, actor=actor, started_at=now)
        agent.presence, agent.reason, agent.since = presence, reason, now
    if actor == f"agent:{agent_id}":
        agent.seen_at = now
    agent.save(update_fields=["presence", "reason", "since", "seen_at"])
    if presence != Presence.AVAILABLE:
        transaction.on_commit(lambda: take_back_offers(agent_id), robust=True)


@transaction.atomic
def take_back_offers(agent_id: int) -> None:
    """What is offered to an agent who is no longer there waits again."""
    for work_item_id in Offer.objects.filter(agent=agent_id, ended_at=None).values_list("work_item", flat=True):
        item = holding.held(work_item_id)
        if item and item.state == WorkState.OFFERED:
            holding.end_offer(item, Offer.Outcome.WITHDRAWN, "system")


def signs_of_life(agent_ids: Collection[int]) -> None:
    """These agents' requests or open pages; written down at most every ten seconds for each."""
    now = timezone.now()
    stale = Q(seen_at=None) | Q(seen_at__lt=now - timedelta(seconds=10))
    Agent.objects.filter(stale, pk__in=agent_ids).update(seen_at=now)


def live_began() -> None:
    """The process that hears the pages came up: while it was away nobody could show a sign of life through it."""
    Pulse.objects.update_or_create(name=LIVE, defaults={"began_at": timezone.now()})


def sweep_presence() -> int:
    """Put who has been silent for two minutes offline, and give back their written work; returns how many."""
    silent_since = timezone.now() - SILENT
    if Pulse.objects.filter(name=LIVE, began_at__gt=silent_since).exists():
        return 0
    silent = Agent.objects.exclude(presence=Presence.OFFLINE).filter(Q(seen_at=None) | Q(seen_at__lte=silent_since))
    gone = list(silent.values_list("pk", flat=True)[:200])
    for agent_id in gone:
        set_presence(agent_id, Presence.OFFLINE, actor="system", reason="silent")
        give_back_written(agent_id, "offline")
    return len(gone)


@transaction.atomic
def give_back_written(agent_id: int, why: str) -> None:
    """An agent's written work waits again at its place; a conversation is held by its legs, not by a page."""
    mine = Assignment.objects.filter(agent=agent_id, ended_at=None).exclude(work_item__kind__in=LIVE_KINDS)
    for work_item_id in mine.values_list("work_item", flat=True):
        item = holding.held(work_item_id)
        if item and item.state == WorkState.ASSIGNED and holding.is_held_by(item, agent_id):
            holding.give_back(item, "system", why)


def state_of(agent: Agent) -> Presence:
    """What the agent is doing: what they said, and while they are there what the work in their hands tells."""
    if agent.presence != Presence.AVAILABLE:
        return Presence(agent.presence)
    in_hand = WorkItem.objects.filter(assignments__agent=agent, assignments__ended_at=None).values_list("kind", "stage")
    return doing(agent, list(in_hand))


def doing(agent: Agent, in_hand: Sequence[tuple[str, str]]) -> Presence:
    """The same where kind and stage of all in their hands are known (pure)."""
    if agent.presence != Presence.AVAILABLE:
        return Presence(agent.presence)
    stages = [stage for kind, stage in in_hand if kind in LIVE_KINDS]
    if Stage.WRAP_UP in stages and len(stages) == 1:
        return Presence.WRAP_UP
    written = sum(1 for kind, _stage in in_hand if kind not in LIVE_KINDS)
    full = agent.capacity is not None and written >= agent.capacity
    return Presence.BUSY if stages or full else Presence.AVAILABLE
