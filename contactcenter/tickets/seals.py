"""Prove that the stories were not changed: one hash chain for each ticket, one root a day over all of them.

A chain is recomputed from the events, h(n) = SHA-256(h(n-1) + event n); a day's root covers the heads of the tickets
that had an event that day and the root before it. Who keeps yesterday's root elsewhere can prove every line before it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from contactcenter.tickets.models import Seal, TicketEvent

SETTLED = timedelta(hours=1)  # what was begun before midnight has committed by then
AT_ONCE = 31  # days sealed by one sweep


@transaction.atomic
def seal_days() -> int:
    """Seal every full day that is not sealed yet; returns how many. Days on which nothing happened are sealed too."""
    last = Seal.objects.order_by("-day").first()
    first = last.day + timedelta(days=1) if last else _first_day()
    today = (timezone.now() - SETTLED).astimezone(UTC).date()
    sealed, root = 0, last.root if last else ""
    while first and first < today and sealed < AT_ONCE:
        events, root = root_of(first, root)
        Seal.objects.create(day=first, events=events, root=root)
        first += timedelta(days=1)
        sealed += 1
    return sealed


def broken_days(last: int = 31) -> list[date]:
    """Which of the last sealed days are no longer what was sealed, the first of them first."""
    seals = list(Seal.objects.order_by("-day")[: last + 1])[::-1]
    roots = ["", *(seal.root for seal in seals)]
    if len(seals) > last:  # the oldest is only there for its root
        seals, roots = seals[1:], roots[1:]
    pairs = zip(seals, roots, strict=False)
    return [seal.day for seal, before in pairs if root_of(seal.day, before) != (seal.events, seal.root)]


def root_of(day: date, before: str) -> tuple[int, str]:
    """How many events a day (in UTC) has, and its root after the root before it."""
    starts = datetime.combine(day, time.min, UTC)
    ends = starts + timedelta(days=1)
    that_day = TicketEvent.objects.filter(at__gte=starts, at__lt=ends)
    tickets = set(that_day.values_list("ticket", flat=True))
    root = hashlib.sha256(before.encode())
    for ticket_id, head in sorted(_heads(tickets, ends)):
        root.update(f"{ticket_id}:{head}\n".encode())
    return that_day.count(), root.hexdigest()


def _heads(tickets: set[int], until: datetime) -> Iterator[tuple[int, str]]:
    """The end of each ticket's chain at that instant."""
    chains: defaultdict[int, str] = defaultdict(str)
    ordered = sorted(tickets)
    for at in range(0, len(ordered), 500):
        events = TicketEvent.objects.filter(ticket__in=ordered[at : at + 500], at__lt=until).order_by("ticket", "id")
        for event in events.iterator():
            chains[event.ticket_id] = _next(chains[event.ticket_id], event)
    return iter(chains.items())


def _next(before: str, event: TicketEvent) -> str:
    told = [event.pk, event.ticket_id, event.kind, event.actor, event.at.astimezone(UTC).isoformat(), event.data]
    return hashlib.sha256((before + json.dumps(told, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()


def _first_day() -> date | None:
    first = TicketEvent.objects.order_by("at").values_list("at", flat=True).first()
    return first.astimezone(UTC).date() if first else None
