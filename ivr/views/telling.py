"""What is told before a question is asked: when we open, where one can come, what the keypad found out."""

from collections.abc import Sequence
from datetime import date, datetime
from xml.etree.ElementTree import Element

from contactcenter.offices import hours
from contactcenter.offices.models import Door
from contactcenter.receipts.models import Receipt
from ivr import menu, twiml
from ivr.models import Call
from ivr.prompts import FIRST, dates, language
from ivr.services import announcements
from ivr.services.doors import Known

STATES = frozenset({"state_new", "state_open", "state_waiting", "state_answered", "state_solved"})
RECEIPT = "receipt-"


def before(node: str, call: Call, line: Known, told: str, now: datetime) -> list[Element]:
    """What is heard before a node's question."""
    code = call.language
    if node == menu.TOPIC:
        return announcement(call, line)
    if node == menu.CLOSED:
        return [*announcement(call, line), *opening(code, line, now)]
    if node == menu.PLACES:
        return places(code, line)
    if node == menu.AFTER:
        return _found(told, code, line)
    return []


def announcement(call: Call, line: Known) -> list[Element]:
    """What is said on the line for now, once to each caller; and the key for whoever calls about it."""
    if line.announcement is None or not announcements.is_news(call, line.announcement):
        return []
    words, spoken = announcements.words(line.announcement, call.language)
    key = [twiml.say("announcement_link", call.language)] if line.announcement.incident_id else []
    return [twiml.said(words, spoken), *key]


def opening(code: str, line: Known, now: datetime) -> list[Element]:
    """When the line opens again."""
    opens = hours.opens_at(line.calendar, now) if line.calendar else None
    if opens is None or line.calendar is None:
        return []
    spoken = _dates_in(code)
    at = opens.astimezone(dates.zone(line.calendar.zone)).time()
    return [twiml.say("opens", code, day=dates.day(opens, line.calendar.zone, spoken), time=dates.clock(at, spoken))]


def places(code: str, line: Known) -> list[Element]:
    """Where and when one can come, and where one can write, from the office's open doors."""
    doors = list(line.office.doors.filter(closed_at=None, kind__in=["counter", "mailroom"]).order_by("kind", "pk"))
    told: list[Element] = []
    for door in doors:
        comes = door.kind == Door.Kind.COUNTER
        told.append(twiml.say("come" if comes else "write", code, place=_in_one_line(door.address)))
        if comes and hours.has_hours(door.hours):
            week = dates.week(hours.parse_week(door.hours), _dates_in(code))
            told.append(twiml.say("open_on", code, week=week))
    if not any(door.kind == Door.Kind.MAILROOM for door in doors):
        told.append(twiml.say("write", code, place=_in_one_line(line.office.address)))
    return told


def hours_to_choose(code: str, choices: Sequence[datetime], zone: str, now: datetime) -> list[Element]:
    """The hours for which we can call back, each with its key."""
    today = now.astimezone(dates.zone(zone)).date()
    return [_hour(code, key, at, zone, today) for key, at in enumerate(choices, 1)]


def _hour(code: str, key: int, at: datetime, zone: str, today: date) -> Element:
    local, spoken = at.astimezone(dates.zone(zone)), _dates_in(code)
    prompt = {0: "hour_today", 1: "hour_tomorrow"}.get((local.date() - today).days, "hour_on")
    on = {"day": dates.day(at, zone, spoken)} if prompt == "hour_on" else {}
    return twiml.say(prompt, code, key=key, time=dates.clock(local.time(), spoken), **on)


def verdict(receipt: Receipt | None) -> str:
    """What may be told of a receipt: whether it is genuine, its service and day; nothing else of it."""
    return f"{RECEIPT}{receipt.pk}" if receipt else "not_genuine"


def _found(told: str, code: str, line: Known) -> list[Element]:
    if told in STATES or told == "not_genuine":
        return [twiml.say(told, code)]
    number = told.removeprefix(RECEIPT)
    receipt = Receipt.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None
    if receipt is None:
        return []
    issued = receipt.issued_at.astimezone(dates.zone(line.office.timezone)).date()
    day = dates.date_of(issued, _dates_in(code))
    return [twiml.say("genuine", code, day=day, service=receipt.content["service_name"])]


def _dates_in(code: str) -> str:
    """Dates are said in the language of the sentence around them: French where none speaks the caller's."""
    return code if language(code).code == code and language(code).voice else FIRST


def _in_one_line(address: str) -> str:
    return ", ".join(address.splitlines())
