"""The first second of a call, and what is learnt of it: a ticket before anything else."""

import time

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contactcenter import rows
from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.intake.services import amend, receive
from contactcenter.offices.models import Door, Office
from contactcenter.people.points import e164
from contactcenter.tickets.models import Ticket
from ivr.models import CHANNEL, Call

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
