"""Lay out a full queue and agents with tokens, straight into the rig's database; prints the tokens as JSON.

Run in the rig's environment: `python -m bench.laying ITEMS AGENTS`.
"""

import json
import os
import sys
from datetime import timedelta

import django

CLASSES = (("message", "email"), ("message", "web"), ("message", "paper"), ("scan_check", "paper"))


def main(items: int, agents: int) -> None:
    """So many waiting items over several lanes, so many agents with every skill."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    _lay_items(items)
    sys.stdout.write(json.dumps({"tokens": _tokens(agents)}))


def _lay_items(count: int) -> None:
    """One ticket with one waiting item each, over the last day; rows alone, since nobody measures this."""
    from django.utils import timezone

    from contactcenter.offices.models import Office
    from contactcenter.routing.classes import skill_for, standard_class
    from contactcenter.routing.lanes import lane_for
    from contactcenter.routing.models import WorkItem
    from contactcenter.tickets.models import Ticket
    from contactcenter.tickets.reference import check_digit

    now = timezone.now()
    office = Office.objects.order_by("pk")[0]
    tickets = [
        Ticket(
            reference=f"{(body := str(500_000_000 + number))}{check_digit(body)}",
            follow_code="000000",
            office=office,
            legal_nature="assistance",
            channel=CLASSES[number % len(CLASSES)][1],
            subject=f"Demande {number}",
            due_at=now + timedelta(days=2),
        )
        for number in range(count)
    ]
    Ticket.objects.bulk_create(tickets, batch_size=500)
    lanes = {one: lane_for(office, standard_class(one[0], one[1]), skill_for(one[0])) for one in CLASSES}
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                kind=(one := CLASSES[number % len(CLASSES)])[0],
                channel=one[1],
                ticket=ticket,
                lane=lanes[one],
                enqueued_at=now - timedelta(seconds=86_400 - number % 86_400),
                due_at=now + timedelta(days=1),
            )
            for number, ticket in enumerate(tickets)
        ],
        batch_size=500,
    )


def _tokens(agents: int) -> list[str]:
    from contactcenter.accounts.models import ApiToken, User
    from contactcenter.offices.models import Office
    from contactcenter.routing.models import Agent, Skill

    office = Office.objects.order_by("pk")[0]
    skills = [
        Skill.objects.get_or_create(code=code, defaults={"label": code})[0] for code in ("calls", "writing", "mailroom")
    ]
    tokens = []
    for number in range(agents):
        user = User.objects.create(username=f"bench-{number}", role="agent", first_name=f"Inès {number}")
        user.offices.add(office)
        agent = Agent.objects.create(user=user)
        agent.skills.set(skills)
        tokens.append(ApiToken.issue(user, "bench"))
    return tokens


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
