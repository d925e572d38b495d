"""What nobody should send, sent to the desk: each is answered with a sentence, and no written word is lost."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.channel import Speaker
from contactcenter.desk.incidents import open_incident
from contactcenter.intake.services import receive
from contactcenter.routing.models import Choosing, Queue
from tests.factories import a_ticket, a_user, an_agent, an_inbound, an_office

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


def test_markup_that_colleagues_typed_is_only_text_on_every_page(desk: Client):
    ticket, other = a_ticket(), a_ticket()
    chief = a_user("supervisor")
    User.objects.filter(pk=chief.pk).update(first_name=EVIL, username="chief")
    reference, tomorrow = f"/desk/tickets/{ticket.reference}", timezone.localdate() + timedelta(days=1)
    for path, form in {
        "note/": {"text": f"@chief {EVIL}"},
        "tags/": {"name": EVIL},
        "links/": {"other": other.reference, "word": EVIL},
        "person/": {"full_name": EVIL, "address": EVIL},
        "appointment/": {"place": EVIL, "starts_at": f"{tomorrow:%Y-%m-%dT10:00}", "bring": EVIL},
    }.items():
        assert desk.post(f"{reference}/{path}", form).status_code == 302, path
    desk.post("/desk/incidents/open/", {"title": EVIL, "text": EVIL})
    desk.force_login(chief)
    told = {}
    for address in (
        *("/desk/", f"{reference}/", f"{reference}/card/", "/desk/incidents/", "/desk/team/", "/desk/search/?q=script"),
        *("/mailroom/", "/wallboard/", "/desk/reports/", "/desk/staffing/", "/desk/line/"),
    ):
        told[address] = text_of(desk.get(address))

    assert [address for address, page in told.items() if EVIL in page] == []
    assert all("&lt;script&gt;" in told[address] for address in ("/desk/", f"{reference}/", "/desk/incidents/"))


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("note", "text"),
        ("reply", "text"),
        ("transfer", "text"),
        ("hold", "text"),
        ("solve", "text"),
        ("tags", "name"),
        ("links", "word"),
        ("person", "full_name"),
        ("person", "address"),
        ("appointment", "place"),
        ("decision", "reasons"),
        ("split", "subject"),
        ("draft", "text"),
    ],
)
def test_a_megabyte_in_any_field_is_answered_and_what_it_does_is_bounded(desk: Client, path: str, field: str):
    ticket = a_ticket()

    answer = desk.post(
        f"/desk/tickets/{ticket.reference}/{path}/", {field: "x" * 1_000_000, "decided_on": "2026-01-02"}
    )

    assert answer.status_code in (302, 422)
    assert desk.get(f"/desk/tickets/{ticket.reference}/").status_code == 200


def test_who_was_deactivated_in_the_middle_of_a_reply_sends_nothing_and_no_word_is_lost(desk: Client):
    ticket, chief = a_ticket(), Client(headers={"accept-language": "en"})
    page, words = f"/desk/tickets/{ticket.reference}/", {"form": "reply", "text": "Written to the end"}
    chief.force_login(a_user("supervisor"))
    desk.post(f"{page}draft/", words)
    User.objects.filter(role="agent").update(is_active=False)

    answer = desk.post(f"{page}reply/", words)

    assert answer.status_code == 401
    assert "Written to the end</textarea>" in text_of(answer)
    assert not ticket.deliveries.filter(purpose="reply").exists()
    assert "Written to the end" in text_of(chief.get(page))  # who may go on with it


def test_what_was_picked_to_be_taken_apart_is_still_picked_after_a_refusal(desk: Client):
    ticket = a_ticket()
    desk.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez."})
    both = list(ticket.interactions.order_by("pk").values_list("pk", flat=True))

    answer = desk.post(f"/desk/tickets/{ticket.reference}/split/", {"interaction": both, "subject": "L'autre affaire"})

    assert answer.status_code == 422
    assert all(f'value="{one}" checked' in text_of(answer) for one in both)
    assert "L&#x27;autre affaire" in text_of(answer)


def test_what_people_can_do_now_stays_in_its_form_when_it_is_refused(desk: Client):
    incident = open_incident("Le paiement échoue", "", an_agent())

    answer = desk.post(f"/desk/incidents/{incident.number}/mended/", {"text": "x" * 6_000})

    assert answer.status_code == 422
    assert re.search(rf'id="mended-{incident.number}"[^>]*>x{{6000}}</textarea>', text_of(answer))


@pytest.mark.parametrize(("verb", "most"), [("open", 5000), ("{number}/mended", 1000)])
def test_a_line_break_counts_once_as_where_it_is_typed(desk: Client, verb: str, most: int):
    number, lines = open_incident("Le paiement échoue", "", an_agent()).number, "x\r\n" * (most // 2 - 1)
    address = f"/desk/incidents/{verb.format(number=number)}/"

    beyond = desk.post(address, {"title": "Panne", "text": f"{lines}xxx"})
    within = desk.post(address, {"title": "Panne", "text": f"{lines}xx"})

    assert (beyond.status_code, within.status_code) == (422, 302)


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


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("incidents/open", ("title", "text")),
        ("incidents/{number}/mended", ("text",)),
        ("tickets/{ticket}/split", ("subject",)),
        ("tickets/{ticket}/note", ("text",)),
        ("tickets/{ticket}/reply", ("text",)),
        ("tickets/{ticket}/hold", ("text",)),
        ("tickets/{ticket}/appointment", ("place", "bring")),
        ("tickets/{ticket}/decision", ("reasons",)),
        ("tickets/{ticket}/person", ("full_name", "address")),
        ("tickets/{ticket}/tags", ("name",)),
        ("tickets/{ticket}/links", ("word",)),
        ("presence", ("reason",)),
        ("work-items/{work}/take", ("reason",)),
    ],
)
def test_what_no_database_holds_is_left_out_of_what_is_typed_and_the_rest_kept(
    desk: Client, path: str, fields: tuple[str, ...]
):
    ticket, other, tomorrow = a_ticket(), a_ticket(), f"{timezone.localdate() + timedelta(days=1)}T10:00"
    receive(an_inbound(ticket_id=ticket.pk))
    Queue.objects.update(choosing=Choosing.REASON)
    form = {"starts_at": tomorrow, "until": tomorrow, "favourable": "no", "state": "away", "other": other.reference}
    form |= {"interaction": ticket.interactions.first().pk} | dict.fromkeys(fields, "avant\x00après")
    number = open_incident("Le paiement échoue", "", an_agent()).number
    address = path.format(number=number, ticket=ticket.reference, work=other.work_items.get().pk)

    answer = desk.post(f"/desk/{address}/", form)

    assert answer.status_code == 302
    assert "avantaprès" in everything_kept()
    assert r"avant\x00" not in everything_kept()


def everything_kept() -> str:
    """What every table holds, as Python writes it."""
    return "\n".join(str(list(model._base_manager.values_list())) for model in apps.get_models())


def without_tokens(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(answer))
