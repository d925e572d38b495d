"""People, requests and agents for tests; all through the real doors."""

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from contactcenter.accounts.models import Role, User
from contactcenter.accounts.principal import Principal
from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.offices.models import Door, Office
from contactcenter.routing.models import Agent, Choosing, Queue, Skill
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket

_numbers = itertools.count(1)
WEEK = {day: [["08:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SKILLS = ("calls", "writing", "mailroom")


def an_office(slug: str = "valmorin", *, hours: dict[str, list[list[str]]] | None = None, **fields: Any) -> Office:
    """An office with four doors; the same one for the same slug. Without hours every hour counts."""
    known = Office.objects.filter(slug=slug).first()
    if known:
        return known
    facts = {
        "name": f"Accueil · {slug.title()}",
        "service": "Accueil des étrangers",
        "address": "3 place de l'Exemple\n99000 Valmorin",
        "email": f"contact@{slug}.example",
        "phone": f"+3319900{sum(slug.encode()) % 10000:04d}",
        "timezone": "Europe/Paris",
        **fields,
    }
    office = Office.objects.create(slug=slug, **facts)
    for kind, address in (
        ("phone", office.phone),
        ("mailbox", office.email),
        ("mailroom", office.address),
        ("counter", office.address),
    ):
        Door.objects.create(office=office, kind=kind, address=address, hours=hours or {})
    Queue.objects.create(office=office, slug=office.slug, name=office.name, choosing=Choosing.FREE)
    return office


def a_user(role: str = Role.AGENT, *, office: Office | None = None, skills: tuple[str, ...] = SKILLS) -> User:
    """Somebody who works in the office, by default with every skill."""
    number = next(_numbers)
    user = User.objects.create_user(
        username=f"{role}{number}-{timezone.now():%f}", password="pass", role=role, first_name=f"Inès {number}"
    )
    user.offices.add(office or an_office())
    agent = Agent.objects.create(user=user)
    agent.skills.set([Skill.objects.get_or_create(code=code, defaults={"label": code})[0] for code in skills])
    return user


def an_agent(**kwargs: Any) -> Principal:
    """An agent of the office, as the core sees them."""
    return principal_for(a_user(**kwargs))


def an_inbound(**fields: Any) -> Inbound:
    """An e-mail from Ana to the office, unless said otherwise."""
    office = fields.pop("office", None) or an_office()
    facts: dict[str, Any] = {
        "channel": "email",
        "external_id": f"message-{next(_numbers)}",
        "occurred_at": timezone.now(),
        "office_id": office.pk,
        "speaker": Speaker(name="Ana Exemple", points=(Point(kind="email", value="ana@example.org"),)),
        "subject": "Titre accepté, pas de rendez-vous",
        "text": "Bonjour, je n'ai pas de rendez-vous.",
        "language": "fr",
    }
    return Inbound(**{**facts, **fields})


def a_ticket(**fields: Any) -> Ticket:
    """A ticket that came in through `receive`."""
    return receive(an_inbound(**fields))


def a_caller(number: str = "+33639980001", **fields: Any) -> Inbound:
    """A call that waits for an agent."""
    speaker = Speaker(points=(Point(kind="phone", value=number),))
    facts: dict[str, Any] = {"channel": "phone", "speaker": speaker, "needs": "call", "receipt": False, "text": ""}
    return an_inbound(**{**facts, **fields})


def at(text: str) -> datetime:
    """An aware instant: at("2026-11-23 14:02+01:00")."""
    return datetime.fromisoformat(text)
