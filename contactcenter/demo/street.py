"""The people of the demo reach us and are answered: through the doors of real life, at times gone by."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from contactcenter import pdf, vault
from contactcenter.accounts.principal import Principal
from contactcenter.channel import File, Inbound, Point, Speaker
from contactcenter.desk import services as desk
from contactcenter.intake.services import amend, receive
from contactcenter.offices.models import Office
from contactcenter.outbox.models import Delivery
from contactcenter.receipts.models import Receipt
from contactcenter.tickets.models import Interaction, Note, Ticket

STREET = Path(__file__).parent / "street.yaml"
POINT_KIND = {"email": "email", "phone": "phone", "paper": "address"}
UNITS = {"min": "minutes", "h": "hours", "d": "days"}
CARRIED_IN = timedelta(seconds=4)


def read_street() -> dict[str, list[dict[str, Any]]]:
    """Everybody, as written in street.yaml."""
    return dict(yaml.safe_load(STREET.read_text("utf-8")))


def ago(text: str) -> datetime:
    """When "27 h" ago was."""
    number, unit = text.split()
    return timezone.now() - timedelta(**{UNITS[unit]: int(number)})


def reached(person: dict[str, Any], office: Office, key: str, agent: Principal) -> Ticket:
    """Somebody reaches us, and what has happened since happens."""
    at = ago(person["ago"])
    inbound = _inbound(person, office, key, at)
    ticket = receive(inbound)
    if person.get("needs") == "abandoned":
        amend(channel="phone", external_id=key, needs="callback", service_class="abandoned", enqueued_at=at)
    _arrived(ticket, at)
    for step in person.get("then", []):
        _since(ticket, step, agent)
        _arrived(ticket, ago(step["ago"]))
    return ticket


def _inbound(person: dict[str, Any], office: Office, key: str, at: datetime) -> Inbound:
    needs = person.get("needs", "message")
    text = person["text"].strip()
    return Inbound(
        channel=person["by"],
        external_id=key,
        occurred_at=at,
        office_id=office.pk,
        speaker=Speaker(name=person["name"], points=(_point(person),), named=True),
        subject=person.get("subject", ""),
        text=text,
        language=person["language"],
        procedure=person.get("procedure", ""),
        files=tuple(_file(name, person["name"]) for name in person.get("files", [])),
        raw_sha256=vault.keep(_mail(person, at) if person["by"] == "email" else text.encode()).sha256,
        needs="" if needs == "abandoned" else needs,
        receipt=needs != "abandoned",
    )


def _point(person: dict[str, Any]) -> Point:
    at = person["at"]
    kind = POINT_KIND.get(person["by"]) or ("email" if "@" in at else "phone" if at.startswith("+") else "address")
    return Point(kind=kind, value=at)


def _mail(person: dict[str, Any], at: datetime) -> bytes:
    """The mail as it came in."""
    message = EmailMessage()
    message["From"] = f"{person['name']} <{person['at']}>"
    message["Subject"] = person["subject"]
    message["Date"] = at
    message.set_content(person["text"])
    return bytes(message)


def _file(name: str, author: str) -> File:
    page = pdf.render("seed_letter", {"lines": [author, "", name.removesuffix(".pdf").replace("-", " ")]})
    return File(name=name, content_type="application/pdf", kept=vault.keep(page))


def _since(ticket: Ticket, step: dict[str, Any], agent: Principal) -> None:
    if "note" in step:
        desk.note(ticket.reference, step["note"], agent)
    elif "reply" in step:
        desk.reply(ticket.reference, step["reply"], agent)
    elif "hold" in step:
        until = timezone.now() + timedelta(days=step["days"])
        desk.hold(ticket.reference, agent, until=until, text=step["hold"])
    elif "solve" in step:
        desk.solve(ticket.reference, agent, disposition="answered", text=step["solve"])
    else:
        desk.solve(ticket.reference, agent, disposition="answered", text=step["solve_called"], means="page")


def _arrived(ticket: Ticket, at: datetime) -> None:
    """What was just said happened then, and what was sent has long been there: nothing is left to carry."""
    lately = timezone.now() - timedelta(minutes=1)
    Interaction.objects.filter(ticket=ticket, direction="out", occurred_at__gt=lately).update(occurred_at=at)
    Note.objects.filter(ticket=ticket, at__gt=lately).update(at=at)
    Receipt.objects.filter(ticket=ticket, issued_at__gt=lately).update(issued_at=at + CARRIED_IN)
    Ticket.objects.filter(pk=ticket.pk, solved_at__gt=lately).update(solved_at=at)
    sent = Delivery.objects.filter(ticket=ticket, created_at__gt=lately)
    sent.update(created_at=at + CARRIED_IN, due_at=at + CARRIED_IN)
    carried = Delivery.objects.filter(ticket=ticket, state__in=["pending", "sending"]).exclude(means="callback")
    carried.update(state="sent", sent_at=at + 2 * CARRIED_IN)
