"""The live call on its ticket's page: who is on the line, and each thing that can be done by one key."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from contactcenter.accounts.models import ApiToken, User
from contactcenter.channel import Point
from contactcenter.desk import joining, promised, work
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.texting import costly
from contactcenter.people.services import add_point
from contactcenter.routing import presence
from contactcenter.routing.models import Assignment, Presence, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import spaced
from ivr.models import Call, Leg, Promise, ThirdParty
from ivr.reading import events_of
from tests.factories import a_ticket, a_user, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon


@pytest.fixture
def at_the_desk(line: Line):
    """An agent's browser, a colleague's, a supervisor's."""

    def of(role: str = "agent", **more):
        user = a_user(role, **more)
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        by = principal_for(user)
        presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
        return by, client

    return of


def talking(line: Line, by) -> tuple[str, str]:
    call = line.call("111")
    assert call.wait_for("queued")
    assert work.take_next(by)
    assert line.carry(lambda: Call.objects.get().state == "connected")
    return call.sid, f"/desk/tickets/{Ticket.objects.get().reference}/"


@pytest.mark.parametrize("path", ["calls/%00/hold/", "calls/call-%00/hold/", "tickets/%00/call/"])
def test_what_has_an_odd_name_is_simply_not_there(at_the_desk, path: str):
    _by, client = at_the_desk()

    assert client.post(f"/desk/{path}").status_code == 404


def test_nobody_is_passed_a_call_by_a_name_that_no_database_holds(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)

    for to in ("queue:\0", "agent:\0", "agent:agent:\0"):
        answer = client.post(f"/desk/calls/{sid}/transfer/", {"to": to, "text": "\0"})
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert client.get(page).status_code == 200


def test_who_holds_the_call_sees_who_is_there_and_puts_the_person_on_hold_and_back(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)

    before = client.get(page).content.decode()
    client.post(f"/desk/calls/{sid}/hold/")
    held = client.get(page).content.decode()
    client.post(f"/desk/calls/{sid}/resume/")

    assert "in conversation" in before
    assert f"{by.label} (is there)" in before
    assert "on hold" in held
    assert "Back from hold" in held
    assert Call.objects.get().held_at is None


def test_put_into_another_request_the_call_is_still_led_from_its_page(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)
    known = a_ticket(subject="Carte volée")
    joining.merge(Ticket.objects.get(pk=Call.objects.get().ticket_id).reference, known.reference, by)

    html = client.get(page).content.decode()
    client.post(f"/desk/calls/{sid}/hold/")

    assert f'data-reference="{known.reference}"' in html
    assert f"/desk/calls/{sid}/hold/" in html
    assert Call.objects.get().held_at
    assert "call.held" in [event.kind for event in events_of(Call.objects.get())]


def test_a_story_that_is_open_reads_the_call_again_when_it_changes(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)
    tag = client.get(f"{page}story/")["ETag"]
    assert client.get(f"{page}story/", headers={"if-none-match": tag}).status_code == 304

    client.post(f"/desk/calls/{sid}/hold/")

    assert client.get(f"{page}story/", headers={"if-none-match": tag}).status_code == 200


def test_a_call_is_passed_on_and_mended_from_its_page(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)
    colleague, _theirs = at_the_desk()

    client.post(f"/desk/calls/{sid}/bad-line/", {"do": "swap", "to": "sip:ines@phones.example"})
    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert Leg.objects.order_by("pk").last().to == "sip:ines@phones.example"
    client.post(f"/desk/calls/{sid}/transfer/", {"to": f"agent:{colleague.agent_id}", "text": "Elle attend sa carte"})

    assert Assignment.objects.get(ended_at=None).agent_id == colleague.agent_id
    assert "Elle attend sa carte" in client.get(page).content.decode()


def test_an_interpreter_is_chosen_from_the_list_on_the_page(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)
    assert "Bring somebody in" not in client.get(page).content.decode()
    guest = ThirdParty.objects.create(name="Interprètes", role="interpreter", languages="ar", number="+33199000077")
    guest.offices.add(line.office)
    other = ThirdParty.objects.create(name="Voix", role="interpreter", languages="en fr", number="+33199000078")
    other.offices.add(line.office)

    told = client.get(page).content.decode()
    assert 0 < told.index("Voix (en fr)") < told.index("Interprètes (ar)")
    client.post(f"/desk/calls/{sid}/third-party/", {"id": guest.pk})

    assert Leg.objects.filter(kind="third_party").exists()
    assert "+33199000077" not in client.get(page).content.decode()


def test_a_supervisor_listens_in_and_an_agent_may_not(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, page = talking(line, by)
    _chief, chief = at_the_desk("supervisor")

    assert "Listen in" in chief.get(page).content.decode()
    assert "Listen in" not in client.get(page).content.decode()
    chief.post(f"/desk/calls/{sid}/supervise/", {"mode": "whisper"})
    client.post(f"/desk/calls/{sid}/supervise/", {"mode": "listen"})

    assert Leg.objects.get(kind="supervisor").mode == "whisper"
    assert "Listening in is for supervisors" in client.get(page).content.decode()


def test_a_refusal_is_told_on_the_page_and_a_call_elsewhere_is_not_there(line: Line, at_the_desk):
    by, client = at_the_desk()
    sid, _page = talking(line, by)
    _other, colleague = at_the_desk()
    _far, elsewhere = at_the_desk(office=an_office("lirande"))

    answer = colleague.post(f"/desk/calls/{sid}/hold/", follow=True)

    assert f"{by.label} has this one." in answer.content.decode()
    assert elsewhere.post(f"/desk/calls/{sid}/hold/").status_code == 404
    assert client.post(f"/desk/calls/{sid}/nonsense/").status_code == 404
    assert Client().post(f"/desk/calls/{sid}/hold/").status_code == 302
    _auditor, auditor = at_the_desk("auditor")
    assert auditor.post(f"/desk/calls/{sid}/hold/").status_code == 403


def test_a_person_is_called_from_their_page_by_one_button(line: Line, at_the_desk):
    _by, client = at_the_desk()
    line.call("153", message="Bonjour").join_end()
    assert soon(lambda: WorkItem.objects.filter(kind="message").exists())
    page = f"/desk/tickets/{Ticket.objects.get().reference}/"

    assert "Call now" in client.get(page).content.decode()
    client.post(f"{page}call/")

    assert "is being connected" in client.get(page).content.decode()
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())


def test_an_agent_promises_an_hour_and_the_callback_rests_until_then(line: Line, at_the_desk):
    _by, client = at_the_desk()
    line.call("113", message="Rappelez-moi.").join_end()
    ticket = Ticket.objects.get()
    page = f"/desk/tickets/{ticket.reference}/"
    hour = promised.free_hours(line.office)[1]
    answer = {"text": "Votre carte est prête.", "means": "callback"}
    assert f'value="{hour.isoformat()}"' in client.get(page).content.decode()

    refused = client.post(f"{page}reply/", {**answer, "at": (hour + timedelta(minutes=1)).isoformat()})
    told = client.post(f"{page}reply/", {**answer, "at": hour.isoformat()}, follow=True)

    assert refused.status_code == 422
    assert "This hour is full, or nobody is here then" in refused.content.decode()
    assert "The callback is promised: " in told.content.decode()
    item = WorkItem.objects.get(kind="callback")
    assert (item.state, item.due_from, item.enqueued_at) == ("scheduled", hour, hour)
    assert Promise.objects.get(work_item_id=item.pk).starts_at == hour


def promised_to(line: Line, client, number: str, **more: str) -> tuple[str, Ticket]:
    """What the agent reads, having promised the second free hour to whoever called from this number."""
    line.call("113", number=number, message="Rappelez-moi.").join_end()
    ticket = Ticket.objects.get()
    for kind, value in more.items():
        add_point(ticket.person, Point(kind=kind, value=value), source="desk")
    hour = promised.free_hours(line.office)[1].isoformat()
    form = {"text": "Votre carte est volée, voici la suite.", "means": "callback", "at": hour}
    return client.post(f"/desk/tickets/{ticket.reference}/reply/", form, follow=True).content.decode(), ticket


def test_whoever_is_promised_an_hour_reads_it_at_the_number_that_is_called(line: Line, at_the_desk):
    _by, client = at_the_desk()

    told, ticket = promised_to(line, client, "+33639980001")

    assert "The person is told of it (SMS)." in told
    notice = ticket.deliveries.get(purpose="notice")
    at = Promise.objects.get().starts_at.astimezone(ZoneInfo("Europe/Paris"))
    assert (notice.means, notice.to) == ("sms", "+33639980001")
    assert f"dans l'heure qui suit {at:%H:%M}" in notice.text
    assert f" {at.day} " in notice.text
    assert spaced(ticket.reference) in notice.text
    assert "volée" not in notice.text
    assert costly(notice.text.replace(ticket.office.name, "")) == []


def test_where_the_number_takes_no_text_the_hour_is_told_by_mail(line: Line, at_the_desk):
    _by, client = at_the_desk()

    told, ticket = promised_to(line, client, "+33199000007", email="ana@example.org")

    assert "The person is told of it (e-mail)." in told
    assert ticket.deliveries.get(purpose="notice").to == "ana@example.org"


def test_where_nothing_can_be_read_the_agent_is_asked_to_say_it(line: Line, at_the_desk):
    _by, client = at_the_desk()

    told, ticket = promised_to(line, client, "+33199000007")

    assert "No text reaches this number: say it to the person." in told
    assert not ticket.deliveries.filter(purpose="notice").exists()


def test_no_hour_is_promised_on_a_number_that_we_do_not_call(line: Line, at_the_desk):
    _by, client = at_the_desk()

    told, ticket = promised_to(line, client, "+493023125001")

    assert "This number is in a country that we do not call, or costs extra" in told
    assert not Promise.objects.exists()
    assert not ticket.deliveries.exclude(purpose="receipt").exists()


def test_a_client_of_the_api_reads_the_free_hours_and_promises_one(line: Line, at_the_desk):
    by, _client = at_the_desk()
    line.call("113", message="Rappelez-moi.").join_end()
    ticket = f"/api/v1/tickets/{Ticket.objects.get().reference}"
    client = Client(headers={"authorization": f"Bearer {ApiToken.issue(User.objects.get(pk=by.user_id), 'test')}"})
    hour = client.get(f"{ticket}/hours").json()["items"][0]
    answer = {"text": "Votre carte est prête.", "at": hour}

    by_sms = client.post(f"{ticket}/replies", {**answer, "means": "sms"}, content_type="application/json")
    by_call = client.post(f"{ticket}/replies", {**answer, "means": "callback"}, content_type="application/json")

    assert (by_sms.status_code, by_call.status_code) == (422, 201)
    assert Promise.objects.get().starts_at == datetime.fromisoformat(hour)
    assert not Delivery.objects.filter(means="sms", purpose="reply").exists()


def test_who_has_no_number_but_the_one_they_rang_from_is_called_there(line: Line, at_the_desk):
    _by, client = at_the_desk()
    ticket = a_ticket(channel="web")
    page = f"/desk/tickets/{ticket.reference}/"
    assert 'id="call-now"' not in client.get(page).content.decode()
    caller = Caller(line, number="+33639980009").ring().keys("1", "1", "1").wait()
    caller.keys("4", "1", ticket.reference, ticket.follow_code).wait().key("2").post("/ivr/queued", QueueResult="leave")
    caller.hang_up()
    callback = WorkItem.objects.get(kind="callback")
    assert callback.ticket == ticket

    assert 'id="call-now"' in client.get(page).content.decode()
    client.post(f"{page}call/")

    called = Call.objects.get(outgoing=True)
    assert (called.number, called.work_item_id) == ("+33639980009", callback.pk)
