"""Who is calling, said by keys while one waits: never asked before, not lost with a card, not proved by a number."""

from datetime import date

from django.db import transaction

from contactcenter.crypto import blind_indexes
from contactcenter.intake.identity import take_for, take_to
from contactcenter.intake.services import amend
from contactcenter.people import services as people
from contactcenter.people.models import Person
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind
from contactcenter.tickets.models import Ticket
from ivr.models import CHANNEL, Call, CallState, Claim
from ivr.reading import said_as
from ivr.services import callbacks, keypad, outgoing
from ivr.services.legs import drop_agent
from ivr.services.unhurried import is_unhurried
from ivr.services.waiting import leave_queue


@transaction.atomic
def proved(call: Call, ticket: Ticket) -> None:
    """The caller has a request's reference and its code: the call goes on with that request, at the place it has."""
    call = Call.objects.locked(call.pk)
    was = call.ticket_id
    if call.outgoing and ticket.pk != was:  # we called about one request, and go on with that
        return
    moved = take_to(
        ticket.pk, channel=CHANNEL, external_id=said_as(call), shown="follow_code", label="keyed on the telephone"
    )
    if call.work_item_id and moved.pk != was and moved.procedure_id:  # else it is about what the caller chose
        routing.go_on_with_ticket(call.work_item_id)
    slow = call.slow or is_unhurried(call.number, moved)
    if slow and moved.person_id:
        people.give_time(moved.person_id)
    Call.objects.filter(pk=call.pk).update(ticket=moved, slow=slow)


def born_on(call: Call, keyed: str) -> bool:
    """The caller keyed a birth date; False where it is none."""
    try:
        born = date(int(keyed[4:]), int(keyed[2:4]), int(keyed[:2])) if len(keyed) == 8 else None
    except ValueError:
        born = None
    if born is None or born.year < 1900:
        return False
    _claim(call, "birth_date", born.isoformat())
    return True


@transaction.atomic
def numbered(call: Call, keyed: str) -> None:
    """The caller keyed a foreigner number: where it and the birth date are one person's, the call is taken for theirs.

    Both stand on the same card, which may be stolen: it is a claim, and an agent asks for more before telling anything.
    """
    _claim(call, "foreigner_number", keyed[:20])
    born = call.claims.filter(kind="birth_date").order_by("-pk").values_list("value", flat=True).first()
    named = Person.objects.filter(foreigner_number_index__in=blind_indexes(keyed))[:5]
    found = [person for person in named if born and person.birth_date == born]
    if len(found) == 1:
        take_for(found[0].pk, channel=CHANNEL, external_id=said_as(call))
        call.claims.update(agrees=True)


@transaction.atomic
def call_known_number(call: Call, reference: str) -> None:
    """Promise a callback on the number noted on a request, at the caller's place; nothing tells whether it has one.

    Where it has none that we call, or there is no such request, the callback goes to the number the call came from,
    if we call that one. Whoever finds a reference on paper can ask, so asking is counted as a wrong code is; and a
    request has one callback, however often: one that was chosen stays, and one that nobody chose now gives way.
    """
    call = Call.objects.locked(call.pk)
    if call.outgoing:  # their callback waits at its place already
        return
    ticket = Ticket.objects.filter(reference=reference).select_related("answer_to", "person").first()
    keypad.count_wrong(reference, call.number)
    known = ticket if ticket and outgoing.may_call(callbacks.number_of(ticket)) else None
    leave_queue(call, "callback")
    drop_agent(call)
    if known:
        take_to(known.pk, channel=CHANNEL, external_id=call.sid or "")
        Call.objects.filter(pk=call.pk).update(ticket=known)
    call.now(CallState.MENU)
    if known and not callbacks.made_room(known.pk):
        return
    if known or outgoing.may_call(call.number):
        amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.CALLBACK, enqueued_at=call.place_since)


def _claim(call: Call, kind: str, value: str) -> None:
    person = call.ticket.person
    agrees = person is not None and getattr(person, kind) == value
    Claim.objects.create(call=call, kind=kind, value=value, agrees=agrees)
