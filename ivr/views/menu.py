"""The call flow: the first ring, and each answer in the menu."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from django.http import HttpRequest
from django.utils import timezone

from ivr import menu, rooms, twiml
from ivr.models import Call
from ivr.services import announcements, calls, doors, keypad, slots, taping, unhurried, voicemail
from ivr.services import waiting as place
from ivr.services.doors import Known
from ivr.views import telling
from ivr.views.answering import kept_at, of_call

HOURS_ASKED = "hours"
WRONG = "wrong"  # how many references and codes did not go together


@of_call
def voice(request: HttpRequest, call: Call) -> str:
    """The telephone rings: the ticket exists from this second on."""
    line = doors.of(call.line)
    greeting = twiml.say("greeting", call.language, service=line.office.service)
    return twiml.ask(menu.FIRST, call.language, offer=line.offer, slow=call.slow, before=[greeting])


@of_call
def choose(request: HttpRequest, call: Call) -> str:
    """An answer in the menu, or none."""
    line = doors.of(call.line)
    node, hours = request.GET.get("node", ""), _hours(request)
    offer = replace(line.offer, hours=len(hours))
    step = menu.answer(node, keyed(request), tries(request), offer, line.standing(timezone.now()))
    calls.learn(call, language=step.language, procedure=step.procedure)
    unhurried.learn(call, asked=step.slower)
    if step.to == menu.STATUS:
        return _status(call, line, request, step.number)
    if step.to == menu.VERIFIED:
        return _after(call, line, telling.verdict(keypad.receipt(step.number)))
    if step.to == menu.ANNOUNCEMENT:
        return _linked(call, line)
    if step.to == menu.HOUR and hours:
        return _promised(call, hours[int(step.number or 1) - 1], unasked=step.unasked)
    if step.to in menu.ENDS:
        return end_of_menu(call, step.to, call.language, unasked=step.unasked, at=kept_at(request))
    if step.to == menu.HOURS:
        return _ask_hours(call, step, hours)
    return _ask(call, line, step, request)


def _linked(call: Call, line: Known) -> str:
    """They call about what the announcement says; then as before, since they may want more than to know."""
    heard = [twiml.say("announcement_linked", call.language)] if announcements.concerns(call, line) else []
    return ask_again(call, line, heard)


def ask_again(call: Call, line: Known, heard: Sequence[Element] = ()) -> str:
    """The menu from its beginning, or what a closed line asks instead of it."""
    now = timezone.now()
    node = menu.CLOSED if line.standing(now) == menu.Standing.CLOSED else menu.TOPIC
    before = [*heard, *telling.before(node, call, line, "", now)]
    return twiml.ask(node, call.language, offer=line.offer, slow=call.slow, before=before)


def keyed(request: HttpRequest) -> str:
    """The digits that were pressed, `#` where that alone ended a number; nothing we ask for is longer."""
    digits = request.POST.get("Digits", "")[:40]
    asked = menu.NODES.get(request.GET.get("node", ""))
    if not digits and asked and asked.hash_is_slower and "silent" not in request.GET:
        return menu.SLOWER
    return digits


def tries(request: HttpRequest, what: str = "tries") -> int:
    """How often this node was asked in vain, or `what` else travels as a count."""
    told = request.GET.get(what, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 0


def _ask(call: Call, line: Known, step: menu.Step, request: HttpRequest) -> str:
    """Ask the next question; what it is about travels with it."""
    reference = step.number if step.to == "code" and step.number else request.GET.get("reference", "")
    told = request.GET.get("told", "") if step.to == menu.AFTER else ""
    wrong = request.GET.get(WRONG, "") if step.to in ("reference", "code") else ""
    state = {"reference": reference if step.to == "code" else "", "told": told, WRONG: wrong}
    kept = {name: value for name, value in state.items() if value}
    before = [twiml.say("slow", call.language)] if step.slower else []
    before += telling.before(step.to, call, line, told, timezone.now())
    return twiml.ask(step.to, call.language, step.tries, offer=line.offer, slow=call.slow, before=before, kept=kept)


def _status(call: Call, line: Known, request: HttpRequest, code: str) -> str:
    """Where a request stands, to whoever has its reference and code; a third wrong pair leads to a human."""
    try:
        ticket = keypad.proved(request.GET.get("reference", ""), code, call.number, line.office)
    except keypad.TooManyError:
        return end_of_menu(call, menu.WAIT, call.language, first="keypad_closed")
    if ticket is None:
        return _wrong(call, line, tries(request, WRONG) + 1)
    return _after(call, line, keypad.state_of(ticket))


def _wrong(call: Call, line: Known, count: int) -> str:
    if count >= menu.MOST_TRIES:
        return end_of_menu(call, menu.WAIT, call.language, first="wrong_code", unasked=True)
    told, kept = [twiml.say("wrong_code", call.language)], {WRONG: str(count)}
    return twiml.ask("reference", call.language, offer=line.offer, slow=call.slow, before=told, kept=kept)


def _after(call: Call, line: Known, told: str) -> str:
    before = telling.before(menu.AFTER, call, line, told, timezone.now())
    return twiml.ask(menu.AFTER, call.language, offer=line.offer, slow=call.slow, before=before, kept={"told": told})


def end_of_menu(
    call: Call, to: str, language: str, first: str = "", *, unasked: bool = False, at: datetime | None = None
) -> str:
    """Where the caller chose to go, or was led `unasked`: the queue, a promised callback, or the recorder.

    `at` is when they did, where that is carried in later.
    """
    standing = doors.of(call.line).standing(timezone.now())
    before: list[Element] = [twiml.say(first, language)] if first else []
    if to == menu.WAIT and standing.serves:
        place.wait(call, at=at)
        if taping.is_due(call):
            return rooms.notice(call.pk, language, rooms.WAIT, slow=call.slow, before=before)
        return twiml.enqueue(before)
    if to == menu.CALLBACK and standing == menu.Standing.LONG:
        return _ask_hours(call, menu.Step(to=menu.HOURS), [])
    return _kept_place(call, to, language, before, later=not standing.serves, unasked=unasked)


def _kept_place(
    call: Call, to: str, language: str, before: list[Element], *, later: bool, unasked: bool = False
) -> str:
    """A callback that keeps the caller's place, where they want one and we call their number; else the recorder."""
    if to in menu.HELP and place.promise_callback(call):
        promise = twiml.callback(language, calls.own_reference(call), later=later)
        return _promise([*before, *promise], call, unasked=unasked)
    voicemail.start_message(call)
    why = "not_called" if call.number else "no_number"
    return twiml.record(language, "message" if to == menu.MESSAGE else why, slow=call.slow, before=before)


def _ask_hours(call: Call, step: menu.Step, hours: list[datetime]) -> str:
    """Let them choose from several hours, heard again as they were offered; where there is but one, that one."""
    office, now = call.ticket.office, timezone.now()
    if not place.may_choose(call):
        return _kept_place(call, menu.CALLBACK, call.language, [], later=False)
    hours = hours or slots.choices(office, now)
    if not hours:
        return _kept_place(call, menu.CALLBACK, call.language, [], later=False)
    if len(hours) == 1:
        return _promised(call, hours[0])
    Call.objects.filter(pk=call.pk).update(choice=menu.HOURS)
    before = [twiml.say("slow", call.language)] if step.slower else []
    before += telling.hours_to_choose(call.language, hours, office.timezone, now)
    kept = {HOURS_ASKED: ",".join(str(int(at.timestamp())) for at in hours)}
    offer = doors.of(call.line).offer
    return twiml.ask(menu.HOURS, call.language, step.tries, offer=offer, slow=call.slow, before=before, kept=kept)


def _hours(request: HttpRequest) -> list[datetime]:
    """The hours that were offered, as they travel with the question."""
    told = request.GET.get(HOURS_ASKED, "")[:60].split(",")
    return [datetime.fromtimestamp(int(one), UTC) for one in told if one.isascii() and one.isdigit() and len(one) < 12]


def _promised(call: Call, at: datetime, *, unasked: bool = False) -> str:
    place.promise_hour(call, at)
    reference, zone = calls.own_reference(call), call.ticket.office.timezone
    return _promise(twiml.callback_at(call.language, reference, at, zone), call, unasked=unasked)


def _promise(told: list[Element], call: Call, *, unasked: bool) -> str:
    """Who asked for it has what they wanted. Who only said nothing may still speak, and is not simply hung up on."""
    if not unasked:
        return twiml.farewell(call.language, told)
    return twiml.record(call.language, "add_message", slow=call.slow, before=told, promised=True)
