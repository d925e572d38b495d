"""Two requests that have to do with each other: both show it, and of another office's little is told."""

import pytest

from contactcenter.channel import Speaker
from contactcenter.desk import joining, linking
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.tickets.models import Ticket, TicketLink
from tests.contracts.asking import asking_as
from tests.factories import a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def of(name: str, **fields) -> Ticket:
    return a_ticket(speaker=Speaker(name=name), **fields)


def shown(ticket: Ticket, by) -> list[tuple[str, str, str]]:
    return [(one.other.reference, one.word, one.other.subject) for one in linking.links_of(ticket, by)]


def test_a_link_shows_on_both_sides_with_its_word():
    first, second, by = of("Ana", subject="A"), of("Bilal", subject="B"), an_agent()

    linking.link(second.reference, first.reference, "même  famille", by)

    assert shown(first, by) == [(second.reference, "même famille", "B")]
    assert shown(second, by) == [(first.reference, "même famille", "A")]
    assert [ticket.events.filter(kind="ticket.related").count() for ticket in (first, second)] == [1, 1]


def test_linked_again_from_the_other_side_it_is_one_link_with_the_new_word_and_it_can_be_taken_away():
    first, second, by = of("Ana"), of("Bilal"), an_agent()
    linking.link(first.reference, second.reference, "famille", by)
    linking.link(second.reference, first.reference, "même adresse", by)

    assert TicketLink.objects.get().word == "même adresse"
    assert linking.unlink(first.reference, second.reference, by)
    assert not linking.unlink(first.reference, second.reference, by)
    assert shown(second, by) == []


def test_of_another_office_s_request_of_the_same_person_only_number_office_and_state_are_told():
    here, there = a_ticket(), a_ticket(office=an_office("elsewhere"), subject="Le secret")

    linking.link(here.reference, there.reference, "recours", an_agent())
    (mine,), (theirs,) = (
        linking.links_of(here, an_agent()),
        linking.links_of(there, an_agent(office=an_office("elsewhere"))),
    )

    assert (mine.other.reference, mine.other.office, mine.other.state) == (there.reference, "elsewhere", "new")
    assert (mine.other.subject, mine.word, theirs.other.subject, theirs.word) == ("", "", "", "")


def test_what_one_neither_sees_nor_knows_of_is_not_there():
    hidden = of("Zénobie", office=an_office("elsewhere"))

    with pytest.raises(NotFoundError) as told:
        linking.link(of("Ana").reference, hidden.reference, "x", an_agent())

    with pytest.raises(NotFoundError) as nothing:
        linking.link(of("Ana").reference, "0000000000", "x", an_agent())
    assert str(told.value).replace(hidden.reference, "N") == str(nothing.value).replace("0000000000", "N")


def test_put_together_a_request_keeps_its_links():
    first, second, third, by = of("Ana"), of("Bilal"), of("Chloé"), an_agent()
    linking.link(first.reference, second.reference, "voisins", by)

    joining.merge(first.reference, third.reference, by)

    assert shown(third, by) == [(second.reference, "voisins", second.subject)]


def test_put_together_two_that_were_linked_to_a_third_have_one_link_to_it():
    first, second, third, by = of("Ana"), of("Ana"), of("Bilal"), an_agent()
    linking.link(first.reference, third.reference, "voisins", by)
    linking.link(second.reference, third.reference, "famille", by)

    joining.merge(first.reference, second.reference, by)

    assert shown(second, by) == [(third.reference, "famille", third.subject)]
    assert shown(third, by) == [(second.reference, "famille", second.subject)]
    assert linking.unlink(third.reference, second.reference, by)
    assert shown(second, by) == shown(third, by) == []


@pytest.mark.parametrize("backwards", [False, True])
def test_put_together_they_show_each_new_word_whichever_went_into_which(backwards: bool):
    first, second, third, by = of("Ana"), of("Ana"), of("Bilal"), an_agent()
    linking.link(first.reference, third.reference, "voisins", by)
    linking.link(second.reference, third.reference, "famille", by)
    source, into = (second, first) if backwards else (first, second)
    joining.merge(source.reference, into.reference, by)

    for word in ("voisins", "famille", "conjoints"):
        linking.link(third.reference, source.reference, word, by)

        assert [kept for _reference, kept, _subject in shown(into, by) + shown(third, by)] == [word, word]


def test_the_word_that_shows_already_changes_nothing():
    first, second, third, by = of("Ana"), of("Ana"), of("Bilal"), an_agent()
    linking.link(first.reference, third.reference, "voisins", by)
    kept = linking.link(second.reference, third.reference, "famille", by)
    joining.merge(second.reference, first.reference, by)

    assert linking.link(first.reference, third.reference, "famille", by) == kept
    assert TicketLink.objects.filter(word="voisins").exists()
    assert third.events.filter(kind="ticket.related").count() == 2


def test_a_matter_that_both_were_linked_to_counts_once_among_the_most(monkeypatch):
    monkeypatch.setattr(linking, "MOST", 2)
    first, second, third, fourth, by = of("Ana"), of("Ana"), of("Bilal"), of("Chloé"), an_agent()
    for one in (first, second):
        linking.link(one.reference, third.reference, "voisins", by)
    joining.merge(first.reference, second.reference, by)

    linking.link(second.reference, fourth.reference, "famille", by)

    assert [reference for reference, _word, _subject in shown(second, by)] == [fourth.reference, third.reference]
    with pytest.raises(InvalidError):
        linking.link(second.reference, of("Dalia").reference, "famille", by)


@pytest.mark.parametrize("word", ["", "  ", "x" * 61])
def test_a_link_says_why(word: str):
    with pytest.raises(InvalidError):
        linking.link(of("Ana").reference, of("Bilal").reference, word, an_agent())


def test_a_request_is_not_linked_to_itself_nor_by_who_only_reads():
    ticket, other = of("Ana"), of("Bilal")
    with pytest.raises(InvalidError):
        linking.link(ticket.reference, ticket.reference, "x", an_agent())
    with pytest.raises(NotAllowedError):
        linking.link(ticket.reference, other.reference, "x", an_agent(role="auditor"))


def test_from_the_page_and_over_the_api(client):
    first, second, user = of("Ana"), of("Bilal", subject="Deuxième"), a_user()
    client.force_login(user)

    client.post(f"/desk/tickets/{first.reference}/links/", {"other": second.reference, "word": "voisins"})
    page = client.get(f"/desk/tickets/{first.reference}/").content.decode()
    wrong = client.post(f"/desk/tickets/{first.reference}/links/", {"other": "123", "word": "voisins"})
    told = asking_as(user).get(f"/tickets/{second.reference}").json()["links"]
    left = asking_as(user).post(f"/tickets/{second.reference}/links/remove", {"other": first.reference})

    assert "Deuxième" in page
    assert "voisins · " in page
    assert wrong.status_code in (404, 422)
    assert "voisins" in wrong.content.decode()
    assert [(one["reference"], one["word"]) for one in told] == [(first.reference, "voisins")]
    assert (left.status_code, left.json()) == (200, [])


def test_two_linked_requests_that_are_put_together_are_not_linked_to_themselves():
    first, second, third = of("Ana"), of("Ana"), of("Bilal")
    linking.link(first.reference, second.reference, "la même affaire", an_agent())
    linking.link(first.reference, third.reference, "famille", an_agent())

    undo = joining.merge(first.reference, second.reference, an_agent())
    assert [reference for reference, _word, _subject in shown(second, an_agent())] == [third.reference]

    joining.undo(undo.pk, an_agent())
    assert [reference for reference, _word, _subject in shown(second, an_agent())] == [first.reference]
