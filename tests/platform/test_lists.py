"""The first page of every list costs as many statements with many rows as with few, and how many is written here."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_app import copies
from contactcenter.accounts.models import ApiToken, Role, User
from contactcenter.channel import Point, Speaker
from contactcenter.desk import incidents, services, tagging
from contactcenter.intake.services import receive
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.routing import signs
from contactcenter.routing.services import open_work_item
from contactcenter.search.gathering import gather
from paper_intake.models import Letter, Scan
from tests import addresses
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 9

# Statements on PostgreSQL, and on SQLite where that is another number: it reads lanes one by one.
STATEMENTS: dict[str, tuple[int, ...]] = {
    "/api/v1/tickets": (3,),
    "/api/v1/tickets?state=new": (3,),
    "/api/v1/tickets?tag=vol": (3,),
    "/api/v1/tickets?q=carte": (6,),
    "/api/v1/queue": (6, 8),
    "/api/v1/search?q=carte": (7, 6),
    "/api/v1/procedures": (2,),
    "/api/v1/me/offers": (2,),
    "/api/v1/wallboard": (15,),
    "/desk/": (17, 19),
    "/desk/queue/": (9, 11),
    "/desk/mentions/": (7,),
    "/desk/offers/": (3,),
    "/desk/team/": (8,),
    "/desk/requests/": (6,),
    "/desk/requests/?whose=all&state=new": (7,),
    "/desk/search/?q=carte": (11, 10),
    "/desk/search/?tag=vol": (6,),
    "/desk/incidents/": (7,),
    "/desk/reports/": (17,),
    "/desk/staffing/": (4,),
    "/desk/line/": (7,),
    "/mailroom/": (9,),
    "/mailroom/letters/": (9,),
    "/mailroom/places/?q=bac": (13, 12),
    "/wallboard/": (21,),
    "/wallboard/figures/": (19,),
    "/": (7,),
    "/admin/offices/office/": (5,),
    "/admin/accounts/user/": (6,),
    "/admin/accounts/apitoken/": (6,),
    "/admin/procedures/procedure/": (5,),
    "/admin/procedures/procedureversion/": (6,),
    "/admin/routing/queue/": (6,),
    "/admin/routing/skill/": (5,),
    "/admin/routing/agent/": (5,),
    "/admin/routing/need/": (6,),
    "/admin/desk/replytemplate/": (5,),
    "/admin/reports/threshold/": (6,),
    "/admin/ivr/line/": (5,),
    "/admin/ivr/recording/": (6,),
    "/admin/ivr/slownumber/": (5,),
    "/admin/ivr/thirdparty/": (6,),
    "/admin/ivr/taperule/": (5,),
}


def test_first_pages_cost_the_same_with_many_rows_as_with_few(monkeypatch, settings):
    settings.CC_SECOND_FACTOR = ()
    monkeypatch.setattr(signs, "OFTEN_ENOUGH", float("inf"))  # else a slow machine notes once more who is there
    reader = an_administrator()
    lay(FEW, reader)
    few = counted(reader)
    lay(MANY, reader)
    many = counted(reader)

    here = -1 if connection.vendor == "sqlite" else 0
    assert few == {path: numbers[here] for path, numbers in STATEMENTS.items()}
    assert many == few


def an_administrator() -> User:
    user = a_user(role=Role.ADMINISTRATOR)
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def as_person(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client.get


def as_program(user: User) -> Any:
    return Client(headers={"authorization": f"Bearer {ApiToken.issue(user, 'test')}"}).get


def counted(reader: User) -> dict[str, int]:
    """The statements of every page, once what is remembered from page to page is remembered."""
    person, program = as_person(reader), as_program(reader)
    return {path: statements(program if path.startswith("/api/") else person, path) for path in STATEMENTS}


def statements(ask: Any, path: str) -> int:
    ask(path)
    copies.forget()
    with CaptureQueriesContext(connection) as asked:
        answer = ask(path)
    assert answer.status_code == 200
    return len(asked)


def lay(count: int, reader: User) -> None:
    """So many more of everything that a list shows."""
    agent = an_agent()
    for _ in range(count):
        number = ApiToken.objects.count()
        mail = a_ticket(
            text="Ma carte", speaker=Speaker(name="", points=(Point(kind="email", value=f"a{number}@x.fr"),))
        )
        receive(a_caller(f"+3363998{number:04d}"))
        services.note(mail.reference, f"@{reader.username} voir", agent)
        tagging.tag(mail.reference, "vol", agent)
        incidents.link(incidents.open_incident("Panne", "", agent).number, [mail.reference], agent)
        a_scan()
        a_letter(mail)
        colleague = a_user()
        ApiToken.issue(colleague, "test")
        an_office(f"office-{number}")
        kind = Procedure.objects.create(code=f"titre-{number}")
        ProcedureVersion.objects.create(procedure=kind, number=1, name={"fr": "Titre", "en": "Permit"})
    gather()


def a_scan() -> None:
    said = a_ticket(channel="paper", needs="scan_check").interactions.get()
    facts = {"sha256": "1", "size": 1, "name": "a.pdf", "content_type": "application/pdf", "place": "bac 7"}
    Scan.objects.create(interaction=said, received_on=said.occurred_at.date(), **facts)


def a_letter(ticket: Any) -> None:
    delivery = ticket.deliveries.order_by("pk")[0]
    item = open_work_item(ticket, "letter_to_post", actor="system", channel="paper", delivery_id=delivery.pk)
    Letter.objects.create(delivery=delivery, work_item=item, sha256="2", size=1)


def test_no_list_of_the_administration_is_forgotten():
    lists = {reverse(f"admin:{one._meta.label_lower.replace('.', '_')}_changelist") for one in admin.site._registry}

    assert {path for path in STATEMENTS if path.startswith("/admin/")} == lists


NO_LISTS = {
    "/api/v1/me/presence": "whether one is there",
    "/desk/phone/": "a telephone",
    "/mailroom/upload/": "a form",
}


def test_no_list_of_the_desk_the_mailroom_and_the_api_is_forgotten(settings):
    settings.CC_SECOND_FACTOR = ()
    reader = an_administrator()
    person, program = as_person(reader), as_program(reader)
    rooms = {f"/{path}" for path in addresses.rooms()}
    shown = {path for path in rooms if (program if path.startswith("/api/") else person)(path).status_code == 200}

    known = {path.partition("?")[0] for path in STATEMENTS}
    assert shown - known == set(NO_LISTS)
