"""What a supervisor has said on a line, and callers whom it concerns."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk import incidents
from contactcenter.errors import DomainError, InvalidError, NotAllowedError, NotFoundError
from contactcenter.offices.models import Door
from ivr.lines import LONGEST, Announcement
from ivr.models import Call
from ivr.prompts import CODES, FIRST, language
from ivr.services import doors
from ivr.services.doors import Known

MAY = frozenset({"supervisor", "administrator"})
CALLER = Principal(actor="person", label="caller", role="person")  # who says so is on the line, and sees nothing


def lines_of(by: Principal) -> list[Door]:
    """The lines on which this one may put an announcement."""
    lines = Door.objects.filter(kind="phone", closed_at=None).select_related("office").order_by("office", "pk")
    return [door for door in lines if by.serves(door.office_id)]


@transaction.atomic
def put(door_id: int, texts: Mapping[str, str], by: Principal, *, incident: str = "") -> Announcement:
    """Say this on a line from now on, in place of what was said before."""
    door = _line(door_id, by)
    said = {code: line for code, text in texts.items() if code in CODES and (line := _in_one_line(text))}
    if not said.get(FIRST):
        raise InvalidError(_("Write in French what callers should hear."))
    if any(len(words) > LONGEST for words in said.values()):
        raise InvalidError(_("An announcement is heard by everybody: at most %(most)d characters.") % {"most": LONGEST})
    fault = incidents.numbered(incident) if incident else None
    if fault and fault.mended_at:
        raise NotFoundError(_("There is no open incident with this number."))
    _off(door)
    announcement = Announcement.objects.create(door=door, texts=said, incident=fault, actor=by.actor)
    doors.forget()
    return announcement


@transaction.atomic
def take_off(door_id: int, by: Principal) -> None:
    """Say nothing more on a line."""
    _off(_line(door_id, by))
    doors.forget()


def words(announcement: Announcement, code: str) -> tuple[str, str]:
    """What is said to a caller and its language: theirs where it was written in it and a voice speaks it."""
    spoken = code if code in announcement.texts and language(code).code == code and language(code).voice else FIRST
    return announcement.texts[spoken], spoken


def is_news(call: Call, announcement: Announcement) -> bool:
    """Whether this caller has not heard it yet; from now on they have."""
    if call.announcement_heard == announcement.pk:
        return False
    Call.objects.filter(pk=call.pk).update(announcement_heard=announcement.pk)
    return True


def concerns(call: Call, here: Known) -> bool:
    """The caller says that this is what they call about: their ticket is linked to the incident, if it still stands."""
    if here.announcement is None or here.announcement.incident is None:
        return False
    try:
        incidents.link(here.announcement.incident.number, [call.ticket.reference], CALLER)
    except DomainError:  # mended in this very moment: its word has gone out
        return False
    return True


def _in_one_line(text: str) -> str:
    """What is written, as it can be kept and said: without characters that are none to a reader."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _line(door_id: int, by: Principal) -> Door:
    if by.role not in MAY:
        raise NotAllowedError(_("Supervisors say what is heard on a line."))
    door = Door.objects.select_for_update(no_key=True).filter(pk=door_id, kind="phone", closed_at=None).first()
    if door is None or not by.serves(door.office_id):
        raise NotFoundError(_("There is no such line."))
    return door


def _off(door: Door) -> None:
    Announcement.objects.filter(door=door, ended_at=None).update(ended_at=timezone.now())
