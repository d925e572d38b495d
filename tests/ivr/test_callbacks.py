"""A callback is kept until the person is reached, or told in another way; nobody is called who must not be."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from contactcenter.accounts.principal import Principal
from contactcenter.channel import get
from contactcenter.desk import work
from contactcenter.offices import hours
from contactcenter.offices.models import Closure
from contactcenter.people.models import ContactPoint
from contactcenter.reports.models import Alarm
from contactcenter.routing import presence
from contactcenter.routing.models import Presence, WorkItem
from contactcenter.routing.sweeps import wake_scheduled
from contactcenter.tickets.models import Interaction, Ticket
from ivr import menu
from ivr.models import Call, Command, Dialled, Promise
from ivr.prompts import CODES, dates, language
from ivr.services import callbacks, calls, outgoing, slots, waiting
from ivr.services import line as line_of_callers
from ivr.views import telling
from tests.factories import a_ticket, an_agent, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon

SERVICE = Principal.of_service()
ANA = "+33639980001"


def a_callback(line: Line, number: str = ANA) -> WorkItem:
    line.call("122", number=number).join_end()
    return WorkItem.objects.filter(kind="callback", ticket__calls__outgoing=False).order_by("-pk")[0]


def carried_out(line: Line, item: WorkItem) -> WorkItem:
    before = Call.objects.filter(outgoing=True, state="ended").count()
    work.take(item.pk, SERVICE)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="ended").count() > before)
    item.refresh_from_db()
    return item


def made_due(item: WorkItem) -> None:
    WorkItem.objects.filter(pk=item.pk).update(due_from=timezone.now())
    assert wake_scheduled() == 1


def test_two_callbacks_of_one_number_dial_it_no_oftener_than_a_day_allows(line: Line, settings):
    settings.CC_CALLS_PER_NUMBER = 1
    items = []
    for _ in range(2):
        items.append(a_callback(line))
        Ticket.objects.update(opened_at=timezone.now() - timedelta(days=2))  # the next call is about another matter

    for item in items:
        work.take(item.pk, SERVICE)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="ended").count() == 2)

    assert Command.objects.filter(kind="dial_person").count() == 1
    later = WorkItem.objects.get(state="scheduled")
    assert timezone.localdate(later.due_from) > timezone.localdate()


@pytest.mark.parametrize("outcome", ["machine", "no-answer", "busy"])
def test_who_is_not_reached_is_called_after_ten_minutes_after_an_hour_and_the_next_day(line: Line, outcome: str):
    line.network.outcomes[ANA] = outcome
    item = a_callback(line)
    since = item.enqueued_at
    waits = []

    for _ in range(3):
        item = carried_out(line, item)
        assert (item.state, item.enqueued_at) == ("scheduled", since)
        waits.append(item.due_from - timezone.now())
        made_due(item)

    assert timedelta(minutes=9) < waits[0] <= timedelta(minutes=10)
    assert timedelta(minutes=59) < waits[1] <= timedelta(minutes=60)
    assert timezone.now() + waits[2] > timezone.now().replace(hour=0, minute=0) + timedelta(days=1)
    item = carried_out(line, item)
    assert (item.state, item.outcome) == ("done", "told_in_writing")
    made = Interaction.objects.filter(ticket=item.ticket, direction="out", channel="phone", text="")
    told_of = get("phone").details([one.pk for one in made])
    assert [(one["outgoing"], one["reached"], one["talked_s"]) for one in told_of.values()] == [(True, False, None)] * 4
    told = item.ticket.deliveries.get(purpose="notice")
    assert (told.means, told.to) == ("sms", ANA)
    assert item.ticket.reference in told.text


FIXED = "+33199000007"


def tried_to_the_end(line: Line, item: WorkItem) -> WorkItem:
    line.network.outcomes[FIXED] = "no-answer"
    facts = {"outgoing": True, "missed": True, "state": "ended", "ended_at": timezone.now()}
    Call.objects.bulk_create(Call(ticket=item.ticket, work_item_id=item.pk, **facts) for _ in range(3))
    return carried_out(line, item)


def test_who_has_no_mobile_and_an_address_that_is_known_gets_a_letter(line: Line):
    item = a_callback(line, FIXED)
    address = {"kind": "address", "value": "3 place de l'Exemple\n99000 Valmorin", "value_index": "x"}
    ContactPoint.objects.create(person=item.ticket.person, source="paper", **address)

    item = tried_to_the_end(line, item)

    assert item.outcome == "told_in_writing"
    assert item.ticket.deliveries.get(purpose="notice").means == "letter"


def test_who_can_be_told_in_no_way_is_counted_as_unreached(line: Line):
    item = tried_to_the_end(line, a_callback(line, FIXED))

    assert (item.state, item.outcome) == ("done", "unreached")
    assert item.ticket.events.filter(kind="work_item.done", data__outcome="unreached").exists()


def test_a_person_who_presses_the_key_is_reached_and_the_callback_is_done(line: Line):
    item = carried_out(line, a_callback(line))

    assert (item.state, item.outcome) == ("done", "reached")
    person = next(leg for leg in line.network.calls.values() if leg.number == ANA and leg.outgoing)
    assert person.trail[:1] == ["Gather"]
    made = Interaction.objects.get(ticket=item.ticket, direction="out", text="")
    with translation.override("fr"):
        assert "Jointe" in get("phone").timeline([made.pk])[made.pk].html
    assert made.occurred_at >= Call.objects.get(outgoing=True).started_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "week", "opens"),
    [
        ("Europe/Paris", {}, "2026-12-05 08:00+01:00"),  # one that never closes
        ("Indian/Reunion", {}, "2026-12-05 08:00+04:00"),
        ("Europe/Paris", {"mon": [["08:30", "12:00"]], "fri": [["08:30", "17:00"]]}, "2026-12-07 08:30+01:00"),
    ],
)
def test_the_next_day_begins_when_the_office_opens_and_never_at_night(settings, monkeypatch, zone, week, opens):
    settings.CC_DEMO = False
    office = an_office(timezone=zone)
    office.doors.filter(kind="phone").update(hours=week)
    item = a_ticket(office=office).work_items.get()
    friday = datetime.fromisoformat("2026-12-04 16:00+00:00")
    monkeypatch.setattr(timezone, "now", lambda: friday)

    again = callbacks.tomorrow(item)

    assert abs(again - datetime.fromisoformat(opens)) <= timedelta(seconds=1)


def test_an_agent_whose_leg_fails_costs_the_person_no_try(line: Line):
    line.network.outcomes["client:simulated-agent"] = "busy"
    item = a_callback(line)
    since = item.enqueued_at

    item = carried_out(line, item)

    assert (item.state, item.enqueued_at) == ("waiting", since)
    assert not Call.objects.filter(missed=True).exists()
    assert not Command.objects.filter(kind="dial_person").exists()


def test_a_person_who_was_reached_and_lost_their_agent_waits_at_their_place(line: Line, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    item = a_callback(line)
    work.take(item.pk, SERVICE)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    person = next(leg for leg in line.network.calls.values() if leg.number == ANA and leg.outgoing)

    next(leg for leg in line.network.calls.values() if leg.number.startswith("client:")).hang_up()

    assert line.carry(lambda: WorkItem.objects.get(pk=item.pk).state == "waiting" and person.state == "queued")
    work.take(item.pk, SERVICE)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())


@pytest.mark.parametrize(
    ("number", "may"),
    [
        ("+33639980001", True),
        ("+33199000007", True),
        ("+262639980001", True),
        ("+33899000000", False),
        ("+33836656565", False),
        ("+12025550123", False),
        ("+881612345678", False),
        ("112", False),
        ("", False),
    ],
)
def test_only_numbers_of_allowed_countries_that_cost_no_extra_are_called(settings, number: str, may: bool):
    assert outgoing.may_call(number) is may


ABROAD = "+493023125001"  # shown, and in a country that we do not call


@pytest.mark.parametrize("keys", [("1", "1", "2"), ("1", "1", "1")])
def test_whoever_calls_from_a_number_that_we_do_not_call_is_promised_nothing_and_may_speak(line: Line, keys):
    caller = Caller(line, number=ABROAD).ring().keys(*keys)
    if caller.verbs == ["Enqueue"]:
        caller.post("/ivr/wait-key", Digits="2").post("/ivr/queued", QueueResult="leave")

    assert caller.heard.startswith("Nous ne pouvons pas rappeler ce numéro.")
    assert caller.verbs == ["Say", "Record", "Redirect"]
    caller.hang_up()
    assert [item.kind for item in WorkItem.objects.unfinished()] == ["message"]


def test_who_waited_and_hung_up_is_owed_no_callback_on_a_number_that_we_do_not_call(line: Line):
    caller = Caller(line, number=ABROAD).ring().keys("1", "1", "1")

    caller.hang_up()

    assert WorkItem.objects.get().outcome == "abandoned"
    assert not caller.call.ticket.deliveries.exists()


def test_a_number_that_was_called_too_often_today_can_still_be_promised_a_callback(line: Line, settings):
    settings.CC_CALLS_PER_NUMBER = 0

    Caller(line, number=ANA).ring().keys("1", "1", "2")

    assert WorkItem.objects.get().kind == "callback"


@pytest.mark.django_db
def test_a_number_and_a_country_have_a_budget_a_day(settings):
    settings.CC_CALLS_PER_NUMBER, settings.CC_CALLS_PER_PREFIX = 2, 3

    assert [outgoing.spend(ANA) for _ in range(3)] == [True, True, False]
    assert outgoing.is_spent(ANA)
    assert [outgoing.spend(f"+3363998000{number}") for number in (2, 3)] == [True, False]
    assert sorted(Dialled.objects.values_list("count", flat=True)) == [1, 2, 3]
    assert not Dialled.objects.filter(key__contains="9980001").exists()


def test_a_number_called_too_often_today_is_called_tomorrow(line: Line, settings):
    settings.CC_CALLS_PER_NUMBER = 1
    assert outgoing.spend(ANA)
    item = a_callback(line)

    work.take(item.pk, SERVICE)

    item.refresh_from_db()
    assert item.state == "scheduled"
    assert item.due_from > timezone.now()
    assert not Call.objects.filter(outgoing=True).exists()


def busy_line(line: Line) -> None:
    """One agent there, and half an hour of callers before the next."""
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    for number in range(12):
        call = calls.begin(f"CAbusy{number}", number=f"+336399801{number:02d}", line=line.office.phone)
        waiting.wait(call)
    line_of_callers.forget()


def offered(line: Line) -> list[datetime]:
    return slots.choices(line.office, timezone.now())


@pytest.mark.parametrize(("keys", "chosen"), [("", 0), (" ", 0), ("1", 0), ("3", 2), ("*2", 1), ("82", 1)])
def test_where_the_wait_is_long_the_caller_chooses_an_hour_from_which_the_callback_scores(
    line: Line, keys: str, chosen: int
):
    busy_line(line)
    hours = offered(line)
    call = line.call(["1", "2", "2", *(keys or [None])])
    call.join_end()

    assert soon(lambda: WorkItem.objects.filter(kind="callback").exists())  # hanging up is no answer either
    item = WorkItem.objects.get(kind="callback")
    promise = Promise.objects.get(work_item_id=item.pk)
    assert promise.starts_at == hours[chosen], (call.heard, call.errors, call.trail)
    assert (item.state, item.enqueued_at, item.due_from) == ("scheduled", promise.starts_at, promise.starts_at)
    assert any("dans l'heure" in words for words in call.heard)


def test_on_a_number_that_we_do_not_call_no_hour_is_named_however_long_the_wait(line: Line):
    busy_line(line)

    caller = Caller(line, number=ABROAD).ring().keys("1", "2", "2")

    assert caller.heard.startswith("Nous ne pouvons pas rappeler ce numéro.")
    assert not Promise.objects.exists()


def test_who_waits_may_hear_the_hours_and_keep_waiting_at_their_place(line: Line):
    busy_line(line)
    caller = Caller(line).ring().keys("1", "5", "1")
    since = caller.call.waiting_since
    caller.wait().post("/ivr/wait-key", Digits="2").post("/ivr/queued", QueueResult="leave")
    assert caller.asked() == menu.HOURS

    caller.key("0")

    assert caller.verbs == ["Enqueue"]
    assert (caller.call.state, caller.call.waiting_since) == ("waiting", since)
    item = WorkItem.objects.get(pk=caller.call.work_item_id or 0)
    assert (item.kind, item.state) == ("call", "waiting")
    assert not Promise.objects.exists()


@pytest.mark.parametrize("code", CODES)
def test_hours_are_said_in_each_language_with_its_own_days_and_times(code: str):
    now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    ahead = [now.replace(hour=13, minute=0) + timedelta(days=days) for days in (0, 1, 6)]

    said = [one.text or "" for one in telling.hours_to_choose(code, ahead, "Europe/Paris", now)]

    spoken = code if language(code).voice else "fr"
    for key, words in enumerate(said, 1):
        assert str(key) in words
        assert dates.clock(time(14, 0), spoken) in words
    assert dates.day(ahead[2], "Europe/Paris", spoken) in said[2]
    assert dates.day(ahead[1], "Europe/Paris", spoken) not in said[1]  # tomorrow is called so


@pytest.mark.django_db
def test_the_hours_to_choose_from_are_open_ones_one_of_each_half_day(settings):
    settings.CC_DEMO = False
    office = an_office()
    week = {day: [["08:30", "12:00"], ["13:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    office.doors.filter(kind="phone").update(hours=week)
    Closure.objects.create(office=office, first_day=date(2026, 12, 3), last_day=date(2026, 12, 3))
    hours.forget()
    paris = ZoneInfo("Europe/Paris")

    found = slots.choices(office, datetime(2026, 12, 1, 14, 10, tzinfo=paris))
    friday = slots.choices(office, datetime(2026, 12, 2, 17, 0, tzinfo=paris))

    assert [f"{at.astimezone(paris):%a %H}" for at in found] == ["Tue 15", "Wed 09", "Wed 14"]
    assert [f"{at.astimezone(paris):%a %H}" for at in friday] == ["Fri 09", "Fri 14", "Mon 09"]


@pytest.mark.django_db
def test_nobody_is_promised_an_hour_of_the_night_though_the_office_never_closes(settings):
    settings.CC_DEMO = True
    paris = ZoneInfo("Europe/Paris")

    found = slots.choices(an_office(), datetime(2026, 12, 1, 19, 40, tzinfo=paris))

    assert [f"{at.astimezone(paris):%a %H}" for at in found] == ["Wed 08", "Wed 12", "Thu 08"]


def test_a_promised_hour_is_kept_by_a_call_and_alarmed_without_one(line: Line):
    busy_line(line)
    line.call("1221").join_end()
    item = WorkItem.objects.get(kind="callback")
    Promise.objects.update(starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1))

    slots.sweep_promises()

    assert item.ticket.reference in Alarm.objects.get(kind="callback_late", closed_at=None).text
    made_due(item)
    work.take(item.pk, SERVICE)
    assert line.carry(lambda: Promise.objects.get().kept_at)
    slots.sweep_promises()
    assert not Alarm.objects.filter(kind="callback_late", closed_at=None).exists()


def test_an_hour_that_is_promised_full_is_given_to_nobody_else(line: Line):
    now = datetime(2026, 12, 1, 8, 10, tzinfo=UTC)
    first = next(slots.free(line.office, now))
    for number in itertools.count(1):
        slots.promise(line.office, number, first)
        if next(slots.free(line.office, now)) != first:
            break

    assert next(slots.free(line.office, now)) == first + slots.WINDOW
    assert Promise.objects.count() >= 1
