"""Every way to reach an office, in the order of the portal: none of them ranks below the form."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.offices.hours import DAYS, is_open
from contactcenter.offices.models import Door, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: its icon and title, where it leads, and what to expect in a sentence or two."""

    icon: str
    title: str
    where: str
    link: str
    told: str
    hours: str


def first_office() -> Office:
    """The office to which forms and the inbox folder belong: the first."""
    office = Office.objects.prefetch_related("doors").order_by("pk").first()
    return office or Office(name=_("Contact centre"), service=_("Contact centre"))


def ways_to_reach(office: Office) -> list[Way]:
    """Telephone, letter, counter, form and e-mail, as far as the office has their doors."""
    doors = {door.kind: door for door in office.doors.all() if not door.closed_at} if office.pk else {}
    now_open = bool(office.pk) and is_open(office, timezone.now())
    ways = [_way(kind, doors[kind], open_now=now_open) for kind in ("phone", "mailroom", "counter") if kind in doors]
    ways.append(
        Way(
            icon="web",
            title=_("Fill in a form"),
            where=_("No account, no app"),
            link="/request/other/",
            told=_("Five to ten minutes. You can add photos taken with a telephone."),
            hours="",
        )
    )
    if "mailbox" in doors:
        ways.append(_way("mailbox", doors["mailbox"], open_now=True))
    return ways


def _way(kind: str, door: Door, *, open_now: bool) -> Way:
    expect = {
        "phone": _("Open now. If all are busy, we call you back and you keep your place.") if open_now else _("Closed now. Leave a message: it is a request like any other."),
        "mailroom": _("You get a receipt and an answer by letter. Keep a copy."),
        "counter": _("We register your papers and give you a receipt."),
        "mailbox": _("A receipt leaves at once; a person answers."),
    }  # fmt: skip
    title = {"phone": _("Call"), "mailroom": _("Write a letter"), "counter": _("Come"), "mailbox": _("Send an e-mail")}
    icon = {"phone": "phone", "mailroom": "letter", "counter": "counter", "mailbox": "email"}
    link = {"phone": f"tel:{door.address}", "mailbox": f"mailto:{door.address}"}.get(kind, "")
    where = spoken_number(door.address) if kind == "phone" else door.address
    told = door.label or expect[kind]
    return Way(icon=icon[kind], title=title[kind], where=where, link=link, told=told, hours=week_in_words(door.hours))


def spoken_number(number: str) -> str:
    """A French number as it is written: 01 99 00 00 00."""
    if not number.startswith("+33") or len(number) != 12:
        return number
    digits = "0" + number[3:]
    return " ".join(digits[at : at + 2] for at in range(0, 10, 2))


def week_in_words(hours: dict[str, list[list[str]]]) -> str:
    """Hours on one line; days with the same hours are joined: Mon–Fri 08:30–18:00."""
    names = {"mon": _("Mon"), "tue": _("Tue"), "wed": _("Wed"), "thu": _("Thu"), "fri": _("Fri"), "sat": _("Sat"), "sun": _("Sun")}
    runs: list[tuple[str, str, list[list[str]]]] = []
    for day in DAYS:
        spans = hours.get(day, [])
        if spans and runs and runs[-1][2] == spans and DAYS.index(runs[-1][1]) == DAYS.index(day) - 1:
            runs[-1] = (runs[-1][0], day, spans)
        elif spans:
            runs.append((day, day, spans))
    return " · ".join(
        f"{names[first]}{'–' + names[last] if last != first else ''} {', '.join('–'.join(span) for span in spans)}"
        for first, last, spans in runs
    )
