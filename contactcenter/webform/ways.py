"""Every way to reach an office, in the order of the portal: none of them ranks below the form."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contactcenter.desk.models import Incident
from contactcenter.offices.hours import is_open
from contactcenter.offices.models import Door, Office
from contactcenter.people.points import spoken
from contactcenter.routing.classes import TARGETS_S
from contactcenter.routing.models import WorkItem
from contactcenter.webform.week import week_in_words

WORKING_DAY_S = 8 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: its icon and title, where it leads, what to expect in a sentence or two, and when."""

    icon: str
    title: str
    where: str
    link: str
    told: str
    hours: tuple[str, ...] = ()


def first_office() -> Office:
    """The office to which forms and the inbox folder belong: the first."""
    office = Office.objects.prefetch_related("doors").order_by("pk").first()
    return office or Office(name=_("Contact centre"), service=_("Contact centre"))


def ways_to_reach(office: Office) -> list[Way]:
    """Telephone, letter, counter, form and e-mail, as far as the office has their doors."""
    doors = {door.kind: door for door in office.doors.all() if not door.closed_at} if office.pk else {}
    ways = [_WAYS[kind](doors[kind], office) for kind in ("phone", "mailroom", "counter") if kind in doors]
    ways.append(_form())
    if "mailbox" in doors:
        ways.append(_mailbox(doors["mailbox"], office))
    return ways


def _phone(door: Door, office: Office) -> Way:
    return Way(
        icon="phone",
        title=_("Call us"),
        where=spoken(door.address),
        link=f"tel:{door.address}",
        told=door.label or _wait(office, timezone.now()),
        hours=week_in_words(door.hours),
    )


def _wait(office: Office, now: datetime) -> str:
    """The wait now, in words."""
    if not is_open(office, now):
        return _("Closed now. Leave a message: it is a request like any other.")
    waiting = WorkItem.objects.waiting().filter(kind__in=("call", "callback"), lane__queue__office=office)
    before = waiting.exclude(lane__service_class="abandoned").count()
    if not before:
        return _("Open now, nobody is waiting. We can also call you back.")
    return ngettext(
        "Open now, %(before)d person is before you. We can also call you back.",
        "Open now, %(before)d persons are before you. We can also call you back.",
        before,
    ) % {"before": before}


def _mailroom(door: Door, office: Office) -> Way:
    return Way(
        icon="letter",
        title=_("Write a letter"),
        where=door.address,
        link="",
        told=door.label
        or _("We promise an answer by letter within %(days)d working days. Keep a copy.") % _days("paper"),
    )


def _counter(door: Door, office: Office) -> Way:
    return Way(
        icon="counter",
        title=_("Come and see us"),
        where=door.address,
        link="",
        told=door.label or _("Without appointment. We register your papers and give you a receipt."),
        hours=week_in_words(door.hours),
    )


def _form() -> Way:
    return Way(
        icon="web",
        title=_("Fill in a form"),
        where=_("No account, no app"),
        link="/request/other/",
        told=_("Five to ten minutes. You can add photos taken with a telephone."),
    )


def _mailbox(door: Door, office: Office) -> Way:
    return Way(
        icon="email",
        title=_("Send an e-mail"),
        where=door.address,
        link=f"mailto:{door.address}",
        told=door.label
        or _("A receipt leaves at once. We promise an answer within %(days)d working days.") % _days("message"),
    )


_WAYS = {"phone": _phone, "mailroom": _mailroom, "counter": _counter}


def _days(service_class: str) -> dict[str, int]:
    return {"days": TARGETS_S[service_class] // WORKING_DAY_S}


def standing() -> list[Incident]:
    """The faults of online services that are known and not mended, the newest first."""
    return list(Incident.objects.filter(mended_at=None).order_by("-opened_at")[:5])
