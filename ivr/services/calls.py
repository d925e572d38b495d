"""The first second of a call, and what is learnt of it: a ticket before anything else."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contactcenter import rows
from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.crypto import blind_indexes
from contactcenter.intake.services import amend, of_its_own, receive
from contactcenter.offices.models import Door, Office
from contactcenter.people.points import e164
from contactcenter.routing import services as routing
from contactcenter.tickets.models import Ticket
from ivr.models import CHANNEL, Call
from ivr.services import called_again, unhurried

REMEMBER_S = 30.0
AGAIN_WITHIN = timedelta(hours=24)
MOST_CREDIT = timedelta(minutes=10)
BELIEVED = timedelta(days=31)  # what is carried in so late comes of a clock that is wrong
_lines: dict[str, tuple[float, int]] = {}
# For a caller who shows no number, providers spell on a keypad why: such a number is nobody's, and many people's.
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_NOBODY = frozenset(
    "+" + word.translate(_KEYPAD)
    for word in ("ANONYMOUS", "BLOCKED", "PRIVATE", "RESTRICTED", "UNAVAILABLE", "UNKNOWN", "WITHHELD")
)

# Written out: every call that shows a number asks it in its first second (see `contactcenter/rows.py`).
_EARLIER = """
    SELECT ticket.id FROM people_contactpoint point JOIN tickets_ticket ticket ON ticket.answer_to_id = point.id
    WHERE point.kind = 'phone' AND point.value_index IN ({}) AND NOT point.shared AND ticket.channel = 'phone'
      AND ticket.state <> 'solved' AND ticket.opened_at >= %s AND ticket.office_id = %s
      AND NOT EXISTS (SELECT 1 FROM ivr_call live WHERE live.ticket_id = ticket.id AND live.ended_at IS NULL)
    LIMIT 2
"""


# Written out beside it: whoever waits asks it.
_WAITED = """
    SELECT waiting_since, ended_at FROM ivr_call
    WHERE ticket_id = %s AND NOT outgoing AND connected_at IS NULL AND started_at >= %s AND id <> %s
      AND waiting_since IS NOT NULL AND ended_at IS NOT NULL
"""


def shown(given: str) -> str:
    """The number that a caller or sender shows, as E.164; "" where it is withheld or no number at all."""
    return e164(given) if given.startswith("+") and given not in _NOBODY else ""


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


def happened(at: datetime | None) -> datetime:
    """When something that we are told of happened: now, unless it is carried in late and was `at` another time."""
    now = timezone.now()
    return at if at and now - BELIEVED < at < now else now


def begin(sid: str, *, number: str, line: str, at: datetime | None = None) -> Call:
    """The call's first second, `at` some time ago where it is carried in: its ticket and its row; again, the same."""
    dialable = shown(number)
    office_id, rang_at = office_of(line), happened(at)
    made: list[Call] = []

    def call_of(ticket: Ticket) -> Call:
        slow = unhurried.is_unhurried(dialable, ticket)
        made[:] = [Call(sid=sid, number=dialable, line=line[:32], slow=slow, ticket=ticket, started_at=rang_at)]
        return made[0]

    ticket = receive(
        Inbound(
            channel=CHANNEL,
            external_id=sid,
            occurred_at=rang_at,
            office_id=office_id,
            speaker=Speaker(points=(Point(kind="phone", value=dialable),)) if dialable else None,
            subject=_called(),
            language="fr",
            needs="",
            receipt=False,
            ticket_id=_earlier(dialable, office_id, rang_at) if dialable else None,
        ),
        own=(Call, call_of),
    )
    if made and made[0].ticket is ticket:
        return made[0]
    return Call.objects.select_related("ticket").get(sid=sid)  # told before


def _earlier(number: str, office_id: int, now: datetime) -> int | None:
    """The one unfinished telephone request of the last day from this number; None where there are several, or none.

    A number is a hint, never proof: the call starts on that request, but nothing of it is spoken.
    """
    indexes = blind_indexes(number)
    since = connection.ops.adapt_datetimefield_value(now - AGAIN_WITHIN)
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER.format(", ".join(["%s"] * len(indexes))), [*indexes, since, office_id])
        found = cursor.fetchall()
    return found[0][0] if len(found) == 1 else None


def own_reference(call: Call) -> str:
    """The reference that this call may be told: of the request it opened; "" of an earlier one that it joined.

    The number that a call shows is no proof, and who shows another's must not learn of their request.
    """
    return call.ticket.reference if call.opened_its_request else ""


@transaction.atomic
def something_else(call: Call) -> None:
    """The caller rings about another matter: their call becomes a request of its own, without the earlier credit."""
    call = Call.objects.locked(call.pk)
    if call.outgoing:  # it is we who called, and we did about this
        return
    taken = called_again.taken_by(call)
    ticket = of_its_own(channel=CHANNEL, external_id=call.sid or "", procedure=call.about)
    if ticket.pk == call.ticket_id:
        return
    called_again.owe_again(taken)
    call.ticket, call.credit_s = ticket, 0  # the place that was told stays the worst that may be
    call.save(update_fields=["ticket", "credit_s"])
    if call.work_item_id:
        routing.begin_anew(call.work_item_id, call.place_since)


def credit(call: Call) -> timedelta:
    """What the caller waited in earlier calls of the last day about the same, without reaching anybody."""
    since = connection.ops.adapt_datetimefield_value(call.started_at - AGAIN_WITHIN)
    with connection.cursor() as cursor:
        cursor.execute(_WAITED, [call.ticket_id, since, call.pk])
        waits = cursor.fetchall()
    return min(sum((ended - began for began, ended in waits), timedelta()), MOST_CREDIT)


def _called() -> str:
    """What a call is called in the queue until somebody knows more; never by its number, which is an identifier."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Telephone call")


def learn(call: Call, *, language: str = "", procedure: str = "") -> None:
    """What the caller chose in the menu.

    An earlier request that the call started on is about what it was about, whatever key is pressed: the number that a
    call shows is no proof. What was chosen becomes the procedure of a request of its own.
    """
    if language and language != call.language:
        call.language = language
        rows.change(call, "language")
    if procedure and procedure != call.about and not call.opened_its_request:
        call.about = procedure
        rows.change(call, "about")
    if procedure and call.about and call.ticket.procedure_id:
        procedure = ""
    if language or procedure:
        amend(channel=CHANNEL, external_id=call.sid or "", language=language or None, procedure=procedure or None)
