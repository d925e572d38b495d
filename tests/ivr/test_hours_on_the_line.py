"""Opening hours on the telephone: nobody waits for a line that has closed, and nobody who called is forgotten."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from contactcenter.offices import hours
from contactcenter.offices.models import Closure
from contactcenter.routing.models import WorkItem
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
def closed(line: Line, settings, monkeypatch) -> Line:
    settings.CC_DEMO = False
    monkeypatch.setattr(hours, "is_holiday", lambda day, department="": False)
    hours._spans.cache_clear()
    opens(line, since=timedelta(hours=-3), until=timedelta(hours=-1))
    return line


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


def test_silence_at_the_recorder_of_a_closed_line_ends_with_its_reference_or_goes_on(closed: Line):
    hurried = Caller(closed, number="anonymous").ring().keys("1", "2")
    patient = Caller(closed, number="anonymous", sid="CA2").ring().keys("1", "#", "2")
    for caller in (hurried, patient):
        for _silence in range(3):
            caller.post(caller.document.find("Redirect").text)

    assert "Votre message est enregistré" in hurried.heard
    assert patient.verbs == ["Say", "Record", "Redirect"]
