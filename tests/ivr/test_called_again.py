"""Who is owed a callback and calls by themselves is not called back as well, and nobody's callback is lost by it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from channels_app import happened
from contactcenter.desk import calling, work
from contactcenter.people.models import ContactPoint
from contactcenter.routing import services as routing
from contactcenter.routing.holding import lock_tickets
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call
from ivr.services import doors
from tests.factories import a_ticket, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon
from tests.ivr.test_callbacks import ANA, SERVICE, a_callback, busy_line, carried_out


def test_who_hung_up_and_calls_again_is_called_back_once_at_most(line: Line):
    for _ in range(2):
        call = line.call("111")
        assert call.wait_for("queued")
        call.hang_up()
        call.join_end()
        assert soon(lambda: not Call.objects.exclude(state="ended").exists())

    assert Ticket.objects.count() == 1
    assert WorkItem.objects.unfinished().count() == 1
    assert WorkItem.objects.filter(kind="callback", outcome="called_again").count() == 1


def test_who_hung_up_was_not_reached_and_calls_again_is_called_back_once_at_most(line: Line):
    Caller(line, number=ANA).ring().keys("1", "1", "1").post("/ivr/queued", QueueResult="hangup")
    item = WorkItem.objects.get(kind="callback")
    routing.schedule(item.pk, timezone.now() + timedelta(minutes=10), actor="system", why="not_reached")

    Caller(line, sid="CAagain", number=ANA).ring().keys("1", "1", "1")

    assert [one.kind for one in WorkItem.objects.unfinished()] == ["call"]


def test_who_chooses_a_callback_again_and_again_has_one_at_the_first_place(line: Line):
    for sid in ("CA1", "CA2"):
        Caller(line, sid=sid, number=ANA).ring().keys("1", "1", "2").hang_up()

    one = WorkItem.objects.unfinished().get()
    first = Call.objects.get(sid="CA1")
    assert (one.kind, one.enqueued_at) == ("callback", first.started_at)


def test_who_chose_a_callback_then_waits_and_hangs_up_keeps_what_they_chose(line: Line):
    Caller(line, number=ANA).ring().keys("1", "1", "2").hang_up()
    chosen = WorkItem.objects.get()

    caller = Caller(line, sid="CAagain", number=ANA).ring().keys("1", "1", "1")
    caller.post("/ivr/queued", QueueResult="hangup")

    assert WorkItem.objects.unfinished().get() == chosen


def test_who_is_spoken_with_is_not_called_back_as_well(line: Line):
    chosen = a_callback(line)
    call = line.call("111", number=ANA)
    assert call.wait_for("queued")

    work.take(WorkItem.objects.get(kind="call").pk, SERVICE)

    assert line.carry(lambda: Call.objects.filter(state="connected").exists())
    chosen.refresh_from_db()
    assert (chosen.state, chosen.outcome) == ("done", "called_again")


def a_weekend_later() -> None:
    """What was open on Friday evening, as it lies on Monday morning."""
    before = timedelta(days=2, hours=15)
    Ticket.objects.update(opened_at=F("opened_at") - before)
    Call.objects.update(**{at: F(at) - before for at in ("started_at", "waiting_since", "ended_at")})


def hung_up(line: Line, number: str = ANA) -> WorkItem:
    Caller(line, number=number).ring().keys("1", "1", "1").post("/ivr/queued", QueueResult="hangup")
    return WorkItem.objects.get(kind="callback")


@pytest.mark.parametrize("tried", [False, True])
def test_who_hung_up_on_friday_and_calls_on_monday_is_not_called_back_as_well(line: Line, tried: bool):
    owed = hung_up(line)
    if tried:
        routing.schedule(owed.pk, timezone.now() + timedelta(hours=1), actor="system", why="not_reached")
    a_weekend_later()

    caller = Caller(line, sid="CAmonday", number=ANA).ring().keys("1", "1")
    assert WorkItem.objects.unfinished().get() == owed
    caller.key("1")

    owed.refresh_from_db()
    assert (owed.state, owed.outcome) == ("done", "called_again")
    assert [(one.kind, one.ticket) for one in WorkItem.objects.unfinished()] == [("call", caller.call.ticket)]
    assert caller.call.ticket != owed.ticket
    told = owed.ticket.events.get(kind="call.again")
    with translation.override("en"):
        assert happened.what(told, {}, timezone.now()).startswith("The person called again, see ")
    assert told.data["other"] == caller.call.ticket.reference


def test_who_waits_and_hangs_up_again_on_monday_is_owed_one_callback(line: Line):
    hung_up(line)
    a_weekend_later()

    caller = Caller(line, sid="CAmonday", number=ANA).ring().keys("1", "1", "1")
    caller.post("/ivr/queued", QueueResult="hangup")

    assert [(one.kind, one.ticket) for one in WorkItem.objects.unfinished()] == [("callback", caller.call.ticket)]


@pytest.mark.parametrize("why", ["shared", "another number", "another office", "withheld"])
def test_where_it_may_be_somebody_else_or_something_else_the_callback_stays(line: Line, why: str):
    owed = hung_up(line)
    a_weekend_later()
    if why == "shared":
        ContactPoint.objects.update(shared=True)
    number = {"another number": "+33639980002", "withheld": "anonymous"}.get(why, ANA)
    called = an_office("ailleurs").phone if why == "another office" else line.office.phone

    Caller(line, sid="CAmonday", number=number).post("/ivr/voice", To=called).keys("1", "1", "1")

    assert owed in WorkItem.objects.unfinished()


@pytest.mark.parametrize("tried", [True, False])
def test_who_is_spoken_with_on_monday_is_not_called_again_about_what_was_tried_in_vain(line: Line, tried: bool):
    chosen = a_callback(line)
    if tried:
        facts = {"outgoing": True, "missed": True, "state": "ended", "ended_at": timezone.now()}
        Call.objects.create(ticket=chosen.ticket, work_item_id=chosen.pk, **facts)
    a_weekend_later()
    call = line.call("111", number=ANA)
    assert call.wait_for("queued")
    assert chosen in WorkItem.objects.unfinished()

    work.take(WorkItem.objects.get(kind="call").pk, SERVICE)

    assert line.carry(lambda: Call.objects.filter(state="connected").exists())
    assert (chosen in WorkItem.objects.unfinished()) is not tried


def test_who_calls_again_and_only_listens_to_the_menu_is_still_called_back(line: Line):
    call = line.call("111")
    assert call.wait_for("queued")
    call.hang_up()
    call.join_end()
    assert soon(lambda: WorkItem.objects.filter(kind="callback", state="waiting").exists())

    line.call(["1", None]).join_end()

    assert WorkItem.objects.filter(kind="callback", state="waiting").count() == 1


@pytest.mark.parametrize("keys", ["112", "1121"])
def test_who_hung_up_on_friday_and_chooses_a_callback_on_monday_is_owed_that_one(line: Line, keys: str):
    owed = hung_up(line)
    a_weekend_later()
    if keys == "1121":  # the first of the hours that are offered
        busy_line(line)
        doors.forget()

    caller = Caller(line, sid="CAmonday", number=ANA).ring().keys(*keys)

    callbacks = WorkItem.objects.unfinished().filter(kind="callback")
    assert [one.ticket for one in callbacks] == [caller.call.ticket] != [owed.ticket]
    assert owed.ticket.events.get(kind="call.again").data["other"] == caller.call.ticket.reference


def two_callbacks(line: Line) -> tuple[WorkItem, WorkItem]:
    """One chosen on Friday and tried in vain, and one chosen on Monday."""
    friday = a_callback(line)
    facts = {"outgoing": True, "missed": True, "state": "ended", "ended_at": timezone.now()}
    Call.objects.create(ticket=friday.ticket, work_item_id=friday.pk, **facts)
    a_weekend_later()
    return friday, a_callback(line)


def test_whom_our_call_reaches_is_not_called_again_about_what_was_tried_in_vain(line: Line):
    friday, monday = two_callbacks(line)
    assert friday.ticket != monday.ticket

    assert carried_out(line, monday).outcome == "reached"

    friday.refresh_from_db()
    assert (friday.state, friday.outcome) == ("done", "called_again")
    told = friday.ticket.events.get(kind="call.reached")
    with translation.override("en"):
        assert happened.what(told, {}, timezone.now()).startswith("The person was reached, see ")
    assert told.data["other"] == monday.ticket.reference


def test_whom_we_called_and_who_waits_for_another_agent_keeps_their_place(line: Line):
    friday, monday = two_callbacks(line)
    facts = {"outgoing": True, "state": "waiting", "number": ANA, "connected_at": timezone.now()}
    Call.objects.create(ticket=friday.ticket, work_item_id=friday.pk, **facts)

    work.take(monday.pk, SERVICE)

    assert line.carry(lambda: WorkItem.objects.get(pk=monday.pk).state == "done")
    assert friday in WorkItem.objects.unfinished()


def test_whom_an_agent_calls_about_another_request_is_still_called_back(line: Line):
    owed = hung_up(line)
    a_weekend_later()
    Caller(line, sid="CAmonday", number=ANA).ring().hang_up()
    other = Ticket.objects.exclude(pk=owed.ticket_id).get()

    calling.call_now(other.reference, SERVICE)

    assert line.carry(lambda: WorkItem.objects.filter(ticket=other, outcome="reached").exists())
    assert owed in WorkItem.objects.unfinished()


@pytest.mark.postgresql
def test_a_request_that_somebody_holds_is_not_waited_for_while_one_s_own_is_held(line: Line):
    owed = hung_up(line)
    a_weekend_later()
    caller = Caller(line, sid="CAmonday", number=ANA).ring().key("9")

    with transaction.atomic():
        lock_tickets([owed.ticket_id])
        caller.key("0")  # no language, and the queue, in one step

    assert (caller.verbs, caller.call.state) == (["Enqueue"], "waiting")
    assert owed in WorkItem.objects.unfinished()


@pytest.mark.parametrize("spoken", [False, True])
def test_where_it_is_about_something_else_what_is_owed_on_any_earlier_request_is_owed_again(line: Line, spoken: bool):
    owed = hung_up(line)
    a_weekend_later()
    Caller(line, sid="CAmenu", number=ANA).ring().hang_up()
    caller = Caller(line, sid="CAmonday", number=ANA).ring().keys("1", "1", "1").wait()
    assert [one.kind for one in WorkItem.objects.unfinished()] == ["call"]
    if spoken:
        Call.objects.filter(sid=caller.sid).update(connected_at=timezone.now())

    caller.key("5")

    assert Ticket.objects.count() == 3
    again = WorkItem.objects.unfinished().filter(kind="callback")
    assert [(one.ticket, one.enqueued_at, one.lane.service_class) for one in again] == (
        [] if spoken else [(owed.ticket, owed.enqueued_at, "abandoned")]
    )


@pytest.mark.parametrize("same", [True, False], ids=["on the request that was joined", "on another"])
def test_who_says_which_request_it_is_and_then_something_else_is_owed_again_what_was_taken(line: Line, same: bool):
    owed = hung_up(line)
    if not same:
        a_weekend_later()
    known = a_ticket()
    caller = Caller(line, sid="CAagain", number=ANA).ring().keys("1", "1", "1").wait()
    caller.keys("4", "1", known.reference, known.follow_code).wait()
    assert not WorkItem.objects.unfinished().filter(kind="callback").exists()

    caller.key("5")

    again = WorkItem.objects.unfinished().get(kind="callback")
    assert (again.ticket, again.enqueued_at) == (owed.ticket, owed.enqueued_at)


def test_who_then_chooses_a_callback_about_something_else_is_owed_both(line: Line):
    owed = hung_up(line)
    caller = Caller(line, sid="CAagain", number=ANA).ring().keys("1", "1", "1").wait().key("5").wait().key("2")

    caller.post("/ivr/queued", QueueResult="leave")

    again = WorkItem.objects.unfinished().order_by("ticket")
    assert [(one.kind, one.ticket) for one in again] == [("callback", owed.ticket), ("callback", caller.call.ticket)]
