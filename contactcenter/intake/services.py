"""The one door in: whatever reaches us, by whichever channel, becomes a ticket here, once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from contactcenter import rows
from contactcenter.channel import File, Inbound, Speaker
from contactcenter.compiled import Compiled
from contactcenter.crypto import random_digits
from contactcenter.errors import NotFoundError
from contactcenter.intake.attachments import attach
from contactcenter.intake.texts import one_line, storable, title_of
from contactcenter.intake.threads import ticket_of
from contactcenter.offices.hours import add_opening
from contactcenter.offices.models import Office
from contactcenter.outbox.models import Delivery, Purpose
from contactcenter.people.models import ContactPoint, Person
from contactcenter.people.services import recognise
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.procedures.selectors import current, legal_nature, silence_date
from contactcenter.receipts.acknowledge import acknowledge
from contactcenter.receipts.models import Receipt
from contactcenter.routing.classes import LIVE_KINDS, TARGETS_S, standard_class
from contactcenter.routing.models import WorkItem, WorkState
from contactcenter.routing.services import open_work_item, opened_event
from contactcenter.tickets.events import record, record_all
from contactcenter.tickets.models import Interaction, Ticket, TicketEvent
from contactcenter.tickets.reference import new_reference
from contactcenter.tickets.selectors import nearest_dates
from contactcenter.tickets.services import locked, move_ticket
from contactcenter.tickets.states import State

CODE_DIGITS = 6
# Asked at every turn of a call. The ticket's lock is named, and so taken, first.
_RECEIVED = Compiled(
    lambda channel, external_id: (
        Interaction.objects.filter(channel=channel, external_id=external_id)
        .select_related("ticket__office", "ticket__procedure__procedure", "ticket__answer_to")
        .select_for_update(no_key=True, of=("ticket", "self"))
    )
)
_OPEN = "SELECT 1 FROM routing_workitem WHERE interaction_id = %s AND kind = %s AND state <> 'done' LIMIT 1"
Own: TypeAlias = tuple[type[Model], Callable[[Ticket], Model]]
TRIES = 3


def receive(inbound: Inbound, *, own: Own | None = None) -> Ticket:
    """Record what reached us as a ticket, or on the ticket that it answers. The same thing again is the same ticket.

    Everything that follows from it (person, work item, receipt, its deliveries, events) commits with it, and a row of
    the channel's own, whose model and maker are `own`; for what came before no row is kept.
    """
    for _attempt in range(TRIES):
        try:
            return _received(inbound, own)
        except IntegrityError as error:  # it came before, or a reference was drawn twice
            raced = error
        known = _twin(inbound.channel, inbound.external_id)
        if known:
            return known
    raise raced


def _twin(channel: str, external_id: str | None) -> Ticket | None:
    if not external_id:
        return None
    said = Interaction.objects.filter(channel=channel, external_id=external_id).select_related("ticket").first()
    return said.ticket if said else None


@transaction.atomic
def _received(inbound: Inbound, own: Own | None) -> Ticket:
    needed = [WorkItem] if inbound.needs else []
    certified = [Receipt, Delivery] if inbound.receipt else []
    with rows.together(Person, ContactPoint, Ticket, Interaction, *needed, *certified, *([own[0]] if own else [])):
        return _recorded(inbound, own)


def _recorded(inbound: Inbound, own: Own | None) -> Ticket:
    number = inbound.office_id
    office = rows.whole(Office, number) if inbound.receipt else rows.part(Office, id=number)
    person, point = (
        recognise(inbound.speaker, source=inbound.channel, language=inbound.language)
        if inbound.speaker
        else (None, None)
    )
    answered = ticket_of(inbound)
    ticket = _continued(answered, inbound) if answered else _opened(inbound, office, person, point)
    interaction = _said(inbound, ticket, person)
    rows.holding(interaction, "attachments", attach(interaction, inbound.files))
    events = [] if answered else [_event(ticket, "ticket.opened", inbound.actor, channel=inbound.channel)]
    events.append(
        _event(ticket, "interaction.received", inbound.actor, interaction=interaction.pk, channel=inbound.channel)
    )
    if inbound.needs:
        item = open_work_item(
            ticket,
            inbound.needs,
            actor=inbound.actor,
            interaction=interaction,
            channel=_work_channel(inbound),
            enqueued_at=inbound.occurred_at,
            event=False,
        )
        events.append(opened_event(item, inbound.actor))
    if inbound.receipt:
        events += acknowledge(ticket, interaction)
    if own:
        rows.add(own[1](ticket))
    record_all(events)
    return ticket


def _work_channel(inbound: Inbound) -> str:
    return "phone" if inbound.needs in ("call", "callback") else inbound.channel


def _opened(inbound: Inbound, office: Office, person: Person | None, point: ContactPoint | None) -> Ticket:
    version = current(inbound.procedure) if inbound.procedure else None
    kind = inbound.needs if inbound.needs in LIVE_KINDS else "message"  # what is promised is the answer
    return rows.add(
        Ticket(
            reference=new_reference(),
            follow_code=random_digits(CODE_DIGITS),
            office=office,
            procedure=version,
            legal_nature=legal_nature(version, inbound.channel),
            state=State.NEW,
            channel=inbound.channel,
            subject=one_line(inbound.subject) or title_of(inbound.text),
            language=inbound.language,
            person=person,
            answer_to=point,
            opened_at=inbound.occurred_at,
            due_at=_promised(office, inbound.occurred_at, kind, inbound.channel, version),
            silence_on=silence_date(version, inbound.occurred_at, inbound.channel, office),
        )
    )


def _promised(office: Office, since: datetime, kind: str, channel: str, version: ProcedureVersion | None) -> datetime:
    """By when a person answers, as the receipt says it."""
    target_s = TARGETS_S[standard_class(kind, channel, version.service_class if version else "")]
    return add_opening(office, since, timedelta(seconds=target_s))


def _continued(ticket_id: int, inbound: Inbound) -> Ticket:
    """The ticket that is answered, open again."""
    ticket = locked(ticket_id)
    if ticket.state in (State.WAITING, State.SOLVED):
        move_ticket(ticket, State.OPEN, actor=inbound.actor)
    return ticket


def _said(inbound: Inbound, ticket: Ticket, person: Person | None) -> Interaction:
    return rows.add(
        Interaction(
            ticket=ticket,
            direction="in",
            channel=inbound.channel,
            external_id=inbound.external_id or None,
            person=person,
            occurred_at=inbound.occurred_at,
            subject=one_line(inbound.subject),
            text=storable(inbound.text),
            language=inbound.language,
            raw_sha256=inbound.raw_sha256,
            actor=inbound.actor,
        )
    )


@transaction.atomic
def amend(
    *,
    channel: str,
    external_id: str,
    text: str | None = None,
    subject: str | None = None,
    language: str | None = None,
    procedure: str | None = None,
    speaker: Speaker | None = None,
    files: tuple[File, ...] = (),
    needs: str | None = None,
    service_class: str = "",
    occurred_at: datetime | None = None,
    enqueued_at: datetime | None = None,
    due_from: datetime | None = None,
    receipt: bool = False,
    ticket_id: int | None = None,
    actor: str = "person",
) -> Ticket:
    """Learn something later of what was received: a menu choice, audio, OCR text, a clerk's corrections, its ticket.

    What is not given stays. Twice the same changes nothing: a file is added once, a kind of work is opened once, a
    receipt is given once an interaction. NotFoundError where nothing was received under this id.
    """
    said, ticket = _locked(channel, external_id, ticket_id)
    if ticket_id is not None and ticket_id != ticket.pk:
        ticket = _moved(said, ticket, locked(ticket_id), actor)
    changed = _learn_when(said, ticket, occurred_at) if occurred_at else set()
    changed |= _learn(said, ticket, text=text, subject=subject, language=language, procedure=procedure)
    if speaker:
        changed |= _learn_speaker(said, ticket, speaker)
    have = set(said.attachments.values_list("sha256", flat=True)) if files else set()
    added = attach(said, [file for file in files if file.kept.sha256 not in have])
    if changed or added:
        codes = sorted(changed)
        record(ticket, "interaction.amended", actor=actor, interaction=said.pk, fields=codes, files=len(added))
    needed = [WorkItem] if needs and not _is_open(said, needs) else []
    certified = [Receipt, Delivery] if receipt and not _has_receipt(said) else []
    with rows.together(*needed, *certified):
        if needs and needed:
            _need(said, ticket, needs, service_class, enqueued_at, due_from, actor)
        if certified:
            record_all(acknowledge(ticket, said))
    return ticket


@transaction.atomic
def of_its_own(*, channel: str, external_id: str, procedure: str = "", actor: str = "person") -> Ticket:
    """Put what was received onto a new ticket, because it is about another matter; alone already, nothing changes.

    The procedure is the new ticket's; where the old one had it from what goes away, it has none again.
    """
    said, old = _locked(channel, external_id, None)
    if not Interaction.objects.filter(ticket=old, direction="in").exclude(pk=said.pk).exists():
        return old
    new = rows.add(
        Ticket(
            reference=new_reference(),
            follow_code=random_digits(CODE_DIGITS),
            office=old.office,
            legal_nature=legal_nature(None, channel),
            state=State.NEW,
            channel=channel,
            subject=said.subject,
            language=said.language,
            person=said.person,
            answer_to=old.answer_to,
            opened_at=said.occurred_at,
            due_at=_promised(old.office, said.occurred_at, "message", channel, None),
        )
    )
    record(new, "ticket.opened", actor=actor, channel=channel)
    about = {"procedure", "legal_nature", "silence_on", "due_at"}
    if _learn_procedure(new, procedure):
        rows.change(new, *sorted(about))
    if _is_about_what_it_said(old, said):
        _be_about(old, None)
        rows.change(old, *sorted(about))
    return _moved(said, old, new, actor)


def _is_about_what_it_said(ticket: Ticket, said: Interaction) -> bool:
    """Whether the ticket has its procedure from this interaction."""
    amended = TicketEvent.objects.filter(ticket=ticket, kind="interaction.amended").order_by("-pk")
    learnt = (event.data["interaction"] for event in amended if "procedure" in event.data["fields"])
    return next(learnt, None) == said.pk


@transaction.atomic
def missing(*, channel: str, external_id: str, what: str) -> None:
    """Say on the ticket that a part of what was received (`audio`) could not be had; told again, nothing is added."""
    said, ticket = _locked(channel, external_id, None)
    known = TicketEvent.objects.filter(ticket=ticket, kind="interaction.incomplete", data__interaction=said.pk)
    if not known.filter(data__missing=what).exists():
        record(ticket, "interaction.incomplete", actor="system", interaction=said.pk, missing=what)


def _locked(channel: str, external_id: str, to_ticket: int | None) -> tuple[Interaction, Ticket]:
    """What was received and its ticket, held: tickets first, in the order of their ids, as everybody does."""
    received = Interaction.objects.filter(channel=channel, external_id=external_id)
    while to_ticket:
        ticket_id = received.values_list("ticket_id", flat=True).first()
        if ticket_id is None:
            raise NotFoundError("Nothing was received under this id.")
        tickets = {number: locked(number) for number in sorted({ticket_id, to_ticket})}
        said = received.select_for_update(no_key=True).get()
        if said.ticket_id == ticket_id:  # else it was moved to another ticket meanwhile
            return said, tickets[ticket_id]
    while True:
        one = _RECEIVED.first(channel, external_id)
        if one and not _is_torn(one.ticket):
            return one, one.ticket
        if one is None and rows.number_of(Interaction, channel=channel, external_id=external_id) is None:
            raise NotFoundError("Nothing was received under this id.")


def _is_torn(ticket: Ticket) -> bool:
    """Whether the ticket points to what was not read with it, since somebody changed it while we waited for it."""
    return any(getattr(ticket, f"{name}_id") and getattr(ticket, name) is None for name in ("procedure", "answer_to"))


def _learn(
    said: Interaction,
    ticket: Ticket,
    *,
    text: str | None,
    subject: str | None,
    language: str | None,
    procedure: str | None,
) -> set[str]:
    """Write what is new into the interaction and, where this interaction opened it, into the ticket."""
    fields: dict[str, str] = {}
    if text is not None:
        fields["text"] = storable(text)
    if subject is not None:
        fields["subject"] = one_line(subject)
    if language is not None:
        fields["language"] = language
    changed = {name for name, value in fields.items() if getattr(said, name) != value}
    for name in changed:
        setattr(said, name, fields[name])
    if changed:
        rows.change(said, *sorted(changed))
    on_ticket = _learn_ticket(said, ticket, changed, language)
    if procedure is not None and _learn_procedure(ticket, procedure):
        on_ticket |= {"procedure", "legal_nature", "silence_on", "due_at"}
        changed |= {"procedure"}
    if on_ticket:
        rows.change(ticket, *sorted(on_ticket))
    return changed


def _learn_when(said: Interaction, ticket: Ticket, occurred_at: datetime) -> set[str]:
    """It was received on another day than we took it in (a letter that lay over the weekend); the ticket follows."""
    if occurred_at == said.occurred_at:
        return set()
    opened_it = ticket.opened_at == said.occurred_at
    said.occurred_at = occurred_at
    said.save(update_fields=["occurred_at"])
    if opened_it:
        ticket.opened_at = occurred_at
        ticket.silence_on = _silence(ticket, ticket.procedure)
        ticket.save(update_fields=["opened_at", "silence_on"])
    return {"occurred_at"}


def _learn_ticket(said: Interaction, ticket: Ticket, changed: set[str], language: str | None) -> set[str]:
    """The ticket follows the interaction that opened it; in its language, whoever wrote or spoke last."""
    updated: set[str] = set()
    if changed & {"text", "subject"} and not Interaction.objects.filter(ticket=ticket, pk__lt=said.pk).exists():
        ticket.subject = said.subject or ticket.subject or title_of(said.text)
        updated.add("subject")
    if language is not None and ticket.language != language:
        ticket.language = language
        updated.add("language")
    return updated


def _learn_procedure(ticket: Ticket, code: str) -> bool:
    version: ProcedureVersion | None = current(code) if code else None
    if version is None or version.pk == ticket.procedure_id:
        return False
    _be_about(ticket, version)
    return True


def _be_about(ticket: Ticket, version: ProcedureVersion | None) -> None:
    ticket.procedure = version
    ticket.legal_nature = legal_nature(version, ticket.channel)
    ticket.silence_on = _silence(ticket, version)
    ticket.due_at = _promised(ticket.office, ticket.opened_at, "message", ticket.channel, version)


def _silence(ticket: Ticket, version: ProcedureVersion | None) -> date | None:
    """The day on which silence decides; what was put into the ticket and decides sooner still does."""
    was = ticket.silence_on
    ticket.silence_on = silence_date(version, ticket.opened_at, ticket.channel, ticket.office)
    becomes_later = was is not None and (ticket.silence_on is None or ticket.silence_on > was)
    return nearest_dates(ticket)[1] if becomes_later else ticket.silence_on


def _learn_speaker(said: Interaction, ticket: Ticket, speaker: Speaker) -> set[str]:
    person, point = recognise(speaker, source=said.channel, language=said.language)
    if person is None or person.pk == said.person_id:
        return set()
    if ticket.person_id in (None, said.person_id):
        ticket.person, ticket.answer_to = person, point
        ticket.save(update_fields=["person", "answer_to"])
    said.person = person
    said.save(update_fields=["person"])
    return {"person"}


def _is_open(said: Interaction, kind: str) -> bool:
    """Whether there is such work on it already."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [said.pk, kind])
        return cursor.fetchone() is not None


def _has_receipt(said: Interaction) -> bool:
    return rows.number_of(Delivery, interaction_id=said.pk, purpose=Purpose.RECEIPT.value) is not None


def _need(
    said: Interaction,
    ticket: Ticket,
    kind: str,
    service_class: str,
    enqueued_at: datetime | None,
    due_from: datetime | None,
    actor: str,
) -> None:
    open_work_item(
        ticket,
        kind,
        actor=actor,
        interaction=said,
        channel="phone" if kind in ("call", "callback") else said.channel,
        service_class=service_class,
        enqueued_at=enqueued_at or timezone.now(),
        due_from=due_from,
    )
    if ticket.state in (State.WAITING, State.SOLVED):
        move_ticket(ticket, State.OPEN, actor=actor)


def _moved(said: Interaction, old: Ticket, new: Ticket, actor: str) -> Ticket:
    """Put an interaction onto the ticket it belongs to; the one it had opened, now empty, points there."""
    said.ticket = new
    said.save(update_fields=["ticket"])
    WorkItem.objects.filter(interaction=said).exclude(state=WorkState.DONE).update(ticket=new)
    record(new, "interaction.moved_here", actor=actor, interaction=said.pk, was=old.reference)
    record(old, "interaction.moved_away", actor=actor, interaction=said.pk, to=new.reference)
    if not Interaction.objects.filter(ticket=old).exists():
        move_ticket(old, State.SOLVED, actor=actor, disposition="duplicate")
    return new


def _event(ticket: Ticket, kind: str, actor: str, **data: object) -> TicketEvent:
    return TicketEvent(ticket=ticket, kind=kind, actor=actor, data=data)
