"""A list that is filtered by words is the same list, only shorter: in its order, page by page, however it is read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.intake.services import receive
from contactcenter.routing.selectors import principal_for
from contactcenter.search import among, indexed
from contactcenter.search.gathering import gather
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import visible
from tests.contracts.asking import asking_as
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def found(q: str, by: Principal, most: int = 50, **only: object) -> list[int]:
    return among.newest_with(visible(by).filter(**only), q, offices=by.offices, most=most)


@pytest.mark.parametrize("window", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("most", [1, 2, 3, 50])
def test_however_few_are_looked_at_first_the_newest_are_found_in_their_order(monkeypatch, window: int, most: int):
    monkeypatch.setattr(among, "WINDOW", window)
    monkeypatch.setattr(indexed, "SHARE", 1)
    began = timezone.now() - timedelta(days=3)
    offices = {letter: an_office(slug) for letter, slug in zip("htb", ("here", "there", "beyond"), strict=True)}
    for number, letter in enumerate("hhttthbhtbbb"):  # the later its number, the older or the newer by turns
        opened = began + timedelta(hours=number if number % 2 else -number)
        text = "carte rare" if letter == "t" else "carte"
        a_ticket(text=text, channel="web" if number % 3 else "email", office=offices[letter], occurred_at=opened)
    gather()
    both = a_user(office=offices["h"])
    both.offices.add(offices["t"])
    agents = (an_agent(office=offices["b"]), principal_for(both), Principal.of_service())

    for by in agents:
        for word, only in (("carte", {}), ("rare", {}), ("carte", {"channel": "web"}), ("rare", {"channel": "email"})):
            theirs = visible(by).filter(**only).order_by("-opened_at", "-id")
            all_with = [one.pk for one in theirs if word == "carte" or one.office == offices["t"]]
            assert found(word, by, most, **only) == all_with[:most], (by.label, word, only)


def test_what_has_just_come_is_found_before_its_words_are_gathered_and_once_afterwards():
    by = an_agent()
    ticket = a_ticket(text="Ma carte a été volée.", subject="Carte")

    assert found("carte volée", by) == [ticket.pk]
    gather()
    assert found("carte volée", by) == found("CARTE volee", by) == found("vol", by) == [ticket.pk]
    assert found("carte perdue", by) == found("!", by) == []


@pytest.mark.parametrize("written", ["06 39 98 00 01", "0639980001", "+33 6 39 98 00 01"])
def test_a_number_in_a_text_is_found_however_it_is_spelt_before_its_words_are_gathered_and_afterwards(written: str):
    by = an_agent()
    ticket = a_ticket(text=f"Rappelez le {written}.")
    a_ticket(text="Rappelez le 06 39 98 00 02.")

    for q in ("06 39 98 00 01", "0639980001", "+33639980001"):
        assert found(q, by) == [ticket.pk], q
    gather()
    for q in ("06 39 98 00 01", "0639980001", "+33639980001"):
        assert found(q, by) == [ticket.pk], q


@pytest.mark.parametrize("q", ["06 39 98 00 01", "0639980001", "+33639980001"])
def test_a_number_is_not_found_where_its_groups_stand_apart(q: str):
    a_ticket(text="Rendez-vous le 06/01 à 00 h 39, dossier 98. Ou le 6, écrit en 33.")
    by = an_agent()

    assert found(q, by) == []
    gather()
    assert found(q, by) == []


def test_by_reference_address_and_number_and_never_of_other_offices():
    ticket, elsewhere = a_ticket(), a_ticket(office=an_office("elsewhere"))
    gather()
    by = an_agent()

    assert found(ticket.reference, by) == found("ANA@example.org", by) == found("rendez-vous", by) == [ticket.pk]
    assert found(elsewhere.reference, by) == []


def test_a_telephone_number_that_adds_up_as_a_reference_does_is_a_telephone_number():
    ticket = receive(a_caller("+33639980001"))

    assert found("06 39 98 00 01", an_agent()) == [ticket.pk]


def test_pages_of_a_filtered_list_follow_one_another():
    tickets = [a_ticket(text="carte").reference for _ in range(7)]
    a_ticket(text="autre", subject="Autre")
    gather()

    listed = [ticket["reference"] for ticket in asking_as(a_user()).every("/tickets", q="carte", limit=3)]

    assert listed == tickets[::-1]
    assert Ticket.objects.count() == 8
