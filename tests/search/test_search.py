"""A ticket is found by its words, its person or its number, and never by who may not see it."""

import pytest
from django.db import connection
from django.test import Client

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point, Speaker
from contactcenter.desk import joining
from contactcenter.desk import services as desk
from contactcenter.errors import InvalidError
from contactcenter.intake.services import amend, receive
from contactcenter.routing import services as routing
from contactcenter.routing.models import Queue
from contactcenter.search import indexed, selectors
from contactcenter.search.gathering import gather, rebuild
from contactcenter.search.models import Entry, Mark
from contactcenter.search.words import numbers, plain, snippet, words
from contactcenter.tickets.models import Ticket
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_ticket, a_user, an_agent, an_inbound, an_office

pytestmark = pytest.mark.django_db
SERVICE_ITSELF = Principal.of_service()
SPELLINGS = ("06 39 98 00 01", "06.39.98.00.01", "0639980001", "+33639980001", "+33 6 39 98 00 01")


def found(q: str, by: Principal = SERVICE_ITSELF) -> list[str]:
    hits, _following = selectors.search(by, q, limit=50)
    return [hit.ticket.reference for hit in hits]


def gathered(**fields: object) -> Ticket:
    ticket = a_ticket(**fields)
    gather()
    return ticket


@pytest.mark.parametrize("q", ["volee", "VOLÉE", "carte volée", "vol", "Ana", "exemple", "ana carte"])
def test_by_words_without_accents_and_by_their_beginning(q: str):
    ticket = gathered(text="Ma carte a été volée.")
    gathered(text="Autre chose", subject="Autre", speaker=Speaker(name="Bilal"))

    assert found(q) == [ticket.reference]


def test_all_the_words_must_be_there():
    gathered(text="Ma carte")

    assert found("carte passeport") == []


@pytest.mark.parametrize("q", ["office", "offic", "off"])
def test_the_word_that_stands_for_an_office_is_no_word_of_a_request(q: str):
    gathered(text="Rien de tel")

    assert found(q) == []


def test_by_a_word_that_looks_like_it():
    ticket = gathered(text="Office français de l'immigration")

    assert found("office français") == [ticket.reference]


def test_by_its_number_however_it_is_written():
    ticket = a_ticket()
    number = ticket.reference

    assert found(number) == found(f"{number[:3]} {number[3:6]} {number[6:]}") == [number]


def test_by_address_and_by_telephone_number():
    ticket = gathered(speaker=Speaker(name="Ana", points=(Point(kind="phone", value="+33639980001"),)))
    mail = gathered()

    assert found("06 39 98 00 01") == found("+33639980001") == [ticket.reference]
    assert found("ANA@example.org") == [mail.reference]


def test_a_number_or_an_address_that_stands_in_a_text_is_found_beside_whoever_has_it():
    quoted = gathered(text="Rappelez le 06 39 98 00 01, ou écrivez à bea@example.org : dossier 123456789.")
    whose = gathered(speaker=Speaker(name="Bea", points=(Point(kind="phone", value="+33639980001"),)))

    hits, _following = selectors.search(SERVICE_ITSELF, "06 39 98 00 01", limit=5)

    assert [(hit.ticket, hit.where) for hit in hits] == [(whose, "person"), (quoted, "interaction")]
    for q in ("bea@example.org", "123456789", "dossier 123456789"):
        assert found(q) == [quoted.reference], q


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_number_in_a_text_is_found_however_it_is_spelt_there_and_here(written: str):
    quoted = gathered(text=f"Vu le 06/01. Rappelez le {written}.")
    gathered(text="Rappelez le 06 39 98 00 02, pas le 0639980003.")

    for q in SPELLINGS:
        (hit,), _following = selectors.search(SERVICE_ITSELF, q, limit=5)
        assert (hit.ticket, hit.where) == (quoted, "interaction"), q


@pytest.mark.parametrize("q", SPELLINGS)
def test_a_number_is_not_found_where_its_groups_stand_apart(q: str):
    gathered(text="Rendez-vous le 06/01 à 00 h 39, dossier 98. Ou le 6, écrit en 33.")

    assert found(q) == []


def test_words_beside_a_number_are_words():
    gathered(text="Autre chose", speaker=Speaker(name="Ana", points=(Point(kind="phone", value="+33639980001"),)))

    assert found("dossier 06 39 98 00 01") == []


def test_pages_of_both_kinds_follow_one_another_and_none_is_shown_twice():
    has_it = Speaker(name="Ana", points=(Point(kind="phone", value="+33639980001"),))
    told = "Appelez le 06 39 98 00 01"
    kinds = ({"speaker": has_it}, {"text": told}, {"speaker": has_it, "text": told})
    tickets = [a_ticket(**kinds[number % 3]) for number in range(8)]
    gather()
    seen: list[Ticket] = []
    before = None
    while True:
        hits, before = selectors.search(SERVICE_ITSELF, "06 39 98 00 01", limit=3, before=before)
        seen += [hit.ticket for hit in hits]
        if before is None:
            break

    assert seen == tickets[::-1]


def test_what_came_later_is_found_as_well():
    ticket = gathered(external_id="later")
    amend(channel="email", external_id="later", text="il s'agit d'un dictionnaire")
    desk.note(ticket.reference, "voir le parapluie", an_agent())
    receive(an_inbound(ticket_id=ticket.pk, text="un hippopotame"))

    assert gather() == 1
    assert found("dictionnaire") == found("parapluie") == found("hippopotame") == [ticket.reference]


def test_gathering_goes_on_where_it_was_and_again_changes_nothing():
    first = gathered(text="premier")
    assert gather() == 0
    second = a_ticket(text="deuxieme")

    assert gather() == 1
    assert found("premier") == [first.reference]
    assert found("deuxieme") == [second.reference]
    Entry.objects.all().delete()
    rebuild()
    assert found("premier") == [first.reference]


def test_an_event_that_committed_late_is_not_passed_over():
    gathered(text="premier")

    assert Mark.objects.get().event_id == 0


def test_the_reader_s_rights_bound_what_is_found():
    here, there = gathered(text="carte"), gathered(text="carte", office=an_office("elsewhere"))
    by = an_agent()

    assert found("carte", by) == [here.reference]
    assert found(there.reference, by) == []
    assert found("ana@example.org", by) == [here.reference]
    assert found("carte") == [there.reference, here.reference]


def test_a_merged_number_tells_nothing_of_where_it_went_to_who_does_not_see_that():
    here, there = a_ticket(), a_ticket(office=an_office("elsewhere"), subject="Le secret de Zénobie")
    joining.merge(here.reference, there.reference, SERVICE_ITSELF)
    for item in there.work_items.unfinished():
        routing.withdraw(item.pk, actor="clock", outcome="elsewhere")

    assert found(here.reference, an_agent()) == []
    assert found(here.reference, an_agent(office=an_office("elsewhere"))) == []
    assert found(here.reference) == [there.reference]


def test_a_ticket_that_was_passed_on_is_found_where_it_is_now():
    ticket = gathered(text="carte")
    elsewhere = an_office("elsewhere")
    desk.transfer(ticket.reference, an_agent(), queue=Queue.objects.get(office=elsewhere))
    assert found("carte", an_agent()) == []
    gather()

    assert found("carte", an_agent(office=elsewhere)) == [ticket.reference]


@pytest.mark.parametrize("q", ["", "   ", "&&& | !!! ( ) : *", "'", "\x00", "x" * 10_000, "mot " * 60])
def test_a_search_that_says_nothing_is_told_what_to_type(q: str):
    with pytest.raises(InvalidError) as told:
        selectors.search(SERVICE_ITSELF, q, limit=10)
    assert str(told.value)


@pytest.mark.parametrize("q", ["a' | 'b", "a:*", "100%", "l'été", "œuvre", "ß", "a_b", "ا ب", "-- drop", "!a"])
def test_whatever_is_typed_is_only_words(q: str):
    ticket = gathered(text=q)

    assert found(q) == [ticket.reference]


def test_pages_follow_one_another_and_none_is_shown_twice():
    tickets = [a_ticket(text="carte").reference for _ in range(7)]
    gather()
    seen: list[str] = []
    before = None
    while True:
        hits, before = selectors.search(SERVICE_ITSELF, "carte", limit=3, before=before)
        seen += [hit.ticket.reference for hit in hits]
        if before is None:
            break

    assert seen == tickets[::-1]


def test_the_snippet_shows_what_was_found():
    gathered(text=f"{'blabla ' * 100} ma carte a été volée hier {'blabla ' * 100}")

    (hit,), _following = selectors.search(SERVICE_ITSELF, "volee", limit=5)

    assert hit.where == "interaction"
    assert "carte a été volée hier" in hit.snippet
    assert len(hit.snippet) < 200


def test_figures_that_may_be_two_numbers_are_words():
    ticket = gathered(text="Dossier 12345, reçu en 2026, à Ivry")

    assert found("2026 12345") == [ticket.reference]


def test_a_number_in_groups_is_one_word_too_wherever_it_begins():
    there = list(numbers("le 01/02, 06 39 98 00\u00a001"))

    assert there == ["01020639980001", "020639980001", "0639980001", "39980001"]
    assert list(numbers("Le 06/01 à 00 h 39, dossier 98, ou 0639980001")) == []
    assert max(map(len, numbers("1 " * 100))) == 15


def test_a_text_full_of_figures_adds_few_words():
    gathered(text=" ".join(f"{number:05}" for number in range(5000)))

    assert len(Entry.objects.get().words.split()) < 6100


def test_words_are_folded():
    assert words("L'ÉTÉ, 3ᵉ étage: n°5_b") == ["l", "ete", "3e", "etage", "n", "5", "b"]
    assert plain("Été") == "ete"
    assert snippet("", ["x"]) == ""


def entries(texts: list[str], **fields: object) -> list[Ticket]:
    """Tickets that have these words."""
    tickets = [a_ticket(**fields) for _ in texts]
    rows = zip(tickets, texts, strict=True)
    Entry.objects.bulk_create(
        Entry(ticket=one, words=f"office_{one.office_id} {text}", event_id=1) for one, text in rows
    )
    return tickets


@pytest.mark.postgresql
def test_for_a_rare_word_one_index_answers_for_words_and_rights():
    entries([f"mot{number}" for number in range(200)])
    by = an_agent()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("ANALYZE search_entry")
        asked = {"words": indexed.tsquery([["mot7"]], by.offices), "before": indexed.AFTER_ALL, "most": 30}
        cursor.execute(f"EXPLAIN {indexed._EVERYWHERE}", asked)
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "search_entry_lexemes" in plan


@pytest.mark.postgresql
def test_for_a_common_word_the_newest_tickets_suffice(django_assert_num_queries):
    tickets = entries(["carte"] * 40)
    by = an_agent()

    with django_assert_num_queries(1) as asked:
        found = indexed.matching([["carte"]], by.offices, 30, None)

    assert found == [ticket.pk for ticket in tickets[:-31:-1]]
    assert "tickets_ticket" in asked.captured_queries[0]["sql"]


@pytest.mark.postgresql
@pytest.mark.parametrize("window", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_however_few_are_looked_at_first_the_newest_are_found_in_their_order(monkeypatch, window: int, limit: int):
    monkeypatch.setattr(indexed, "WINDOW", window)
    monkeypatch.setattr(indexed, "SHARE", 1)
    here, there, beyond = an_office(), an_office("montreuil"), an_office("hautmont")
    for offices in ("hht", "tth", "bht", "bbb"):
        for letter in offices:
            entries(["carte rare" if letter == "t" else "carte"], office={"h": here, "t": there, "b": beyond}[letter])
    ours = frozenset({here.pk, there.pk})
    tickets = list(Ticket.objects.order_by("-pk").values_list("pk", "office"))

    def pages(word: str, offices: frozenset[int] | None) -> list[int]:
        seen: list[int] = []
        while page := indexed.matching([[word]], offices, limit, seen[-1] if seen else None):
            seen += page
        return seen

    assert pages("carte", ours) == [pk for pk, office in tickets if office in ours]
    assert pages("carte", None) == [pk for pk, _office in tickets]
    assert pages("rare", ours) == pages("rare", None) == [pk for pk, office in tickets if office == there.pk]
    assert pages("carte", frozenset()) == []


def test_over_the_api(settings):
    settings.CC_API_TOKEN = SERVICE
    ticket = gathered(text="carte")
    here = asking_as(a_user())
    stranger = asking_as(a_user(office=an_office("elsewhere")))

    (hit,) = here.get("/search", q="carte").json()["items"]
    assert (hit["reference"], hit["where"]) == (ticket.reference, "interaction")
    assert stranger.get("/search", q="carte").json() == {"items": [], "next": None}
    assert Api().get("/search", q="x" * 10_000).status_code == 422
    assert Api().get("/search").status_code == 422
    assert Api().get("/search", q="carte", cursor="made up").status_code == 422


def test_the_page_shows_what_was_found_as_text():
    ticket = gathered(text="<script>alert(1)</script> carte", subject="<b>Objet</b>")
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user())

    page = client.get("/desk/search/", {"q": "carte"}).content.decode()

    assert f"/desk/tickets/{ticket.reference}/" in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;Objet" in page
    assert client.get("/desk/search/").status_code == 200
    refused = client.get("/desk/search/", {"q": "&&&"})
    assert (refused.status_code, "Type a word" in refused.content.decode()) == (200, True)
