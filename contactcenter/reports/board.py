"""The wallboard's figures of some offices in an interval, for the page and the API alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.offices.models import Office
from contactcenter.reports import phone
from contactcenter.reports.calls import calls_between
from contactcenter.reports.channels import ChannelFigures, by_channel
from contactcenter.reports.occupancy import occupancy_between
from contactcenter.reports.phone import Phone

LONGEST = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From when (included) until when (not included)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the wallboard that is a number."""

    interval: Interval
    phone: Phone
    occupancy: float | None
    channels: list[ChannelFigures]


def board(offices: Collection[int] | None, interval: Interval) -> Board:
    """The figures of these offices; None is all. The calls are those of the interval, who waits is as of now."""
    start, end = interval.start, interval.end
    return Board(
        interval=interval,
        phone=phone.figures(calls_between(start, end, offices), phone.hours_between(start, end, offices)),
        occupancy=occupancy_between(start, end, offices),
        channels=by_channel(timezone.now(), offices, start=start, end=end),
    )


def office_named(slug: str, by: Principal) -> Office | None:
    """The office with this name in addresses; None where none is named. NotFoundError where it is not theirs to see."""
    if not slug:
        return None
    office = None if "\x00" in slug else Office.objects.filter(slug=slug).first()
    if office is None or not by.serves(office.pk):
        raise NotFoundError(_("There is no office %(office)s that you can see.") % {"office": slug})
    return office


def interval_asked(start: str, end: str, zone: ZoneInfo) -> Interval:
    """The interval from two instants or days as text; today so far where nothing is said.

    What has no offset is time of that zone; a day as the end is included. InvalidError says what to write instead.
    """
    now = timezone.now()
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    until = _instant(end, zone, day_after=True) if end else now
    since = _instant(start, zone) if start else min(midnight, until)
    if since > until:
        raise InvalidError(_("The interval ends before it begins: give “from” the earlier time."))
    if until - since > LONGEST:
        raise InvalidError(_("Ask for at most %(days)d days at once.") % {"days": LONGEST.days})
    return Interval(start=since, end=until)


def _instant(text: str, zone: ZoneInfo, *, day_after: bool = False) -> datetime:
    try:
        day = parse_date(text)
        if day:
            return datetime.combine(day + timedelta(days=day_after), time(), zone)
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)  # a "+" that nobody escaped
        if moment:
            return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        pass
    how = _("“%(text)s” is no time: write it as 2026-11-23T08:30:00+01:00 or as 2026-11-23.")
    raise InvalidError(how % {"text": text[:40]})
