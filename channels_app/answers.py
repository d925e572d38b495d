"""The ways to answer a person: the proposed one with its reason, the others one key away."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_app import words
from contactcenter.desk.previewing import AnswerPreview
from contactcenter.desk.promised import free_hours
from contactcenter.desk.services import ways_to_answer
from contactcenter.people.points import spoken
from contactcenter.tickets.models import Ticket

MOST_PAGES = 4  # of a letter shown as pictures; the PDF has them all
ICONS = {"email": "email", "sms": "phone", "callback": "callback", "letter": "paper", "page": "web"}
OWN = {
    "email": _("because they wrote by e-mail"),
    "phone": _("because they called"),
    "web": _("because they filled in a form"),
    "paper": _("because they wrote on paper"),
}
BECAUSE: dict[str, Promise] = {
    "fixed_line": _("because the number is a fixed line, which takes no SMS"),
    "given_address": _("because they gave us this address"),
    "only_way": _("because we know no other way"),
    "no_address": _("because we know no address of theirs: they read it on the follow page"),
    "also": _("they read it with their reference and code"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to answer, as the answer box offers it."""

    means: str
    word: str
    icon: str
    to: str
    because: str
    key: int
    chosen: bool


def ways(ticket: Ticket, wanted: str = "") -> list[Way]:
    """Every way to answer, each means once; the wanted one is chosen, else the first."""
    once = list({choice.means: choice for choice in reversed(ways_to_answer(ticket))}.values())[::-1]
    chosen = wanted if wanted in {choice.means for choice in once} else once[0].means
    return [
        Way(
            means=choice.means,
            word=str(words.MEANS.get(choice.means, choice.means)),
            icon=ICONS.get(choice.means, "web"),
            to=spoken(choice.to.splitlines()[0]) if choice.to else "",
            because=str(_because(ticket, choice.reason)),
            key=number,
            chosen=choice.means == chosen,
        )
        for number, choice in enumerate(once, start=1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour for which a callback can be promised: as the form sends it, and as one reads it."""

    value: str
    word: str
    chosen: bool


def hours(ticket: Ticket, wanted: str, now: datetime) -> list[Hour]:
    """The hours that are free, the soonest first; none where the person cannot be called."""
    if all(choice.means != "callback" for choice in ways_to_answer(ticket)):
        return []
    values = [(at, at.isoformat()) for at in free_hours(ticket.office)]
    return [Hour(value=value, word=words.when(at, now), chosen=value == wanted) for at, value in values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview as the page shows it; `pages` are addresses of pictures that need no further request."""

    means: str
    word: str
    icon: str
    because: str
    head: tuple[tuple[str, str], ...]
    text: str
    note: str
    pages: list[str]
    has_document: bool


def shown(ticket: Ticket, answer: AnswerPreview) -> Shown:
    """How the answer will look, by which means and why."""
    choice, look = answer.choice, answer.shown
    return Shown(
        means=choice.means,
        word=str(words.MEANS.get(choice.means, choice.means)),
        icon=ICONS.get(choice.means, "web"),
        because=str(_because(ticket, choice.reason)),
        head=look.head,
        text=look.text,
        note=look.note,
        pages=[f"data:image/png;base64,{b64encode(page).decode()}" for page in look.pages[:MOST_PAGES]],
        has_document=bool(look.document),
    )


def _because(ticket: Ticket, reason: str) -> Promise | str:
    return OWN.get(ticket.channel, "") if reason == "own_channel" else BECAUSE.get(reason, "")
