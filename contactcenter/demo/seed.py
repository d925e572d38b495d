"""A lived-in demo: two offices, those who work there, and a street of people who reached them by every channel.

Everything goes through the doors that real life uses, back-dated. Nothing is left to be sent, and no item returns to
the queue by itself within the hour: the demo makes no traffic of its own.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from contactcenter import pdf, vault
from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.demo.logins import LOGINS, Login, passwords
from contactcenter.desk import services as desk
from contactcenter.intake.services import amend, receive
from contactcenter.offices.models import Door, Office
from contactcenter.outbox.models import Delivery
from contactcenter.procedures.management.commands.procedures import OURS
from contactcenter.procedures.reading import read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing.models import Agent, Skill
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Interaction, Ticket

STREET = Path(__file__).parent / "street.yaml"
POINT_KIND = {"email": "email", "phone": "phone", "paper": "address"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
SKILL_LABELS = {"calls": "appels et rappels", "writing": "réponses écrites", "mailroom": "courrier"}
OFFICES: tuple[dict[str, Any], ...] = (
    {
        "slug": "valmorin",
        "name": "Accueil des étrangers · Valmorin",
        "service": "Accueil des étrangers de Valmorin",
        "address": "3 place de l'Exemple\n99000 Valmorin",
        "email": "contact@demo.example",
        "phone": "+33199000000",
    },
    {
        "slug": "roquebrande",
        "name": "Accueil des étrangers · Roquebrande",
        "service": "Accueil des étrangers de Roquebrande",
        "address": "21 rue des Carriers Imaginaires\n99200 Roquebrande",
        "email": "roquebrande@demo.example",
        "phone": "+33199000020",
    },
)


@transaction.atomic
def seed() -> bool:
    """Make the demo's world on the first start; whether there was anything to make."""
    if Office.objects.exists():
        return False
    first, second = (_office(facts) for facts in OFFICES)
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    known = passwords()
    for login in LOGINS:
        _user(login, known[login.username])
    street = yaml.safe_load(STREET.read_text("utf-8"))
    agent = principal_for(User.objects.get(username="agent"))
    for number, person in enumerate(street["people"]):
        _reached(person, first, f"seed-{number}", agent)
    for number, person in enumerate(street["elsewhere"]):
        _reached(person, second, f"seed-elsewhere-{number}", agent)
    for number, letter in enumerate(street["letters"]):
        _posted(letter, first, number)
    _nothing_left_to_send()
    return True


def _office(facts: dict[str, Any]) -> Office:
    office = Office.objects.create(**facts)
    phone = {**{day: [["08:30", "18:00"]] for day in WEEKDAYS}, "sat": [["09:00", "12:30"]]}
    counter = {day: [["09:00", "12:30"], ["13:30", "16:30"]] for day in WEEKDAYS}
    mailroom = {day: [["08:00", "16:00"]] for day in WEEKDAYS}
    for kind, address, hours in (
        ("phone", office.phone, phone),
        ("mailroom", office.address, mailroom),
        ("counter", "Guichet 3, " + office.address.replace("\n", ", "), counter),
        ("mailbox", office.email, {}),
    ):
        Door.objects.create(office=office, kind=kind, address=address, hours=hours)
    return office


def _user(login: Login, password: str) -> None:
    user = User.objects.create(
        username=login.username,
        password=make_password(password),
        role=login.role,
        first_name=login.first_name,
        last_name=login.last_name,
        is_staff=login.role == "administrator",
        is_superuser=login.role == "administrator",
    )
    user.offices.add(Office.objects.get(slug=login.office))
    agent = Agent.objects.create(user=user)
    skills = [
        Skill.objects.get_or_create(code=code, defaults={"label": SKILL_LABELS[code]})[0] for code in login.skills
    ]
    agent.skills.set(skills)


def _reached(person: dict[str, Any], office: Office, key: str, agent: Principal) -> None:
    at = timezone.now() - timedelta(minutes=person["ago"])
    needs = person.get("needs", "message")
    ticket = receive(
        Inbound(
            channel=person["by"],
            external_id=key,
            occurred_at=at,
            office_id=office.pk,
            speaker=Speaker(name=person["name"], points=(_point(person),), named=True),
            subject=person["subject"],
            text=person["text"],
            language=person["language"],
            procedure=person.get("procedure", ""),
            raw_sha256=vault.keep(person["text"].encode()).sha256,
            needs="" if needs == "callback_abandoned" else needs,
            receipt=needs != "callback_abandoned",
        )
    )
    if needs == "callback_abandoned":
        amend(
            channel="phone",
            external_id=key,
            needs="callback",
            service_class="abandoned",
            enqueued_at=at,
            subject="Appel sans réponse",
        )
    for step in person.get("then", []):
        _since(ticket, step, agent)


def _point(person: dict[str, Any]) -> Point:
    at = person["at"]
    kind = POINT_KIND.get(person["by"]) or ("email" if "@" in at else "phone" if at.startswith("+") else "address")
    return Point(kind=kind, value=at)


def _since(ticket: Ticket, step: dict[str, str], agent: Principal) -> None:
    for verb, text in step.items():
        if verb == "note":
            desk.note(ticket.reference, text, agent)
        elif verb == "reply":
            desk.reply(ticket.reference, text, agent)
        elif verb == "solve":
            desk.solve(ticket.reference, agent, disposition="answered", text=text)
        elif verb == "solve_called":
            desk.solve(ticket.reference, agent, disposition="answered", text=text, means="page")


def _posted(letter: dict[str, Any], office: Office, number: int) -> None:
    """A scanned letter that waits for a clerk; its image lies in the inbox as a scanner would have left it."""
    from paper_intake.accept import Source, accept
    from paper_intake.sandbox import Press

    at = timezone.now() - timedelta(minutes=letter["ago"])
    scan = vault.path(vault.keep(pdf.render("seed_letter", {"lines": letter["text"]})).sha256)
    with Press() as press:
        source = Source(path=scan, name=f"scan-{number + 1}.pdf", door="folder", mark="seed", at=at, actor="system")
        accepted = accept(source, office, press)
    accepted.scan.place = letter["place"]
    accepted.scan.save(update_fields=["place"])


def _nothing_left_to_send() -> None:
    """What the street's people were sent has long arrived."""
    for delivery in Delivery.objects.exclude(means__in=["page", "callback"]).filter(state__in=["pending", "sending"]):
        Delivery.objects.filter(pk=delivery.pk).update(state="sent", sent_at=delivery.created_at)
    Interaction.objects.filter(direction="out").update(occurred_at=timezone.now() - timedelta(minutes=40))
