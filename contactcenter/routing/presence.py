"""Presence: whether an agent is there for work, as they, a supervisor or their silence say; kept as intervals."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from contactcenter.routing import holding
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import (
    Agent,
    Assignment,
    Presence,
    PresenceInterval,
    Pulse,
    Stage,
    WorkItem,
    WorkState,
)
from contactcenter.routing.signals import agent_left

SILENT = timedelta(minutes=2)  # without a sign of life for so long, an agent is offline
CHOSEN = (Presence.AVAILABLE, Presence.AWAY, Presence.OFFLINE)  # the others follow from the work in hand
LIVE = "live"
WENT_SILENT = "silent"  # the reason of their being offline
BACK_WITHIN = timedelta(minutes=30)  # later a machine that wakes is no sign that somebody sits before it
AT_ONCE = 200  # agents of one sweep; the next takes up the others


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
        transaction.on_commit(partial(holding.take_back_offers, agent_id), robust=True)
        transaction.on_commit(partial(agent_left.send_robust, sender=Agent, agent_id=agent_id), robust=True)


def signs_of_life(agent_ids: Collection[int]) -> None:
    """These agents' requests or open pages; written down at most every ten seconds for each."""
    now = timezone.now()
    stale = Q(seen_at=None) | Q(seen_at__lt=now - timedelta(seconds=10))
    Agent.objects.filter(stale, pk__in=agent_ids).update(seen_at=now)


def live_began() -> None:
    """The process that hears the pages came up: while it was away nobody could show a sign of life through it."""
    Pulse.objects.update_or_create(name=LIVE, defaults={"began_at": timezone.now()})


def sweep_presence() -> int:
    """Put who has been silent for two minutes offline, and give back their written work; returns how many.

    Who was put offline so and shows signs of life again soon is what they last said they were: a lid was closed.
    """
    now = timezone.now()
    _welcome_back(now)
    since = now - SILENT
    if Pulse.objects.filter(name=LIVE, began_at__gt=since).exists():
        return 0
    there = Agent.objects.exclude(presence=Presence.OFFLINE).filter(_silent(since))
    gone = [
        agent_id for agent_id in list(there.values_list("pk", flat=True)[:AT_ONCE]) if _put_offline(agent_id, since)
    ]
    for agent_id in gone:
        give_back_written(agent_id, "offline")
    _take_from_the_absent(since)
    return len(gone)


def _silent(since: datetime) -> Q:
    return Q(seen_at=None) | Q(seen_at__lte=since)


@transaction.atomic
def _put_offline(agent_id: int, since: datetime) -> bool:
    """Whether the agent is silent still: somebody may have come back since the list was read."""
    if not Agent.objects.select_for_update(no_key=True).filter(_silent(since), pk=agent_id).exists():
        return False
    set_presence(agent_id, Presence.OFFLINE, actor="system", reason=WENT_SILENT)
    return True


def _take_from_the_absent(since: datetime) -> None:
    """Give back the written work of who was offline already (a program, a colleague it was handed to) and is silent."""
    absent = Agent.objects.filter(_silent(since), presence=Presence.OFFLINE)
    held = Assignment.objects.filter(ended_at=None, agent__in=absent, started_at__lte=since)
    agent_ids = held.exclude(work_item__kind__in=LIVE_KINDS).values_list("agent", flat=True).distinct()
    for agent_id in list(agent_ids[:AT_ONCE]):
        if absent.filter(pk=agent_id).exists():
            give_back_written(agent_id, "offline")


def _welcome_back(now: datetime) -> None:
    went = Agent.objects.filter(presence=Presence.OFFLINE, reason=WENT_SILENT, since__gt=now - BACK_WITHIN)
    for agent_id in list(went.filter(seen_at__gt=F("since")).values_list("pk", flat=True)[:AT_ONCE]):
        before = PresenceInterval.objects.filter(agent=agent_id, ended_at__isnull=False).order_by("-started_at").first()
        if before:
            set_presence(agent_id, Presence(before.state), actor="system", reason=before.reason)


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
