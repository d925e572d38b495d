"""The life of a call: a ticket from its first second, a place in the queue while it waits, nobody lost at its end."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contactcenter import jobs, rows
from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.intake.services import amend, missing, receive
from contactcenter.offices.models import Door, Office
from contactcenter.outbox import services as outbox
from contactcenter.people.points import e164, is_known_fixed
from contactcenter.routing import calls
from contactcenter.routing import services as routing
from contactcenter.routing.models import Assignment, Kind, WorkItem, WorkState
from contactcenter.tickets.models import Interaction, Ticket
from ivr.models import Call, CallState, Command, Leg

CHANNEL = "phone"
RETRY = timedelta(minutes=10)
REMEMBER_S = 30.0
_lines: dict[str, tuple[float, int]] = {}


def office_of(line: str) -> int:
    """The office whose line was called; the first office for a number that is nobody's."""
    known = _lines.get(line)
    if known is None or time.monotonic() - known[0] > REMEMBER_S:
        door = Door.objects.at("phone", line).filter(closed_at=None).first()
        office_id = door.office_id if door else Office.objects.order_by("pk").values_list("pk", flat=True)[0]
        known = _lines[line] = (time.monotonic(), office_id)
    return known[1]


def forget_lines() -> None:
    """Look every line up anew, since a door was changed in this process."""
    _lines.clear()


def begin(sid: str, *, number: str, line: str) -> Call:
    """The call's first second: its ticket and its row; told again, the same."""
    dialable = e164(number) if number.startswith("+") else ""
    made: list[Call] = []

    def call_of(ticket: Ticket) -> Call:
        made[:] = [Call(sid=sid, number=dialable, line=line[:32], ticket=ticket)]
        return made[0]

    ticket = receive(
        Inbound(
            channel=CHANNEL,
            external_id=sid,
            occurred_at=timezone.now(),
            office_id=office_of(line),
            speaker=Speaker(points=(Point(kind="phone", value=dialable),)) if dialable else None,
            subject=_called(),
            language="fr",
            needs="",
            receipt=False,
        ),
        own=(Call, call_of),
    )
    if made and made[0].ticket is ticket:
        return made[0]
    return Call.objects.select_related("ticket").get(sid=sid)  # told before


def _called() -> str:
    """What a call is called in the queue until somebody knows more; never by its number, which is an identifier."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Telephone call")


def find(sid: str) -> Call | None:
    """The call with this id at the provider."""
    if not sid or rows.number_of(Call, sid=sid) is None:
        return None
    return Call.objects.filter(sid=sid).select_related("ticket").first()


def learn(call: Call, *, language: str = "", procedure: str = "") -> None:
    """What the caller chose in the menu."""
    if language and language != call.language:
        call.language = language
        call.save(update_fields=["language"])
    if language or procedure:
        amend(channel=CHANNEL, external_id=call.sid or "", language=language or None, procedure=procedure or None)


@transaction.atomic
def wait(call: Call) -> None:
    """The caller waits from now on, whether or not the provider ever asks for what they hear meanwhile."""
    call = _locked(call)
    now = timezone.now()
    if call.state == CallState.ENDED and call.waiting_since is None:  # told late: they had chosen to wait, and left
        call.waiting_since = min(now, call.ended_at or now)
        call.save(update_fields=["waiting_since"])
        _abandoned(call)
    if call.state not in (CallState.MENU, CallState.WAITING):
        return
    call.waiting_since = call.waiting_since or now
    ticket = amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.CALL, enqueued_at=call.waiting_since)
    item = WorkItem.objects.filter(ticket=ticket, kind=Kind.CALL).exclude(state=WorkState.DONE).order_by("-pk").first()
    call.work_item_id = item.pk if item else None
    call.state = CallState.WAITING
    call.save(update_fields=["waiting_since", "work_item_id", "state"])


@transaction.atomic
def promise_callback(call: Call) -> bool:
    """A callback that keeps the caller's place; False where we have no number to call."""
    call = _locked(call)
    if not call.number:
        return False
    since = call.waiting_since or call.started_at
    _leave_queue(call, "callback")
    _drop_agent(call)
    amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.CALLBACK, enqueued_at=since, receipt=True)
    _note(call, CallState.MENU)
    return True


@transaction.atomic
def start_message(call: Call) -> None:
    """The caller speaks; should they hang up now, or have done so already, it is a message all the same."""
    call = _locked(call)
    _leave_queue(call, "message")
    _drop_agent(call)
    if call.state == CallState.ENDED:
        amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.MESSAGE, receipt=bool(call.number))
    _note(call, CallState.RECORDING)


@transaction.atomic
def take_message(call: Call, *, recording: str = "") -> None:
    """The caller stopped speaking: the message waits for a human, its audio follows."""
    call = _locked(call)
    since = call.waiting_since or call.started_at
    amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.MESSAGE, enqueued_at=since, receipt=bool(call.number))
    if call.state == CallState.RECORDING:
        _note(call, CallState.MENU)
    if recording:
        fetch(call, recording)


def fetch(call: Call, recording: str) -> None:
    """Have the audio fetched, once; it is asked for by its id alone, never by an address that somebody sent."""
    if recording.isalnum() and len(recording) <= 64:
        order(Command.Kind.FETCH, f"fetch-{recording}", call=call, argument=recording, rank=7)


def audio_lost(call: Call) -> None:
    """The recording could not be had: said on the ticket, where somebody will miss it (an alarm tells as well)."""
    missing(channel=CHANNEL, external_id=call.sid or "", what="audio")


@transaction.atomic
def end(call: Call) -> None:
    """The person's leg is over; told again, or in another order, nothing more happens."""
    call = _locked(call)
    if call.state == CallState.ENDED:
        return
    was = call.state
    call.state, call.ended_at = CallState.ENDED, timezone.now()
    call.save(update_fields=["state", "ended_at"])
    _drop_agent(call)
    if call.outgoing:
        _callback_over(call, reached=was == CallState.CONNECTED)
    elif was == CallState.RECORDING:
        amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.MESSAGE, receipt=bool(call.number))
    elif was == CallState.CONNECTED:
        if call.work_item_id:
            calls.over(call.work_item_id, outcome="served")
        amend(channel=CHANNEL, external_id=call.sid or "", receipt=bool(call.number))
    elif was in (CallState.WAITING, CallState.CONNECTING):
        _abandoned(call)


def _abandoned(call: Call) -> None:
    """Who waited and hung up is called back, in a class of its own behind those who hold the line."""
    _leave_queue(call, "abandoned")
    if call.number and call.waiting_since:
        amend(
            channel=CHANNEL,
            external_id=call.sid or "",
            needs=Kind.CALLBACK,
            service_class="abandoned",
            enqueued_at=call.waiting_since,
            receipt=True,
            actor="system",
        )


def _leave_queue(call: Call, outcome: str) -> None:
    if call.work_item_id and not call.outgoing:
        routing.withdraw(call.work_item_id, actor="system", outcome=outcome)


def _drop_agent(call: Call) -> None:
    """The agent's leg has nobody to talk to any more: it is ended, or not dialled at all."""
    for leg in call.legs.filter(ended_at=None):
        _hang_up_leg(call, leg)
        Leg.objects.filter(pk=leg.pk).update(ended_at=timezone.now())


def _hang_up_leg(call: Call, leg: Leg) -> None:
    if leg.sid:  # else it was not dialled yet; whoever dials it at this moment finds it ended, and hangs up
        order(Command.Kind.HANG_UP, f"hang-up-{leg.pk}", call=call, leg=leg, rank=1)


def _callback_over(call: Call, *, reached: bool) -> None:
    """A callback's end: done where the person was reached, else tried again later."""
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if item is None or item.state == WorkState.DONE:
        return
    if not reached:
        routing.schedule(item.pk, timezone.now() + RETRY, actor="system", why="not_reached")
    elif item.delivery_id:
        outbox.report(item.delivery_id, "sent")
    else:
        calls.over(item.pk, outcome="reached")


@transaction.atomic
def connect(work_item_id: int, agent_id: int | None, to: str) -> None:
    """Bring an agent and the person of a call or a callback together: the agent's leg is dialled first."""
    call = (
        Call.objects.select_for_update(no_key=True)
        .filter(work_item_id=work_item_id)
        .exclude(state=CallState.ENDED)
        .first()
    )
    item = WorkItem.objects.select_related("ticket__person", "ticket__answer_to", "ticket__office").get(pk=work_item_id)
    if item.state != WorkState.ASSIGNED:  # given back before we came to it
        return
    call = call or _outgoing(item)
    if call is None or call.legs.filter(ended_at=None).exists():
        return
    call.state = CallState.CONNECTING
    call.save(update_fields=["state"])
    leg = Leg.objects.create(call=call, agent_id=agent_id, to=to)
    order(Command.Kind.DIAL_AGENT, f"agent-{leg.pk}", call=call, leg=leg, argument=to, rank=2)


def _outgoing(item: WorkItem) -> Call | None:
    if item.kind != Kind.CALLBACK:
        return None
    number = _number_of(item)
    if not number:
        _cannot_be_called(item)
        return None
    office = item.ticket.office
    return Call.objects.create(
        outgoing=True,
        number=number,
        line=office.phone,
        ticket=item.ticket,
        language=item.ticket.language or "fr",
        work_item_id=item.pk,
    )


def _cannot_be_called(item: WorkItem) -> None:
    """A callback to somebody whose number we do not know is an answer that could not be delivered: told once."""
    if item.delivery_id:
        outbox.report(item.delivery_id, "failed", error="no telephone number is known")
    else:
        routing.open_work_item(item.ticket, Kind.UNDELIVERED, actor="system", enqueued_at=item.enqueued_at)
    routing.withdraw(item.pk, actor="system", outcome="no_number")


def _number_of(item: WorkItem) -> str:
    answer_to = item.ticket.answer_to
    if answer_to and answer_to.kind == "phone":
        return str(answer_to.value)
    point = (
        item.ticket.person.contact_points.filter(kind="phone").order_by("-pk").first() if item.ticket.person else None
    )
    return str(point.value) if point else ""


@transaction.atomic
def agent_answered(leg: Leg, sid: str) -> Call:
    """The agent's leg is up: now the person is brought into the conversation."""
    call = Call.objects.select_for_update(no_key=True).select_related("ticket").get(pk=leg.call_id)
    Leg.objects.filter(pk=leg.pk, answered_at=None).update(answered_at=timezone.now(), sid=sid[:64])
    leg.refresh_from_db()
    if leg.ended_at or call.state not in (CallState.CONNECTING, CallState.CONNECTED):
        _hang_up_leg(call, leg)
    elif call.outgoing and not call.sid:
        order(Command.Kind.DIAL_PERSON, f"person-{leg.pk}", call=call, argument=call.number, rank=4)
    else:
        order(Command.Kind.MOVE, f"move-{leg.pk}", call=call, argument="join", rank=1)
    return call


@transaction.atomic
def connected(call: Call) -> None:
    """Person and agent hear each other."""
    call = _locked(call)
    if call.state in (CallState.ENDED, CallState.CONNECTED):
        return
    call.state, call.connected_at = CallState.CONNECTED, timezone.now()
    call.save(update_fields=["state", "connected_at"])
    if call.work_item_id:
        calls.connected(call.work_item_id, call=call.pk)


@transaction.atomic
def agent_gone(leg: Leg) -> None:
    """The agent's leg is over; a person still on the line goes back to their original place."""
    if not Leg.objects.filter(pk=leg.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    call = Call.objects.select_for_update(no_key=True).get(pk=leg.call_id)
    if call.state not in (CallState.CONNECTING, CallState.CONNECTED) or call.legs.filter(ended_at=None).exists():
        return  # they were no longer waiting for this agent
    if call.outgoing:
        _give_up(call)
        return
    was, item = call.state, WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if item is None or item.state == WorkState.DONE:  # the agent had said that all is done: nobody waits for another
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
        return
    _note(call, CallState.WAITING)
    routing.requeue(item.pk, actor="system", why="leg_lost")
    if was == CallState.CONNECTED:
        order(Command.Kind.MOVE, f"back-{leg.pk}", call=call, argument="park", rank=1)


def _give_up(call: Call) -> None:
    """An outgoing call whose agent is gone."""
    if call.sid:
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
    call.state, call.ended_at = CallState.ENDED, timezone.now()
    call.save(update_fields=["state", "ended_at"])
    _callback_over(call, reached=call.connected_at is not None)


@transaction.atomic
def let_go(work_item_id: int) -> None:
    """The agent gave the call back: their leg ends, and the caller waits again at their place."""
    for call in Call.objects.select_for_update(no_key=True).filter(work_item_id=work_item_id):
        for leg in call.legs.filter(ended_at=None):
            _hang_up_leg(call, leg)
            agent_gone(leg)


@transaction.atomic
def hang_up(work_item_id: int) -> None:
    """The agent ends the conversation."""
    for call in Call.objects.filter(work_item_id=work_item_id).exclude(state=CallState.ENDED):
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)


def order(
    kind: str,
    key: str,
    *,
    call: Call | None = None,
    leg: Leg | None = None,
    argument: str = "",
    delivery_id: int | None = None,
    rank: int = 5,
) -> None:
    """Write a command for the `voice` process, once per key, and wake it after commit."""
    Command.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "call": call,
            "leg": leg,
            "argument": argument,
            "delivery_id": delivery_id,
            "rank": rank,
        },
    )
    jobs.bell("voice")


@transaction.atomic
def text_received(sid: str, *, number: str, line: str, text: str) -> None:
    """A text message is a request like any other."""
    sender = e164(number) if number.startswith("+") else ""
    receive(
        Inbound(
            channel=CHANNEL,
            external_id=sid,
            occurred_at=timezone.now(),
            office_id=office_of(line),
            speaker=Speaker(points=(Point(kind="phone", value=sender),)) if sender else None,
            text=text,
            receipt=bool(sender) and not is_known_fixed(sender),
        )
    )


def holder_of(call: Call) -> Assignment | None:
    """Who holds the call's work."""
    return Assignment.objects.filter(work_item=call.work_item_id, ended_at=None).first()


def call_of_interaction(interaction: Interaction) -> Call | None:
    """The call that an interaction was."""
    return find(interaction.external_id or "")


def _locked(call: Call) -> Call:
    """The row as it is now, held; what was read before may be old."""
    return Call.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket").get(pk=call.pk)


def _note(call: Call, state: CallState) -> None:
    """Where the call stands now; one that is over stays so, whatever is told late."""
    if call.state == CallState.ENDED:
        return
    call.state = state
    call.save(update_fields=["state"])


def text_reported(delivery: str, status: str) -> None:
    """A text message of ours arrived, or did not."""
    state = {"delivered": "delivered", "undelivered": "failed", "failed": "failed"}.get(status)
    if state and delivery.isdigit():
        outbox.report(int(delivery), state)
