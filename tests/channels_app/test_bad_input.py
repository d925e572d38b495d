"""What nobody should send, sent to the desk: each is answered with a sentence, and no written word is lost."""

import re

import pytest
from django.test import Client

from contactcenter.channel import Speaker
from contactcenter.routing.models import Queue
from contactcenter.tickets.models import Note
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db
EVIL = '<script>alert("1")</script>'


@pytest.fixture
def desk() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user())
    return client


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("q", ["x" * 10_000, '" OR * AND NOT (', "()()", "' -- ;", "****", "%_%"])
def test_a_search_of_ten_kilobytes_or_of_operators_alone_is_told_what_to_type(desk: Client, q: str):
    answer = desk.get("/desk/search/", {"q": q})

    assert answer.status_code == 200
    page = text_of(answer)
    assert "Nothing that you may see has all these words" in page or 'role="alert"' in page


def test_markup_in_a_name_or_subject_is_only_text_wherever_it_stands(desk: Client):
    ticket = a_ticket(subject=EVIL, speaker=Speaker(name=EVIL, named=True))
    for address in ("/desk/", "/desk/queue/", f"/desk/tickets/{ticket.reference}/", "/desk/search/?q=alert"):
        page = text_of(desk.get(address))

        assert EVIL not in page, address
        assert "&lt;script&gt;" in page or address == "/desk/search/?q=alert", address


@pytest.mark.parametrize("path", ["", "story/", "card/"])
def test_a_request_of_another_office_is_told_as_one_that_never_was(desk: Client, path: str):
    hidden = a_ticket(office=an_office("elsewhere"), subject="Secret")

    theirs, nobodys = (desk.get(f"/desk/tickets/{ref}/{path}") for ref in (hidden.reference, "0000000000"))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert without_tokens(theirs) == without_tokens(nobodys)


def test_work_of_another_office_is_told_as_work_that_never_was(desk: Client):
    hidden = a_ticket(office=an_office("elsewhere")).work_items.get()

    for verb in ("take", "release", "done", "hang-up"):
        theirs, nobodys = (desk.post(f"/desk/work-items/{number}/{verb}/") for number in (hidden.pk, 999_999_999))

        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert without_tokens(theirs) == without_tokens(nobodys)


def test_a_queue_of_another_office_takes_nothing_and_the_word_to_them_is_kept(desk: Client):
    hidden = a_ticket(office=an_office("elsewhere")).work_items.get()
    Queue.objects.filter(pk=hidden.lane.queue_id).update(
        arrives_here=False
    )  # those where work arrives take it from all
    ticket = a_ticket()
    form = {"to": f"queue:{hidden.lane.queue_id}", "text": "Pour vous."}

    refused = desk.post(f"/desk/tickets/{ticket.reference}/transfer/", form)

    assert refused.status_code == 422
    assert "Pour vous.</textarea>" in text_of(refused)
    assert ticket.work_items.get().lane.queue_id != hidden.lane.queue_id


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "x", "1e9"])
def test_a_number_that_is_none_is_nowhere(desk: Client, number: str):
    assert desk.get(f"/desk/interactions/{number}/text/").status_code == 404
    assert desk.post(f"/desk/work-items/{number}/take/").status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "9" * 30, "-1"])
def test_an_answer_from_a_page_that_names_no_answer_seen_is_taken(desk: Client, seen: str):
    ticket = a_ticket()

    desk.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez.", "seen": seen})

    assert ticket.deliveries.filter(purpose="reply").count() == 1


def test_what_no_database_holds_is_left_out_of_a_note_and_the_rest_kept(desk: Client):
    ticket = a_ticket()

    desk.post(f"/desk/tickets/{ticket.reference}/note/", {"text": "avant\x00après"})

    assert Note.objects.get().text == "avantaprès"


def without_tokens(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(answer))
