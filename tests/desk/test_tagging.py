"""An office's own words on its requests, by which they are found again."""

import pytest

from contactcenter.accounts.principal import Principal
from contactcenter.desk import joining, tagging
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.search import gathering, selectors
from contactcenter.search.gathering import gather
from contactcenter.tickets.models import Tag
from tests.contracts.asking import asking_as
from tests.factories import a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def test_a_tag_is_put_on_once_in_small_letters_and_taken_off_again():
    ticket, by = a_ticket(), an_agent()

    tagging.tag(ticket.reference, " #Vol  Demain ", by)
    twice = tagging.tag(ticket.reference, "vol demain", by)
    off = tagging.untag(ticket.reference, "VOL DEMAIN", by)

    assert (twice, off) == (["vol demain"], [])
    assert list(ticket.events.filter(kind__startswith="ticket.").order_by("pk").values_list("kind", flat=True))[
        -2:
    ] == [
        "ticket.tagged",
        "ticket.untagged",
    ]
    assert ticket.events.get(kind="ticket.tagged").data == {"tag": Tag.objects.get().pk}


@pytest.mark.parametrize("name", ["", " # ", "a,b", "x" * 31])
def test_what_is_no_tag_is_refused(name: str):
    with pytest.raises(InvalidError):
        tagging.tag(a_ticket().reference, name, an_agent())


def test_tags_stay_few_on_a_request_and_in_an_office(monkeypatch):
    monkeypatch.setattr(tagging, "ON_ONE", 2)
    monkeypatch.setattr(tagging, "IN_OFFICE", 3)
    first, second, by = a_ticket(), a_ticket(), an_agent()
    for name in ("a", "b"):
        tagging.tag(first.reference, name, by)
    with pytest.raises(InvalidError, match="au plus 2"):
        tagging.tag(first.reference, "c", by)

    tagging.tag(second.reference, "c", by)
    with pytest.raises(InvalidError, match="déjà 3"):
        tagging.tag(second.reference, "d", by)
    assert tagging.tag(second.reference, "a", by) == ["a", "c"]


def test_an_office_s_words_are_offered_to_its_own_alone():
    other = an_office("elsewhere")
    tagging.tag(a_ticket().reference, "ici", an_agent())
    tagging.tag(a_ticket(office=other).reference, "ailleurs", an_agent(office=other))

    assert tagging.known_tags(an_agent()) == ["ici"]


def test_a_tagged_request_is_found_by_its_tag_and_by_a_search_for_the_word(client):
    marked, plain, by = a_ticket(subject="Marquée"), a_ticket(subject="Sans rien"), an_agent()
    hidden = a_ticket(office=an_office("elsewhere"), subject="Cachée")
    tagging.tag(marked.reference, "presse", by)
    tagging.tag(hidden.reference, "presse", an_agent(office=an_office("elsewhere")))
    gather()
    client.force_login(a_user())

    by_tag = client.get("/desk/search/?tag=presse").content.decode()
    both = client.get("/desk/search/?q=exemple&tag=presse").content.decode()

    assert [hit.ticket for hit in selectors.search(by, "presse", limit=9)[0]] == [marked]
    for page in (by_tag, both):
        assert "Marquée" in page
        assert "Sans rien" not in page
        assert "Cachée" not in page
    assert plain.tagged.count() == 0


def test_a_long_list_goes_on_where_it_stopped():
    tickets, by = [a_ticket() for _ in range(3)], an_agent()
    for ticket in tickets:
        tagging.tag(ticket.reference, "x", by)

    first, place = selectors.tagged(by, "x", limit=2)
    rest, end = selectors.tagged(by, "x", limit=2, before=place)

    assert [hit.ticket for hit in [*first, *rest]] == tickets[::-1]
    assert end is None


def test_a_search_for_words_and_a_tag_shows_full_pages_of_those_that_have_both():
    tickets, by = [a_ticket() for _ in range(9)], an_agent()
    for number in (0, 1, 5):
        tagging.tag(tickets[number].reference, "vol demain", by)
    gather()

    first, place = selectors.search(by, "exemple", tag="vol demain", limit=2)
    rest, end = selectors.search(by, "exemple", tag="vol demain", limit=2, before=place)
    (named,), _end = selectors.search(by, tickets[5].reference, tag="vol demain", limit=2)

    assert [hit.ticket for hit in first] == [tickets[5], tickets[1]]
    assert ([hit.ticket for hit in rest], end) == ([tickets[0]], None)
    assert named.ticket == tickets[5]
    for q in (tickets[4].reference, "introuvable"):
        assert selectors.search(by, q, tag="vol demain", limit=2) == ([], None)


@pytest.mark.parametrize("name", ["urgent", "★"])
def test_words_and_a_tag_are_looked_up_once_however_many_have_the_words(name: str, django_assert_max_num_queries):
    tickets, by = [a_ticket(text="C'est urgent.") for _ in range(9)], an_agent()
    tagging.tag(tickets[0].reference, name, by)
    gather()

    with django_assert_max_num_queries(4):  # words and tag, the tickets, what was said on them, their files
        hits, end = selectors.search(by, "urgent", tag=name, limit=1)

    assert ([hit.ticket for hit in hits], end) == ([tickets[0]], None)
    nobody = Principal(actor="user:0", label="nobody", role="agent", offices=frozenset())
    assert selectors.search(nobody, "urgent", tag=name, limit=1) == ([], None)


def test_a_person_s_address_and_a_tag_find_what_they_have_with_it():
    tickets, by = [a_ticket() for _ in range(3)], an_agent()
    tagging.tag(tickets[0].reference, "presse", by)

    hits, end = selectors.search(by, "ana@example.org", tag="presse", limit=2)

    assert ([hit.ticket for hit in hits], end) == ([tickets[0]], None)


def test_put_together_a_request_has_the_tags_of_both():
    first, second, by = a_ticket(), a_ticket(), an_agent()
    tagging.tag(first.reference, "presse", by)
    tagging.tag(second.reference, "urgent", by)

    joining.merge(first.reference, second.reference, by)

    assert tagging.tags_of(second) == ["presse", "urgent"]


def test_put_together_a_request_is_found_by_the_tags_of_both_and_undone_by_its_own():
    kept, given, by = a_ticket(text="Mon passeport"), a_ticket(), an_agent()
    user = a_user()
    tagging.tag(given.reference, "presse", by)
    gather()

    def is_found() -> list[bool]:
        by_words_and_tag, _end = selectors.search(by, "passeport", tag="presse", limit=9)
        by_tag, _end = selectors.tagged(by, "presse", limit=9)
        by_its_word, _end = selectors.search(by, "presse", limit=9)
        listed = [one["reference"] for one in asking_as(user).every("/tickets", tag="presse")]
        hits = [kept in [hit.ticket for hit in found] for found in (by_words_and_tag, by_tag, by_its_word)]
        return [*hits, kept.reference in listed]

    undo = joining.merge(given.reference, kept.reference, by)
    gather()
    together = is_found()
    joining.undo(undo.pk, by)
    gather()

    assert (together, is_found()) == ([True] * 4, [False] * 4)


def test_a_tag_on_a_request_with_a_very_long_text_is_found_by_a_search_for_the_word(monkeypatch):
    monkeypatch.setattr(gathering, "LONGEST", 100)
    ticket, by = a_ticket(text="mot " * 100), an_agent()
    tagging.tag(ticket.reference, "presse", by)
    gather()

    assert [hit.ticket for hit in selectors.search(by, "presse", limit=9)[0]] == [ticket]


def test_who_does_not_see_it_or_only_reads_changes_nothing():
    ticket = a_ticket()
    for verb in (tagging.tag, tagging.untag):
        with pytest.raises(NotFoundError):
            verb(ticket.reference, "x", an_agent(office=an_office("else")))
        with pytest.raises(NotAllowedError):
            verb(ticket.reference, "x", an_agent(role="auditor"))


def test_from_the_page_and_over_the_api(client):
    ticket, user = a_ticket(), a_user()
    client.force_login(user)
    client.post(f"/desk/tickets/{ticket.reference}/tags/", {"name": "Presse"})
    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    api = asking_as(user)

    tags = api.post(f"/tickets/{ticket.reference}/tags", {"name": "urgent"}).json()
    listed = [one["reference"] for one in api.every("/tickets", tag="presse")]
    left = api.post(f"/tickets/{ticket.reference}/tags/remove", {"name": "presse"}).json()

    assert 'href="/desk/search/?tag=presse">presse</a>' in page
    assert "Étiquette posée\u00a0: presse" in page
    assert (tags, listed, left) == (["presse", "urgent"], [ticket.reference], ["urgent"])
    assert client.post(f"/desk/tickets/{ticket.reference}/tags/", {"name": "a,b"}).status_code == 422
