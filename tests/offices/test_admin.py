"""What an administrator enters for an office is kept as calls and mails name it, or refused with a sentence."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from contactcenter.offices.models import Door, Office

pytestmark = pytest.mark.django_db


def entered(client: Client, *, door: dict[str, str] | None = None, **fields: str) -> Any:
    facts = {
        "slug": "brumefort",
        "name": "Accueil · Brumefort",
        "service": "Accueil des étrangers",
        "address": "3 place de l'Exemple\r\n99000 Brumefort\r\n",
        "phone": "+33 1 99 00 00 00",
        "timezone": "Europe/Paris",
        "doors-TOTAL_FORMS": "1" if door else "0",
        "doors-INITIAL_FORMS": "0",
        "closures-TOTAL_FORMS": "0",
        "closures-INITIAL_FORMS": "0",
        **fields,
        **{f"doors-0-{name}": value for name, value in (door or {}).items()},
    }
    with translation.override("en"):
        return client.post("/admin/offices/office/add/", facts, headers={"Accept-Language": "en"})


def test_lines_and_numbers_are_kept_as_they_are_printed_and_called(admin_client: Client):
    door = {"kind": "phone", "address": "+33 (1) 99.00-00 00", "hours": "lun 8:30-18:00"}

    entered(admin_client, door=door)

    office = Office.objects.get()
    assert office.address == "3 place de l'Exemple\n99000 Brumefort"
    assert office.phone == "+33199000000"
    assert Door.objects.at("phone", "+33199000000").get().office == office


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"timezone": "Paris"}, "no such time zone"),
        ({"timezone": "../etc"}, "no such time zone"),
        ({"department": "100"}, "Write the department"),
        ({"phone": "01 99 00 00 00"}, "with its country"),
    ],
)
def test_what_no_clock_or_telephone_understands_is_refused(admin_client: Client, fields: dict[str, str], sentence: str):
    assert sentence in entered(admin_client, **fields).content.decode()
    assert not Office.objects.exists()


@pytest.mark.parametrize(
    ("door", "sentence"),
    [
        ({"kind": "phone", "address": "call us"}, "with its country"),
        ({"kind": "mailbox", "address": "contact at example.org"}, "name@example.org"),
        ({"kind": "counter", "address": "Guichet 3", "hours": "mon 18:00-8:00"}, "spans must end"),
        ({"kind": "counter", "address": "Guichet 3", "hours": "someday 8-12"}, "“someday 8-12” cannot be read"),
    ],
)
def test_a_door_that_nobody_could_find_is_refused(admin_client: Client, door: dict[str, str], sentence: str):
    assert sentence in entered(admin_client, door=door).content.decode()
    assert not Door.objects.exists()


def test_a_number_that_leads_elsewhere_already_is_told_where(admin_client: Client):
    door = {"kind": "phone", "address": "+33199000000"}
    entered(admin_client, door=door)

    told = entered(admin_client, door=door, slug="second", name="Deuxième").content.decode()

    assert "This leads to “Accueil · Brumefort” already" in told
    assert "door_one_office_per_number" not in told
    assert Door.objects.count() == 1
