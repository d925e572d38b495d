"""What comes in while somebody writes is read by somebody before it is ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.desk import joining
from contactcenter.desk import services as desk
from contactcenter.desk.answered import CameMeanwhileError, to_answer
from contactcenter.intake.services import receive
from contactcenter.outbox.services import report
from contactcenter.routing import services as routing
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.contracts.asking import asking_as
from tests.factories import a_ticket, a_user, an_agent, an_inbound

pytestmark = pytest.mark.django_db
TOMORROW = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
MARKS = ("seen", "shown")  # what a form remembers of its page
ENDING = [  # how a program ends or puts off what waits
    ("replies", {"text": "Venez jeudi."}),
    ("solve", {"disposition": "duplicate"}),
    ("hold", {"until": f"{TOMORROW}:00+01:00"}),
]


def writes_again(ticket: Ticket) -> None:
    """Ana answers our receipt."""
    said = ticket.deliveries.get(purpose="receipt")
    receive(an_inbound(replies_to=(said.external_id,), text="N'en faites rien, j'ai trouvé."))


def messages(ticket: Ticket) -> list[str]:
    return list(ticket.work_items.filter(kind="message").order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("verb", "form", "left"),
    [
        ("reply", {"text": "Venez jeudi."}, ["done", "done"]),
        ("solve", {"disposition": "answered", "text": "Venez jeudi."}, ["done", "done"]),
        ("solve", {"disposition": "duplicate", "text": ""}, ["done", "done"]),
        ("hold", {"until": TOMORROW, "text": "Attendre jeudi."}, ["scheduled", "scheduled"]),
    ],
)
def test_a_mail_that_comes_while_one_writes_is_shown_before_it_is_ended(verb: str, form: dict, left: list[str]):
    ticket, user = a_ticket(), a_user()
    routing.take_next(principal_for(user))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    page = f"/desk/tickets/{ticket.reference}/"
    opened = client.get(page).context
    writes_again(ticket)

    told = client.post(f"{page}{verb}/", form | {name: opened[name] for name in MARKS})

    assert told.status_code == 409
    shown = told.content.decode()
    assert "Something new came in" in shown
    assert f"{form['text']}</textarea>" in shown
    assert messages(ticket) == ["assigned", "waiting"]
    assert not ticket.deliveries.filter(purpose="reply").exists()
    read = {name: told.context[name] for name in MARKS}
    assert client.post(f"{page}{verb}/", form | read).status_code == 302
    assert messages(ticket) == left


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("preview", {"text": "Venez jeudi.", "means": "email"}),
        ("preview", {"text": "", "means": "email"}),
        ("template", {"text": "Venez jeudi."}),
        ("reply", {"text": "Bonjour [[nom]]"}),
        ("solve", {"text": "", "disposition": "answered"}),
        ("hold", {"until": "hier"}),
    ],
)
def test_looking_at_an_answer_before_it_leaves_makes_nothing_read_that_came(client, step: str, typed: dict):
    ticket = a_ticket()
    client.force_login(a_user())
    page = f"/desk/tickets/{ticket.reference}/"
    opened = client.get(page).context
    writes_again(ticket)

    between = client.post(f"{page}{step}/", typed | {name: opened[name] for name in MARKS})
    told = client.post(f"{page}reply/", {"text": "Venez jeudi."} | {name: between.context[name] for name in MARKS})

    assert (told.status_code, messages(ticket)) == (409, ["waiting", "waiting"])


def test_who_is_told_of_an_answer_has_not_read_the_mail_that_came_too(client):
    ticket = a_ticket()
    client.force_login(a_user())
    page = f"/desk/tickets/{ticket.reference}/"
    opened = client.get(page).context
    desk.reply(ticket.reference, "Nous cherchons.", an_agent())
    writes_again(ticket)

    of_answer = client.post(f"{page}reply/", {"text": "Venez."} | {name: opened[name] for name in MARKS})
    of_mail = client.post(f"{page}reply/", {"text": "Venez."} | {name: of_answer.context[name] for name in MARKS})

    assert "a répondu à cette demande pendant que vous écriviez" in of_answer.content.decode()
    assert (of_mail.status_code, messages(ticket)) == (409, ["done", "waiting"])


def test_every_form_that_ends_work_remembers_what_its_page_showed(client):
    ticket = a_ticket()
    client.force_login(a_user())

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    assert page.count(f'name="shown" value="{ticket.work_items.get().pk}"') == 3


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("reply", {"text": "Venez jeudi."}),
        ("solve", {"disposition": "duplicate", "text": ""}),
        ("hold", {"until": TOMORROW, "text": ""}),
    ],
)
@pytest.mark.parametrize("older_is_open", [True, False])
def test_what_another_request_brings_along_is_shown_before_it_is_ended(
    client, verb: str, form: dict, older_is_open: bool
):
    older, newer = a_ticket(text="J'ai perdu ma carte."), a_ticket(text="Où en est ma carte ?")
    client.force_login(a_user())
    page = f"/desk/tickets/{(older if older_is_open else newer).reference}/"
    opened = client.get(page).context
    joining.merge(older.reference, newer.reference, an_agent())

    told = client.post(f"{page}{verb}/", form | {name: opened[name] for name in MARKS})

    assert (told.status_code, messages(newer)) == (409, ["waiting", "waiting"])
    read = {name: told.context[name] for name in MARKS}
    assert client.post(f"{page}{verb}/", form | read).status_code == 302
    assert "waiting" not in messages(newer)


def test_what_comes_back_as_two_are_taken_apart_again_is_shown_before_it_is_ended():
    older, newer, by = a_ticket(), a_ticket(), an_agent()
    done = joining.merge(older.reference, newer.reference, by)
    shown = to_answer(older)
    joining.undo(done.pk, by)

    with pytest.raises(CameMeanwhileError):
        desk.reply(older.reference, "Venez jeudi.", by, shown=shown)


def test_an_answer_that_could_not_be_delivered_meanwhile_is_no_less_news():
    ticket, by = a_ticket(), an_agent()
    shown = to_answer(ticket)
    report(ticket.deliveries.get().pk, "failed", error="no such mailbox")

    with pytest.raises(CameMeanwhileError):
        desk.reply(ticket.reference, "Venez jeudi.", by, shown=shown)


def test_what_was_finished_meanwhile_or_is_nobody_s_word_is_no_news():
    ticket, by = a_ticket(), an_agent()
    shown = to_answer(ticket)
    writes_again(ticket)
    desk.reply(ticket.reference, "Bien reçu.", by)
    routing.open_work_item(ticket, "message", actor=by.actor)

    desk.reply(ticket.reference, "Venez jeudi.", by, shown=shown)

    assert messages(ticket) == ["done", "done", "done"]


def test_solving_with_words_that_have_left_leaves_what_came_after_them():
    ticket, by = a_ticket(), an_agent()
    shown = to_answer(ticket)
    desk.reply(ticket.reference, "Venez jeudi.", by, seen=0, shown=shown)
    writes_again(ticket)

    with pytest.raises(CameMeanwhileError):
        desk.solve(ticket.reference, by, disposition="answered", text="Venez jeudi.", seen=0, shown=shown)

    assert messages(ticket) == ["done", "waiting"]


@pytest.mark.parametrize(("verb", "body"), ENDING)
@pytest.mark.parametrize("said", ["shown", "newest"])
def test_a_program_may_say_what_it_showed_and_one_that_does_not_is_served_as_ever(verb: str, body: dict, said: str):
    ticket, api = a_ticket(), asking_as(a_user())
    ids = [item["id"] for item in api.get(f"/tickets/{ticket.reference}").json()["work_items"]]
    writes_again(ticket)

    told = api.post(f"/tickets/{ticket.reference}/{verb}", body | {said: ids if said == "shown" else max(ids)})

    assert (told.status_code, messages(ticket)) == (409, ["waiting", "waiting"])
    assert api.post(f"/tickets/{ticket.reference}/{verb}", body).status_code < 300
    assert "waiting" not in messages(ticket)


@pytest.mark.parametrize(("verb", "body"), ENDING)
def test_a_program_that_lists_what_it_showed_hears_of_what_another_request_brought(verb: str, body: dict):
    older, newer, api = a_ticket(), a_ticket(), asking_as(a_user())
    ids = [item["id"] for item in api.get(f"/tickets/{newer.reference}").json()["work_items"]]
    joining.merge(older.reference, newer.reference, an_agent())

    told = api.post(f"/tickets/{newer.reference}/{verb}", body | {"shown": ids})

    assert (told.status_code, messages(newer)) == (409, ["waiting", "waiting"])
    both = [item["id"] for item in api.get(f"/tickets/{newer.reference}").json()["work_items"]]
    assert api.post(f"/tickets/{newer.reference}/{verb}", body | {"shown": both}).status_code < 300
