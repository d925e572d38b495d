"""Opening hours on the telephone: nobody waits for a line that has closed, and nobody who called is forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from contactcenter.offices import hours
from contactcenter.offices.models import Closure
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.prompts import CODES, words
from ivr.services import doors
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line

PARIS = ZoneInfo("Europe/Paris")


def opens(line: Line, *, since: timedelta, until: timedelta) -> None:
    """The line is open from so long ago until so much later (negative: before now)."""
    now = timezone.now().astimezone(PARIS)
    start, end = now + since, now + until
    week: dict[str, list[list[str]]] = {}
    if start.date() == end.date():
        week = {hours.DAYS[start.weekday()]: [[f"{start:%H:%M:%S}", f"{end:%H:%M:%S}"]]}
    else:  # over midnight
        week = {
            hours.DAYS[start.weekday()]: [[f"{start:%H:%M:%S}", "24:00"]],
            hours.DAYS[end.weekday()]: [["00:00", f"{end:%H:%M:%S}"]],
        }
    line.office.doors.filter(kind="phone").update(hours=week)
    hours.forget()
    doors.forget()


@pytest.fixture
def closed(line: Line, settings, monkeypatch) -> Iterator[Line]:
    settings.CC_DEMO = False
    monkeypatch.setattr(hours, "is_holiday", lambda day, department="": False)
    hours._spans.cache_clear()
    opens(line, since=timedelta(hours=-3), until=timedelta(hours=-1))
    yield line
    hours._spans.cache_clear()


def test_a_closed_line_says_when_it_opens_and_offers_what_can_be_done(closed: Line):
    caller = Caller(closed).ring().key("1")

    assert caller.heard.startswith("Nous ouvrons ")
    assert "Pour être rappelé dès l'ouverture, tapez 2." in caller.heard


@pytest.mark.parametrize("keys", ["2", "0", "   ", "70", "60"])
def test_whoever_calls_a_closed_line_is_promised_a_callback(closed: Line, keys: str):
    caller = Caller(closed).ring().key("1")
    caller.keys(*(key.strip() for key in keys))

    assert "dès l'ouverture" in caller.heard
    assert WorkItem.objects.get(ticket=caller.call.ticket).kind == "callback"


def test_who_asks_for_a_person_at_once_is_told_first_that_it_is_closed(closed: Line):
    assert Caller(closed).ring().key("0").asked() == "closed"


def test_who_hides_their_number_leaves_a_message(closed: Line):
    caller = Caller(closed, number="anonymous").ring().keys("1", "2")

    assert caller.verbs == ["Say", "Record", "Redirect"]


def test_nobody_enters_a_wait_that_the_hours_left_cannot_serve(closed: Line, monkeypatch):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    monkeypatch.setattr(doors, "seconds_to_answer", lambda office_id: 1200.0)

    caller = Caller(closed).ring().keys("1", "1")
    assert "Il ne reste pas assez de temps" in caller.heard
    caller.key("0")

    assert "dès l'ouverture" in caller.heard
    assert WorkItem.objects.get().kind == "callback"


def test_who_can_still_be_served_before_closing_waits(closed: Line, monkeypatch):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    monkeypatch.setattr(doors, "seconds_to_answer", lambda office_id: 300.0)

    assert Caller(closed).ring().keys("1", "1", "1").verbs == ["Enqueue"]


def test_a_line_that_is_open_round_the_clock_does_not_close_at_midnight(closed: Line, monkeypatch):
    monkeypatch.setattr(doors, "seconds_to_answer", lambda office_id: 26 * 3600.0)  # longer than until any midnight
    closed.office.doors.filter(kind="phone").update(hours={day: [["00:00", "24:00"]] for day in hours.DAYS})
    hours.forget()
    doors.forget()

    assert Caller(closed).ring().keys("1", "1", "1").verbs == ["Enqueue"]


@pytest.mark.parametrize("code", CODES)
def test_who_can_not_be_served_before_closing_hears_nothing_of_today(code: str):
    today = {
        "fr": "aujourd", "en": "today", "ar": "اليوم", "es": "hoy", "pt": "hoje",
        "tr": "bugün", "ru": "сегодня", "zh": "今天", "fa": "امروز", "ps": "نن",
    }  # fmt: skip

    assert today[code] not in words("late", code).split(".")[0]  # the line may open again after lunch


def test_those_who_wait_at_closing_are_served_for_a_while_and_then_called_back_at_their_place(closed: Line):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    caller = Caller(closed).ring().keys("1", "1", "1")
    since = WorkItem.objects.get().enqueued_at
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=-14))
    assert "Leave" not in caller.wait().verbs

    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=-16))
    assert caller.wait().verbs == ["Leave"]
    caller.post("/ivr/queued", QueueResult="leave")

    assert caller.heard.startswith("Nous fermons et n'avons pas pu vous répondre")
    callback = WorkItem.objects.get(kind="callback")
    assert (callback.enqueued_at, callback.state) == (since, "waiting")
    assert not WorkItem.objects.filter(kind="call", state="waiting").exists()


def test_who_waits_at_closing_on_a_number_that_we_do_not_call_may_speak_and_is_promised_nothing(closed: Line):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    caller = Caller(closed, number="+493023125001").ring().keys("1", "1", "1")

    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=-16))
    caller.wait().post("/ivr/queued", QueueResult="leave")

    assert "Nous ne pouvons pas rappeler ce numéro." in caller.heard
    assert caller.verbs[-2:] == ["Record", "Redirect"]
    assert not WorkItem.objects.filter(kind="callback").exists()


def test_a_day_on_which_the_office_is_closed_closes_its_line_and_work_waits_for_the_next(closed: Line):
    opens(closed, since=timedelta(minutes=-30), until=timedelta(minutes=30))
    today = timezone.now().astimezone(PARIS).date()
    Closure.objects.create(
        office=closed.office, first_day=today - timedelta(days=1), last_day=today + timedelta(days=1)
    )
    hours.forget()
    doors.forget()

    assert Caller(closed).ring().key("1").asked() == "closed"
    assert not hours.is_open(closed.office, timezone.now())


def test_in_the_demo_the_line_is_open_at_all_hours(closed: Line, settings):
    settings.CC_DEMO = True
    doors.forget()

    assert Caller(closed).ring().keys("1", "1", "1").verbs == ["Enqueue"]


def test_who_asks_a_closed_line_for_a_callback_has_what_they_wanted(closed: Line):
    caller = Caller(closed).ring().keys("1", "2")

    assert caller.heard.endswith("Au revoir.")
    assert caller.verbs[-1] == "Hangup"


@pytest.mark.parametrize("keys", [("", "", ""), ("5", "x", "4"), ("3", "silent", "silent", "silent")])
def test_who_only_says_nothing_to_a_closed_line_is_promised_a_callback_and_may_still_speak(closed: Line, keys):
    caller = Caller(closed).ring().key("1")
    for key in keys:
        caller.silence() if key == "silent" else caller.key(key)

    assert "nous vous rappelons à ce numéro dès l'ouverture" in caller.heard
    assert caller.call.ticket.reference in caller.heard.replace(", ", "")
    assert caller.heard.endswith("Vous pouvez laisser un message après le signal, ou raccrocher.")
    assert caller.verbs[-2:] == ["Record", "Redirect"]
    assert [item.kind for item in WorkItem.objects.all()] == ["callback"]

    caller.hang_up()
    assert [item.kind for item in WorkItem.objects.all()] == ["callback"]  # nothing was said: no message to listen to


def test_what_is_said_after_that_promise_is_a_message_beside_the_callback(closed: Line):
    caller = Caller(closed).ring().keys("1", "", "", "")

    caller.post(caller.document.find("Record").get("action"), RecordingSid="RE1", Digits="#")

    assert "Votre message est enregistré" in caller.heard
    assert sorted(item.kind for item in WorkItem.objects.all()) == ["callback", "message"]


def test_after_that_promise_silence_is_a_goodbye_and_for_who_needs_time_it_never_is(closed: Line):
    hurried = Caller(closed).ring().keys("1", "", "", "").silence()
    patient = Caller(closed, number="+33639980002", sid="CA2").ring().keys("1", "#", "", "", "")
    for _silence in range(9):
        patient.silence()

    assert (hurried.heard, hurried.verbs) == ("Au revoir.", ["Say", "Hangup"])
    assert patient.verbs == ["Say", "Record", "Redirect"]
    assert patient.document.find("Record").get("timeout") == "18"


@pytest.mark.parametrize("number", ["anonymous", "+493023125001"])
def test_whom_we_cannot_call_and_who_says_nothing_is_asked_again_and_never_hung_up_on(closed: Line, number: str):
    caller = Caller(closed, number=number).ring().keys("1", "2")
    for _silence in range(3):
        assert caller.verbs[-2:] == ["Record", "Redirect"]
        caller.silence()

    assert caller.asked() == "closed"
    assert "Nous ouvrons" in caller.heard
    assert caller.keys("", "", "").verbs[-2:] == ["Record", "Redirect"]


@pytest.mark.parametrize("node", ["closed", "recorder"])
def test_key_zero_leads_to_a_promise_from_wherever_a_closed_line_has_led(closed: Line, node: str):
    caller = Caller(closed).ring().key("1")
    if node == "recorder":
        caller.key("3").post(caller.document.find("Record").get("action"), Digits="0")
    else:
        caller.key("0")

    assert "dès l'ouverture" in caller.heard
    assert [item.kind for item in WorkItem.objects.all()] == ["callback"]


@pytest.mark.parametrize(
    "script",
    [
        ["1", "", "", "", "silent"],
        ["1", "3", "silent", "silent", "silent", "silent"],
        ["1", "7", "0"],
        ["0", "x", "x", "x", "silent"],
        ["9", "0", "2"],
    ],
)
def test_whoever_hangs_up_on_a_closed_line_at_whichever_step_leaves_one_ticket_and_no_orphan(closed: Line, script):
    for length in range(len(script) + 1):
        caller = Caller(closed, number=f"+3363998100{length}", sid=f"CA{length}").ring()
        for key in script[:length]:
            caller.silence() if key == "silent" else caller.key(key)
        caller.hang_up()

        left = WorkItem.objects.unfinished().filter(ticket=caller.call.ticket)
        assert caller.call.state == "ended"
        assert left.count() <= 1
        assert not left.filter(kind="call").exists()
    assert Ticket.objects.count() == len(script) + 1


def test_where_one_can_come_or_write_is_told_when_too_little_time_is_left(closed: Line, monkeypatch):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    monkeypatch.setattr(doors, "seconds_to_answer", lambda office_id: 1200.0)

    caller = Caller(closed).ring().keys("1", "1")
    assert caller.heard.endswith("Pour savoir où et quand venir ou écrire, tapez 7.")

    assert "3 place de l'Exemple" in caller.key("7").heard


def test_who_is_caught_by_closing_in_the_menu_is_told_that_it_is_closed(closed: Line):
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=10))
    caller = Caller(closed).ring().key("1")
    opens(closed, since=timedelta(hours=-3), until=timedelta(minutes=-10))

    assert caller.key("1").asked() == "closed"
