"""The dispatcher: each second, calls and callbacks (and written work where a queue says so) are offered to agents."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from contactcenter.routing import floor, offers
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.floor import SEEN
from contactcenter.routing.heads import Head, heads
from contactcenter.routing.match import Asker, match
from contactcenter.routing.models import Agent, Assignment, Presence
from contactcenter.routing.score import Candidate
from contactcenter.routing.selectors import principal_for


def dispatch() -> int:
    """End what was not answered in time, then offer the most late work to those who are free; returns how many."""
    offers.expire_due()
    made = 0
    for office_heads in _by_office([head for head in heads() if head.live or head.offers_written]):
        askers = _askers(office_heads[0].office_id)
        if not askers:
            continue
        now = timezone.now()
        known = _last_agents(office_heads)
        waiting = [_candidate(head, now, known) for head in office_heads]
        for candidate, asker in list(match(waiting, askers, floor.floors_of(office_heads))):
            made += offers.make(candidate.id, asker.id or 0) is not None
    return made


def _candidate(head: Head, now: datetime, known: dict[int, int]) -> Candidate:
    one = head.candidate(now)
    return one if head.ticket_id not in known else replace(one, last_agent=known[head.ticket_id])


def _by_office(found: Collection[Head]) -> list[list[Head]]:
    offices: dict[int, list[Head]] = {}
    for head in found:
        offices.setdefault(head.office_id, []).append(head)
    return list(offices.values())


def _askers(office_id: int) -> list[Asker]:
    """Who of the office could be offered something: the idle, and for calls those in written work, once per item."""
    there = Agent.objects.filter(
        presence=Presence.AVAILABLE, seen_at__gte=timezone.now() - SEEN, user__is_active=True, user__offices=office_id
    ).exclude(offers__ended_at=None, offers__isnull=False)
    found = []
    for agent in there.select_related("user").annotate(last=Max("assignments__ended_at")):
        in_hand = agent.assignments.filter(ended_at=None).values_list("work_item__kind", "interrupted")
        live = any(kind in LIVE_KINDS for kind, _interrupted in in_hand)
        interrupted = any(once for _kind, once in in_hand)
        by = principal_for(agent.user)
        idle = not in_hand
        found.append(
            Asker(
                id=agent.pk,
                offices=by.offices,
                skills=by.skills,
                calls=not live and not interrupted,
                writing=idle,
                idle=idle,
                since=max(agent.since, agent.last or agent.since),
            )
        )
    return found


def _last_agents(found: Collection[Head]) -> dict[int, int]:
    """For each ticket, the agent who last worked on it."""
    tickets = {head.ticket_id for head in found}
    held = Assignment.objects.filter(work_item__ticket__in=tickets, agent__isnull=False).order_by("started_at")
    return dict(held.values_list("work_item__ticket", "agent"))
