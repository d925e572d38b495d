"""A paper is found by the words of the place where it lies, whoever looks and however many there are."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from contactcenter.accounts.principal import Principal
from contactcenter.desk import services as desk
from contactcenter.routing.models import Queue
from contactcenter.search import selectors
from contactcenter.search.gathering import gather
from contactcenter.search.models import Entry, Mark
from contactcenter.tickets.models import TicketEvent
from paper_intake.lines import lying_in
from paper_intake.models import Scan
from tests.factories import a_ticket, a_user, an_agent, an_office
from tests.paper_intake import papers

pytestmark = pytest.mark.django_db


def a_paper(place: str, **fields: object) -> Scan:
    """A checked letter that lies there."""
    said = a_ticket(channel="paper", **fields).interactions.get()
    facts = {"sha256": "1", "size": 1, "name": "a.pdf", "content_type": "application/pdf", "place": place}
    return Scan.objects.create(interaction=said, received_on=said.occurred_at.date(), **facts)


def settle() -> None:
    """Half a minute later, when nothing is too new to be looked up."""
    gather()
    Mark.objects.update(event_id=TicketEvent.objects.latest("pk").pk)


def found(by: Principal, place: str) -> list[str]:
    return [line.place for line in lying_in(by, place)]


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("place", ["boîte 12", "BOITE 12", "12, boi", "12", "boîte n° 12"])
def test_by_its_words_or_their_beginnings_in_any_order(place: str, settled: bool):
    a_paper("Bac 7, chemise 3")
    a_paper("Boîte n° 12")
    if settled:
        settle()

    assert found(an_agent(), place) == ["Boîte n° 12"]


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("place", ["boîte 13", "2", "oîte", "Ana", "-- ° --", ""])
def test_what_is_not_written_on_it_finds_nothing(place: str, settled: bool):
    a_paper("Boîte n° 12")
    if settled:
        settle()

    assert found(an_agent(), place) == []


def test_the_newest_come_first_and_one_more_than_a_page_says_that_there_are_more():
    for number in range(60):
        a_paper(f"Bac 7, chemise {number}")
    settle()

    chemises = [line.rpartition(" ")[2] for line in found(an_agent(), "bac 7")]

    assert chemises == [str(number) for number in range(59, 8, -1)]


def test_two_papers_of_one_request_lie_where_they_lie():
    first = a_paper("Bac 7")
    said = first.interaction
    said.pk, said.external_id = None, "second"
    said.save()
    first.pk, first.interaction, first.place = None, said, "Coffre"
    first.save()
    settle()

    assert found(an_agent(), "coffre") == ["Coffre"]
    assert found(an_agent(), "bac") == ["Bac 7"]


@pytest.mark.parametrize("settled", [False, True])
def test_only_with_the_reader_s_rights_and_where_the_request_is_now(settled: bool):
    elsewhere = an_office("elsewhere")
    there, passed_on = a_paper("Bac 7", office=elsewhere), a_paper("Bac 8")
    desk.transfer(passed_on.interaction.ticket.reference, an_agent(), queue=Queue.objects.get(office=elsewhere))
    if settled:
        settle()

    assert found(an_agent(), "bac") == []
    assert found(an_agent(office=elsewhere), "bac") == [passed_on.place, there.place]


def test_a_place_is_no_word_of_the_request():
    a_paper("Coffre")
    settle()

    assert selectors.search(an_agent(), "coffre", limit=5) == ([], None)


def test_what_is_handed_in_again_with_a_place_lies_there(client, inbox, run_jobs):
    client.force_login(a_user(role="clerk"))
    letter = papers.typed_pdf("Lettre")
    for token, place in (("a", ""), ("b", "Bac 9"), ("c", "Bac 10")):
        file = SimpleUploadedFile("lettre.pdf", letter)
        client.post("/mailroom/upload/", {"files": [file], "token": token, "place": place})
    settle()

    assert found(an_agent(), "bac") == ["Bac 9"]


def test_what_lay_somewhere_before_places_were_words_is_found_as_well():
    a_paper("Bac 7")
    settle()
    for entry in Entry.objects.all():
        Entry.objects.update(words=entry.words.replace(" _7 _bac", ""))
    assert found(an_agent(), "bac 7") == []

    for _twice in range(2):
        import_module("paper_intake.migrations.0002_found_by_their_place").add_places(apps, None)

    assert found(an_agent(), "bac 7") == ["Bac 7"]
    assert Entry.objects.get().words.count("_bac") == 1


def test_it_costs_the_same_however_many_lie_there(django_assert_num_queries):
    by, statements = an_agent(), 5 if connection.vendor == "postgresql" else 4
    for _round in range(2):
        for number in range(3):
            a_paper(f"Bac {number}")
        settle()
        with django_assert_num_queries(statements):  # the words, the rights, what is new, the papers
            found(by, "bac")
