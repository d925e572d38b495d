"""Watch the lines that figures must not cross, and prepare the mails that say so.

The figure is looked at each minute. A line that is crossed opens an alarm, which stays one alarm however long it lasts;
one that opened within the hour is not told again, so that a figure on the very line does not fill a mailbox.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contactcenter.reports import alarms, phone
from contactcenter.reports.channels import by_channel
from contactcenter.reports.models import Alarm, AlarmMail, Line
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Assignment

KIND = "line"
HOUR = timedelta(hours=1)
QUIET = HOUR  # between two mails about one line


@transaction.atomic
def sweep_lines() -> tuple[int, int]:
    """Open and close the alarms of all lines; returns how many were opened and closed."""
    now = timezone.now()
    lines = {str(line.pk): line for line in Line.objects.filter(active=True).select_related("office").order_by("pk")}
    standing = set(Alarm.objects.filter(kind=KIND, closed_at=None).values_list("pk", flat=True))
    wrong = {key: sentence for key, line in lines.items() if (sentence := crossed(line, now))}
    done = alarms.settle(KIND, wrong)
    for alarm in Alarm.objects.filter(kind=KIND, closed_at=None).exclude(pk__in=standing):
        recent = Alarm.objects.filter(kind=KIND, key=alarm.key, opened_at__gt=now - QUIET, mails__isnull=False)
        if not recent.exists():
            _tell(alarm, lines[alarm.key].told, over=False)
    for alarm in Alarm.objects.filter(pk__in=standing, closed_at__isnull=False):
        _tell(alarm, list(alarm.mails.filter(over=False).order_by("pk").values_list("to", flat=True)), over=True)
    return done


def crossed(line: Line, now: datetime) -> str:
    """What is wrong, in a sentence; "" while the figure is on the right side of its line, or has no value."""
    value = _value(line, now)
    limit = float(line.limit)
    if value is None or (value >= limit if line.figure == Line.Figure.ANSWERED else value <= limit):
        return ""
    where = line.office.name if line.office else _("All offices")
    facts = {"value": number_format(value, 1), "limit": number_format(limit, 1)}
    return f"{where}: {_sentence(line.figure) % facts}"


def _sentence(figure: str) -> str:
    return {
        Line.Figure.ANSWERED: _("%(value)s %% of the last hour's calls were answered; the line is %(limit)s %%."),
        Line.Figure.CALLS: _("%(value)s calls are waiting; the line is %(limit)s."),
        Line.Figure.OLDEST: _("Somebody has been waiting for %(value)s hours; the line is %(limit)s."),
        Line.Figure.LATENESS: _("The most late has waited %(value)s times its promise; the line is %(limit)s."),
        Line.Figure.STUCK: _("Work has been in somebody's hands for %(value)s hours; the line is %(limit)s."),
    }[Line.Figure(figure)]


def _value(line: Line, now: datetime) -> float | None:
    offices = None if line.office_id is None else {line.office_id}
    match line.figure:
        case Line.Figure.ANSWERED:
            share = phone.figures(phone.calls_between(now - HOUR, now, offices)).answered_share
            return None if share is None else 100 * share
        case Line.Figure.STUCK:
            return _longest_in_hand(now, offices)
    channels = by_channel(now, offices, start=now, end=now)
    match line.figure:
        case Line.Figure.CALLS:
            return float(sum(one.waiting for one in channels if one.channel == "phone"))
        case Line.Figure.OLDEST:
            return max((one.oldest_s or 0.0 for one in channels), default=0.0) / HOUR.total_seconds()
        case _:
            return max((one.relative_lateness for one in channels), default=0.0)


def _longest_in_hand(now: datetime, offices: set[int] | None) -> float | None:
    """Hours for which written work has been held; a conversation lasts as long as it lasts."""
    held = Assignment.objects.filter(ended_at=None).exclude(work_item__kind__in=LIVE_KINDS)
    if offices is not None:
        held = held.filter(work_item__lane__queue__office__in=offices)
    since = held.order_by("started_at").values_list("started_at", flat=True).first()
    return (now - since) / HOUR if since else None


def _tell(alarm: Alarm, addresses: list[str], *, over: bool) -> None:
    AlarmMail.objects.bulk_create(
        [AlarmMail(alarm=alarm, to=address, over=over) for address in addresses], ignore_conflicts=True
    )
