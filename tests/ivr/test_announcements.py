"""An announcement on a line: heard by every caller within ten seconds, and one key links them to its incident."""

from types import SimpleNamespace

import pytest

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.desk import incidents
from contactcenter.desk.models import IncidentTicket
from contactcenter.errors import NotAllowedError, NotFoundError
from contactcenter.routing.models import WorkItem
from ivr.lines import Announcement
from ivr.menu import Standing
from ivr.services import announcements, doors
from tests.factories import a_user, an_agent, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line

SERVICE = Principal.of_service()
SAID = "Le site est en panne depuis ce matin."


def put(line: Line, incident: str = "", **more: str) -> Announcement:
    return announcements.put(line.office.doors.get(kind="phone").pk, {"fr": SAID, **more}, SERVICE, incident=incident)


def test_a_caller_hears_the_announcement_once_before_the_menu(line: Line):
    put(line)

    caller = Caller(line).ring().key("1")

    assert caller.heard.startswith(SAID)
    assert SAID not in caller.key("7").key("1").heard


def test_who_already_waits_hears_it_in_the_queue_once(line: Line):
    caller = Caller(line).ring().keys("1", "1", "1").wait()
    assert SAID not in caller.heard

    put(line)

    assert SAID in caller.wait().heard
    assert SAID not in caller.wait().heard


def test_it_is_said_in_the_callers_language_where_it_was_written_in_it(line: Line):
    put(line, ru="Сайт не работает с утра.")

    assert Caller(line).ring().key("7").heard.startswith("Сайт не работает с утра.")
    assert Caller(line, sid="CA2").ring().key("2").heard.startswith(SAID)


def test_what_another_process_put_on_the_line_is_said_within_ten_seconds(line: Line, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(doors, "time", SimpleNamespace(monotonic=lambda: now[0]))
    doors.forget()
    waits = Caller(line).ring().keys("1", "1", "1").wait()
    Announcement.objects.create(door=line.office.doors.get(kind="phone"), texts={"fr": SAID}, actor="user:1")
    assert SAID not in Caller(line, sid="CA2").ring().key("1").heard

    now[0] = 9.0

    assert Caller(line, sid="CA3").ring().key("1").heard.startswith(SAID)
    assert SAID in waits.wait().heard


def test_one_key_links_the_caller_to_the_incident_and_they_go_on(line: Line):
    incident = incidents.open_incident("Le site ne répond pas", "", SERVICE)
    put(line, incident.number)

    caller = Caller(line).ring().key("1")
    assert "Si vous appelez pour cela, tapez 9." in caller.heard
    caller.key("9").key("9")

    assert caller.heard.startswith("C'est noté : votre appel est rattaché à cet incident")
    assert caller.asked() == "topic"
    assert IncidentTicket.objects.get().ticket == caller.call.ticket


def test_the_same_key_links_whoever_waits(line: Line):
    incident = incidents.open_incident("Le site ne répond pas", "", SERVICE)
    put(line, incident.number)
    caller = Caller(line).ring().keys("1", "1", "1").wait()

    caller.key("9")

    assert caller.verbs == ["Say", "Redirect"]
    assert IncidentTicket.objects.get().ticket == caller.call.ticket
    assert WorkItem.objects.get().state == "waiting"


def test_the_same_key_links_whoever_calls_a_closed_line(line: Line, monkeypatch):
    monkeypatch.setattr(doors.Known, "standing", lambda self, now: Standing.CLOSED)
    incident = incidents.open_incident("Le site ne répond pas", "", SERVICE)
    put(line, incident.number)
    caller = Caller(line).ring().key("1")
    assert "Si vous appelez pour cela, tapez 9." in caller.heard

    caller.key("9")

    assert caller.heard.startswith("C'est noté : votre appel est rattaché à cet incident")
    assert caller.asked() == "closed"
    assert IncidentTicket.objects.get().ticket == caller.call.ticket


def test_without_an_incident_the_key_is_like_any_other(line: Line):
    put(line)

    assert Caller(line).ring().keys("1", "9").heard.startswith("Je n'ai pas compris.")


def test_a_mended_incident_takes_nobody_more(line: Line):
    incident = incidents.open_incident("Le site ne répond pas", "", SERVICE)
    put(line, incident.number)
    caller = Caller(line).ring().key("1")
    incidents.mended(incident.number, "Vous pouvez recommencer.", SERVICE)

    caller.key("9")

    assert not caller.heard.startswith("C'est noté")
    assert not IncidentTicket.objects.exists()


def test_control_characters_and_emoji_in_a_announcement_do_no_harm(line: Line):
    put(line, en="The site is down \x0b\x00😀 <Dial>+33199000000</Dial>")

    caller = Caller(line).ring().key("2")

    assert "<Dial>" in caller.heard
    assert caller.document.find(".//Dial") is None


def test_a_new_announcement_takes_the_place_of_the_old_and_can_be_taken_off(line: Line):
    first, second = put(line), put(line)
    first.refresh_from_db()
    assert first.ended_at
    assert second.ended_at is None

    announcements.take_off(second.door_id, SERVICE)

    assert SAID not in Caller(line).ring().key("1").heard


@pytest.mark.parametrize("number", ["\x0012345", "12345\x00", "😀12345", "123456"])
def test_an_incident_that_is_none_is_not_announced(line: Line, number: str):
    with pytest.raises(NotFoundError):
        put(line, number)


def test_only_supervisors_of_the_office_decide_what_is_heard(line: Line):
    door = line.office.doors.get(kind="phone")
    with pytest.raises(NotAllowedError):
        announcements.put(door.pk, {"fr": SAID}, an_agent(office=line.office))
    with pytest.raises(NotFoundError):
        announcements.put(door.pk, {"fr": SAID}, an_agent(office=an_office("ailleurs"), role=Role.SUPERVISOR))


@pytest.mark.django_db
def test_a_supervisor_puts_it_on_by_a_page_and_takes_it_off(client):
    office = an_office()
    door = office.doors.get(kind="phone")
    client.force_login(a_user(Role.SUPERVISOR, office=office))

    client.post("/desk/line/", {"line": door.pk, "fr": SAID, "en": "The site is down."})
    page = client.get("/desk/line/").content.decode()
    assert "The site is down." in page

    client.post("/desk/line/", {"line": door.pk, "off": "1"})
    assert "The site is down." not in client.get("/desk/line/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("form", [{"fr": ""}, {"fr": "x" * 501}, {"fr": "\x0b"}])
def test_a_announcement_that_says_nothing_or_too_much_is_refused_and_kept_in_the_form(client, form):
    office = an_office()
    client.force_login(a_user(Role.SUPERVISOR, office=office))

    answer = client.post("/desk/line/", {"line": office.doors.get(kind="phone").pk, "en": "Kept.", **form})

    assert answer.status_code == 422
    assert "Kept." in answer.content.decode()
    assert not Announcement.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "status"), [("0", 404), ("x", 404), ("٣", 404), ("9" * 30, 404)])
def test_a_line_that_is_none_is_not_there(client, line: str, status: int):
    client.force_login(a_user(Role.SUPERVISOR))

    assert client.post("/desk/line/", {"line": line, "fr": SAID}).status_code == status


@pytest.mark.django_db
def test_an_agent_does_not_see_the_page(client):
    client.force_login(a_user())

    assert client.get("/desk/line/").status_code == 403
