"""What is to be known of a line at every turn of a call: read anew every few seconds, not at every key."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from contactcenter.offices import hours
from contactcenter.offices.models import Door, Office
from ivr import menu, recorded
from ivr.lines import ON_FIRST_KEYS, USUAL, Announcement, Line
from ivr.prompts import CODES, Clips, is_offered
from ivr.services.line import seconds_to_answer
from ivr.tapes import TapeRule

KEPT_S = 5.0
SERVED_AFTER_CLOSING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A line as it is set now."""

    office: Office
    offer: menu.Offer
    calendar: hours.Calendar | None  # None: open at all hours
    served_after_closing: timedelta
    door_id: int | None = None
    announcement: Announcement | None = None
    tape_rule: TapeRule | None = None

    def seconds_left(self, now: datetime) -> float | None:
        """The opening time left until the line closes; 0 where it is closed, None where it never is."""
        if self.calendar is None:
            return None
        closes = hours.closes_at(self.calendar, now)
        return (closes - now).total_seconds() if closes else 0.0

    def standing(self, now: datetime) -> menu.Standing:
        """Whether somebody who asks for a person now can be answered."""
        left = self.seconds_left(now)
        return menu.standing(left, None if left == 0 else _expected(self.office.pk))

    def lets_go(self, now: datetime) -> bool:
        """Whether it has been closed for so long that those who still wait are promised a callback instead."""
        if self.calendar is None or hours.closes_at(self.calendar, now):
            return False
        return hours.between(self.calendar, now - self.served_after_closing, now) == 0


_known: dict[str, tuple[float, Known]] = {}
_waits: dict[int, tuple[float, float | None]] = {}


def of(number: str) -> Known:
    """What is set for the line with this number; as usual for one that is nobody's."""
    kept = _known.get(number)
    if kept is None or time.monotonic() - kept[0] > KEPT_S:
        recorded.read_anew()
        kept = _known[number] = (time.monotonic(), _read(number))
    return kept[1]


def last_offer(number: str) -> menu.Offer:
    """The line's languages as last read, however long ago; the usual ones where none were. Asks nobody."""
    kept = _known.get(number)
    return kept[1].offer if kept else offered(USUAL.split(","), recorded.clips())


def _expected(office_id: int) -> float | None:
    kept = _waits.get(office_id)
    if kept is None or time.monotonic() - kept[0] > KEPT_S:
        kept = _waits[office_id] = (time.monotonic(), seconds_to_answer(office_id))
    return kept[1]


def forget() -> None:
    """Read every line anew, since something was set in this process."""
    _known.clear()
    _waits.clear()


def _read(number: str) -> Known:
    door = Door.objects.at("phone", number).filter(closed_at=None).select_related("office__tape_rule", "line").first()
    office = door.office if door else Office.objects.order_by("pk")[0]
    line: Line | None = getattr(door, "line", None)
    served = timedelta(seconds=line.serves_after_closing_s) if line else SERVED_AFTER_CLOSING
    announcement = door.announcements.filter(ended_at=None).select_related("incident").first() if door else None
    offer = offered((line.languages if line else USUAL).split(","), recorded.clips())
    return Known(
        office=office,
        door_id=door.pk if door else None,
        tape_rule=getattr(office, "tape_rule", None),
        announcement=announcement,
        offer=replace(offer, announcement=bool(announcement and announcement.incident_id)),
        calendar=_calendar(office, door),
        served_after_closing=served,
    )


def _calendar(office: Office, door: Door | None) -> hours.Calendar | None:
    """The line's own hours, else its office's."""
    if settings.CC_DEMO or door is None or not hours.has_hours(door.hours):
        return hours.calendar_of(office)
    return hours.calendar_for(office, hours.parse_week(door.hours))


def offered(codes: list[str], clips: Clips) -> menu.Offer:
    """Languages by key: the line's own on the keys 1 to 8, the others, on the keys 1 to 9, behind key 9.

    Incomplete ones are left out.
    """
    others = [code for code in CODES if code not in codes]
    return menu.Offer(first=_keyed(codes[:ON_FIRST_KEYS], clips), more=_keyed(others, clips))


def _keyed(codes: list[str], clips: Clips) -> Mapping[str, str]:
    return {str(key): code for key, code in enumerate(codes, 1) if is_offered(code, key, clips)}
