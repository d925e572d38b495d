"""A lived-in demo: two offices, those who work there, and a street of people who reached them by every channel.

Everything goes through the doors that real life uses, back-dated. Nothing is left to be sent, and no item returns to
the queue by itself within the hour: the demo makes no traffic of its own.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from contactcenter import pdf, vault
from contactcenter.accounts.models import User
from contactcenter.demo.logins import LOGINS, Login, passwords
from contactcenter.demo.street import ago, reached, read_street
from contactcenter.desk.models import ReplyTemplate
from contactcenter.offices.models import Door, Office
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing.models import Agent, Skill
from contactcenter.routing.selectors import principal_for

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
    street = read_street()
    for group, office, username in (("people", first, "agent"), ("elsewhere", second, "agent2")):
        agent = principal_for(User.objects.get(username=username))
        for number, person in enumerate(street[group]):
            reached(person, office, f"seed-{group}-{number}", agent)
    _posted(street["letters"], first)
    ReplyTemplate.objects.bulk_create(ReplyTemplate(**words) for words in street["templates"])
    return True


def _office(facts: dict[str, Any]) -> Office:
    office = Office.objects.create(timezone=settings.TIME_ZONE, **facts)
    phone = {**{day: [["08:30", "18:00"]] for day in WEEKDAYS}, "sat": [["09:00", "12:30"]]}
    counter = {day: [["09:00", "12:30"], ["13:30", "16:30"]] for day in WEEKDAYS}
    mailroom = {day: [["08:00", "16:00"]] for day in WEEKDAYS}
    for kind, address, hours in (
        ("phone", office.phone, phone),
        ("mailroom", office.address, mailroom),
        ("counter", "Guichet 3\n" + office.address, counter),
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


def _posted(letters: list[dict[str, Any]], office: Office) -> None:
    """Scanned letters that wait for a clerk, taken in as from the scan folder."""
    from paper_intake.accept import Source, accept
    from paper_intake.sandbox import Press

    with Press() as press:
        for number, letter in enumerate(letters, 1):
            scan = vault.path(vault.keep(pdf.render("seed_letter", {"lines": letter["lines"]})).sha256)
            name, at = f"scan-{number:04}.pdf", ago(letter["ago"])
            source = Source(path=scan, name=name, door="folder", mark="seed", at=at, actor="system")
            accepted = accept(source, office, press)
            accepted.scan.place = letter["place"]
            accepted.scan.save(update_fields=["place"])
