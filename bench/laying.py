"""Lay out a full queue and agents, straight into the rig's database; prints their tokens and sessions as JSON.

Run in the rig's environment: `python -m bench.laying ITEMS AGENTS [AVAILABLE]`.
"""

import json
import os
import sys
from datetime import timedelta

import django

CLASSES = (("message", "email"), ("message", "web"), ("message", "paper"), ("scan_check", "paper"))


def main(items: int, agents: int, available: int = 0) -> None:
    """So many waiting items over several lanes, so many agents with every skill, so many of them there for work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    _lay_items(items)
    sys.stdout.write(json.dumps(_agents(agents, available)))


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


def _agents(count: int, available: int) -> dict[str, list[str]]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from contactcenter.accounts.models import ApiToken, User
    from contactcenter.offices.models import Office
    from contactcenter.routing.models import Agent, Presence, Skill
    from contactcenter.routing.presence import set_presence

    office = Office.objects.order_by("pk")[0]
    skills = [
        Skill.objects.get_or_create(code=code, defaults={"label": code})[0] for code in ("calls", "writing", "mailroom")
    ]
    laid: dict[str, list[str]] = {"tokens": [], "sessions": []}
    for number in range(count):
        user = User.objects.create(username=f"bench-{number}", role="agent", first_name=f"Inès {number}")
        user.offices.add(office)
        agent = Agent.objects.create(user=user)
        agent.skills.set(skills)
        laid["tokens"].append(ApiToken.issue(user, "bench"))
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        laid["sessions"].append(str(session.session_key))
        if number < available:
            set_presence(agent.pk, Presence.AVAILABLE, actor="system")
    return laid


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
