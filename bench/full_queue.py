"""A queue that has grown over the head of an office, laid into the rig's database; prints the agents' tokens as JSON.

200 lanes over five offices; each agent serves 40 of them. The older half of what waits lies in lanes whose language
nobody present speaks; a tenth is scheduled. Every agent is on the telephone, other calls wait, reserve and cap are on,
and what waits is late: the next item is chosen under all the rules there are. Run in the rig's environment:
`python -m bench.full_queue ITEMS AGENTS`.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from contactcenter.offices.models import Office
    from contactcenter.routing.models import Lane, WorkItem

OFFICES, EACH_SERVES = 5, 2
CLASSES = ("message", "normal", "paper", "information")
SPOKEN, UNSPOKEN = ("aa", "ab", "ac", "ad", "ae"), ("ba", "bb", "bc", "bd", "be")
CALLS = 100


def main(items: int, agents: int) -> None:
    """Lay all of it out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    sys.stdout.write(json.dumps({"tokens": lay(items, agents)}))


def lay(items: int, agents: int) -> list[str]:
    """Lanes, what waits in them, and who is there; the agents' tokens."""
    offices = _offices(cap=agents)
    calls = [_lane(office, "call", "calls") for office in offices]  # each in the place of one of the spoken lanes
    spoken = [lane for office in offices for lane in _lanes(office, SPOKEN)[1:]]
    unspoken = [lane for office in offices for lane in _lanes(office, UNSPOKEN)]
    from django.utils import timezone

    from contactcenter.routing.fronts import mark_fronts

    now = timezone.now()
    tenth, half = items // 10, items // 2
    _items(unspoken, half, now - timedelta(days=20))
    _items(spoken, half - tenth, now - timedelta(days=10))
    _items(spoken, tenth, now - timedelta(days=10), state="scheduled", due_from=now + timedelta(days=60))
    _items(calls, CALLS, now - timedelta(seconds=CALLS), kind="call")
    in_conversation = _items(
        calls, agents, now - timedelta(minutes=5), kind="call", state="assigned", stage="connected"
    )
    mark_fronts()
    return _agents(offices, in_conversation)


def _offices(cap: int) -> "list[Office]":
    from contactcenter.offices.models import Office
    from contactcenter.routing.models import Queue

    one = Office.objects.order_by("pk")[0]
    offices = []
    for number in range(OFFICES):
        name = f"bench-{number}"
        facts = {"service": one.service, "address": one.address, "timezone": one.timezone}
        office = Office.objects.create(slug=name, name=name, email=f"{name}@example.org", phone="", **facts)
        Queue.objects.create(office=office, slug=name, name=name, cap=cap)
        offices.append(office)
    return offices


def _lanes(office: "Office", languages: tuple[str, ...]) -> "list[Lane]":
    return [_lane(office, one, f"bench-{language},writing") for one in CLASSES for language in languages]


def _lane(office: "Office", service_class: str, skills: str) -> "Lane":
    from contactcenter.routing.lanes import lane_for

    return lane_for(office, service_class, skills)


def _items(
    lanes: "list[Lane]", count: int, since: datetime, *, kind: str = "message", **facts: Any
) -> "list[WorkItem]":
    """So many, over all these lanes, one after the other; rows alone, since nobody measures this."""
    from contactcenter.routing.models import WorkItem
    from contactcenter.tickets.models import Ticket

    channel, due_at, first = "phone" if kind == "call" else "email", since + timedelta(days=3), Ticket.objects.count()
    tickets = [
        Ticket(
            reference=f"8{first + number:09}",
            follow_code="000000",
            office_id=lanes[number % len(lanes)].queue.office_id,
            legal_nature="assistance",
            channel=channel,
            subject=f"Demande {number}",
            due_at=due_at,
        )
        for number in range(count)
    ]
    Ticket.objects.bulk_create(tickets, batch_size=500)
    items = [
        WorkItem(
            kind=kind,
            channel=channel,
            ticket=ticket,
            lane=lanes[number % len(lanes)],
            enqueued_at=since + timedelta(seconds=number % (4 * 86_400) if kind == "message" else 0),
            due_at=due_at,
            **facts,
        )
        for number, ticket in enumerate(tickets)
    ]
    return WorkItem.objects.bulk_create(items, batch_size=500)


def _agents(offices: "list[Office]", in_conversation: "list[WorkItem]") -> list[str]:
    """One for each of these calls."""
    from contactcenter.accounts.models import ApiToken, User
    from contactcenter.routing.models import Agent, Assignment, Presence, Skill
    from contactcenter.routing.presence import set_presence

    codes = ("writing", "calls", *(f"bench-{language}" for language in SPOKEN))
    skills = [Skill.objects.get_or_create(code=code, defaults={"label": code})[0] for code in codes]
    tokens = []
    for number, call in enumerate(in_conversation):
        user = User.objects.create(username=f"bench-{number}", role="agent", first_name=f"Inès {number}")
        user.offices.set([offices[(number + step) % OFFICES] for step in range(EACH_SERVES)])
        agent = Agent.objects.create(user=user)
        agent.skills.set(skills)
        actor = f"agent:{agent.pk}"
        set_presence(agent.pk, Presence.AVAILABLE, actor=actor)
        Assignment.objects.create(work_item=call, agent=agent, actor=actor, holder=str(user))
        tokens.append(ApiToken.issue(user, "bench"))
    return tokens


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
