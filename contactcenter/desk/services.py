"""What an agent says and decides on a ticket: reply, note, transfer, hold, solve."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point
from contactcenter.desk import mentions, promised
from contactcenter.desk.answered import ANSWERED_BY_TEXT, AlreadySentError, nothing_came_since, unanswered_since
from contactcenter.desk.dispositions import DISPOSITIONS
from contactcenter.desk.filling import gaps
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.outbox import texting
from contactcenter.outbox.means import Choice, choices, choose
from contactcenter.outbox.models import Delivery, Means, Purpose
from contactcenter.outbox.services import post
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.holding import already_taken
from contactcenter.routing.models import Agent, Assignment, Kind, Offer, Presence, Queue, WorkItem, WorkState
from contactcenter.routing.needs import ON_PAPER
from contactcenter.routing.selectors import agents_to_pass_to, queues_to_pass_to
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Note, Ticket
from contactcenter.tickets.services import add_note, locked, move_ticket
from contactcenter.tickets.states import State

LONGEST = 100_000  # characters of a reply or a note
LONGEST_SMS = texting.LONGEST - 200  # with room for the line that says whom to call
LONGEST_HOLD = timedelta(days=366)
SENT_TWICE = timedelta(minutes=5)  # the same note again so soon is one sent from two tabs
OWED = (Kind.CALLBACK, Kind.FOLLOW_UP)  # whatever becomes of the request, somebody is called, or gets an appointment


@transaction.atomic
def reply(
    reference: str,
    text: str,
    by: Principal,
    *,
    channel: str = "",
    means: str = "",
    at: datetime | None = None,
    seen: int | None = None,
    shown: Collection[int] | None = None,
) -> Delivery:
    """Answer the person by their own channel, or by the one asked for; what was to answer is done.

    `at` is the hour that is promised for a callback (`promised.free_hours`); without it, it waits as any other.
    `seen` is the last answer that the writer's page showed (`answered.last_answer`): with it nobody is answered twice
    unawares, and AlreadySentError or AnsweredMeanwhileError says what came in between. `shown` is the work that it
    showed (`answered.to_answer`): with it nothing is ended unread, and CameMeanwhileError says so.
    """
    ticket = writable(reference, by)
    delivery = _reply(ticket, text, by, channel=channel, means=means, seen=seen, shown=shown)
    if at:
        promised.for_hour(delivery, at, points_of(ticket), actor=by.actor)
    return delivery


@transaction.atomic
def note(reference: str, text: str, by: Principal, *, once: bool = False) -> Note:
    """Write something for colleagues, which the person never sees; `@login` puts it on that colleague's desk.

    With `once`, the same words again within some minutes are that note.
    """
    ticket = writable(reference, by)
    said = kept_words(text)
    last = ticket.notes.order_by("pk").last() if once else None
    if last and (last.actor, last.text) == (by.actor, said) and timezone.now() - last.at < SENT_TWICE:
        return last
    agents = mentions.meant(said, ticket)
    kept = add_note(ticket, said, actor=by.actor, author=by.label)
    mentions.note_means(kept, agents)
    return kept


@transaction.atomic
def transfer(
    reference: str, by: Principal, *, queue: Queue | None = None, agent: Agent | None = None, text: str = ""
) -> Ticket:
    """Pass the ticket's open work to a queue, where it keeps its age, or into an agent's hands."""
    one_destination(queue, agent)
    ticket = writable(reference, by)
    if queue and not queues_to_pass_to(by).filter(pk=queue.pk).exists():
        raise NotFoundError(_("There is no such queue that you can see."))
    if agent and not agents_to_pass_to(by).filter(pk=agent.pk).exists():
        raise NotFoundError(_("There is no such agent that you can see."))
    if agent and agent.presence == Presence.AWAY and agent.pk != by.agent_id:
        away = {"name": agent}
        raise InvalidError(_("%(name)s is away: pass it to a queue, or to somebody who is there.") % away)
    no_one_else_is_answering(ticket, by)
    items = [item for item in _work_to_do(ticket, by) if queue or item.kind != Kind.CALLBACK]
    items = items or [routing.open_work_item(ticket, Kind.MESSAGE, actor=by.actor)]
    for item in items:
        routing.move(item.pk, actor=by.actor, queue=queue, agent=agent)
    if queue and queue.office_id != ticket.office_id:
        ticket.office = queue.office
        ticket.save(update_fields=["office"])
    if text.strip():
        add_note(ticket, kept_words(text), actor=by.actor, author=by.label, kind=Note.Kind.TRANSFER)
    if ticket.state in (State.WAITING, State.SOLVED):
        move_ticket(ticket, State.OPEN, actor=by.actor)
    to = {"queue": queue.pk} if queue else {"agent": agent.pk if agent else None}
    record(ticket, "ticket.transferred", actor=by.actor, **to)
    return ticket


@transaction.atomic
def hold(
    reference: str, by: Principal, *, until: datetime, text: str = "", shown: Collection[int] | None = None
) -> Ticket:
    """Set the ticket's work aside until a date, when it waits again.

    InvalidError where the law answers in our place before that. `shown` as for `reply`.
    """
    now = timezone.now()
    if not now < until <= now + LONGEST_HOLD:
        raise InvalidError(_("Choose a date from now on and within a year."))
    ticket = writable(reference, by)
    no_one_else_is_answering(ticket, by)
    nothing_came_since(ticket, shown)
    _silence_must_not_decide_before(until, ticket)
    items = [item for item in _work_to_do(ticket, by) if item.kind != Kind.CALLBACK]  # somebody waits for that call
    for item in items:
        routing.schedule(item.pk, until, actor=by.actor, why="hold", keep_place=False)
    if not items:
        routing.open_work_item(ticket, Kind.MESSAGE, actor=by.actor, enqueued_at=until, due_from=until)
    if text.strip():
        add_note(ticket, kept_words(text), actor=by.actor, author=by.label, kind=Note.Kind.HOLD)
    if ticket.state != State.SOLVED:
        move_ticket(ticket, State.WAITING, actor=by.actor)
    record(ticket, "ticket.held", actor=by.actor, until=until.isoformat())
    return ticket


def _silence_must_not_decide_before(until: datetime, ticket: Ticket) -> None:
    zone, decides_on = ticket.office.zone, ticket.silence_on
    if decides_on and timezone.localdate(timezone=zone) < decides_on <= timezone.localdate(until, zone):
        day = date_format(decides_on, "j F Y")
        raise InvalidError(
            _("By law silence decides on %(day)s: choose a day before it, or answer now.") % {"day": day}
        )


@transaction.atomic
def solve(
    reference: str,
    by: Principal,
    *,
    disposition: str,
    text: str = "",
    means: str = "",
    seen: int | None = None,
    shown: Collection[int] | None = None,
) -> Ticket:
    """Close the ticket with a sentence to the person, or with a disposition that is itself the reason for none.

    `seen` and `shown` as for `reply`; words that have already left are not sent again.
    """
    known = DISPOSITIONS.get(disposition)
    if known is None:
        offered = ", ".join(DISPOSITIONS)
        raise InvalidError(
            _("There is no disposition “%(code)s”; use one of: %(offered)s.")
            % {"code": disposition, "offered": offered}
        )
    if not text.strip() and not known.is_reason:
        raise InvalidError(_("Write a sentence to the person: nobody is left without an answer."))
    ticket = writable(reference, by)
    no_one_else_is_answering(ticket, by)
    nothing_came_since(ticket, shown)
    if text.strip():
        with suppress(AlreadySentError):
            _reply(ticket, text, by, means=means, seen=seen)
    for item in _work_to_do(ticket, by):
        if not (item.delivery_id or item.kind in OWED):  # what is on its way or was promised goes on
            routing.withdraw(item.pk, actor=by.actor, outcome=disposition)
    move_ticket(ticket, State.SOLVED, actor=by.actor, disposition=disposition)
    return ticket


def one_destination(queue: Queue | None, agent: Agent | None) -> None:
    """InvalidError unless exactly one of the two is named."""
    if (queue is None) == (agent is None):
        raise InvalidError(_("Say to which queue or to which agent the request goes: one of the two."))


def ways_to_answer(ticket: Ticket) -> list[Choice]:
    """Every way to answer this ticket's person, the proposed one first."""
    return choices(ticket.channel, points_of(ticket))


def points_of(ticket: Ticket) -> list[Point]:
    """Where the person can be reached: where they asked to be answered first, what is proved next, then the newest."""
    known = ticket.person.contact_points.current().order_by("-created_at", "-pk") if ticket.person else ()
    rows = sorted(known, key=lambda row: row.proved_at is None)
    first = [ticket.answer_to] if ticket.answer_to and not ticket.answer_to.former_at else []
    return [Point(kind=row.kind, value=row.value) for row in [*first, *(row for row in rows if row not in first)]]


def writable(reference: str, by: Principal) -> Ticket:
    """The ticket, locked, where this one may write on it. Whoever does goes on holding what they have of its work."""
    ticket = selectors.by_reference(by, reference)
    if not by.may_write:
        raise NotAllowedError(_("An auditor reads; writing is for agents."))
    found = locked(ticket.pk)
    routing.renew_leases(found.pk, by)
    return found


def kept_words(text: str) -> str:
    """What somebody wrote, fit to be kept; InvalidError where it is empty or too long."""
    said = text.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()
    if not said:
        raise InvalidError(_("Write something first: the text is empty."))
    if len(said) > LONGEST:
        raise InvalidError(_("This text is too long: at most %(most)d characters.") % {"most": LONGEST})
    return said


def _without_gaps(said: str) -> str:
    empty = gaps(said)
    if empty:
        raise InvalidError(_("Fill in what is still in brackets: %(gaps)s.") % {"gaps": ", ".join(empty)})
    return said


def _reply(
    ticket: Ticket,
    text: str,
    by: Principal,
    *,
    channel: str = "",
    means: str = "",
    seen: int | None = None,
    shown: Collection[int] | None = None,
) -> Delivery:
    said, choice = as_it_goes(ticket, text, channel=channel, means=means)
    unanswered_since(ticket, seen, said, by)
    no_one_else_is_answering(ticket, by)
    nothing_came_since(ticket, shown)
    interaction = Interaction.objects.create(
        ticket=ticket,
        direction="out",
        channel=choice.channel,
        occurred_at=timezone.now(),
        subject=ticket.subject,
        text=said,
        language=ticket.language,
        actor=by.actor,
    )
    record(ticket, "interaction.replied", actor=by.actor, interaction=interaction.pk, channel=choice.channel)
    for item in _work_to_do(ticket, by):
        if item.kind in ANSWERED_BY_TEXT:
            routing.withdraw(item.pk, actor=by.actor, outcome="answered")
    delivery = post(
        ticket,
        choice,
        purpose=Purpose.REPLY,
        subject=reply_subject(ticket),
        text=said,
        language=ticket.language or "fr",
        actor=by.actor,
        interaction=interaction,
    )
    if ticket.state != State.WAITING and choice.means != Means.CALLBACK:
        move_ticket(ticket, State.WAITING, actor=by.actor) if ticket.state != State.SOLVED else None
    return delivery


def as_it_goes(ticket: Ticket, text: str, *, channel: str = "", means: str = "") -> tuple[str, Choice]:
    """The words as they leave and the way they take, or the sentence that says why they cannot."""
    said = _without_gaps(kept_words(text))
    choice = choose(ticket.channel, points_of(ticket), means=means, wanted_channel=channel)
    if choice is None:
        raise InvalidError(_("We know no address or number of this person for that: choose another means."))
    if choice.means == Means.SMS and len(said) > LONGEST_SMS:
        raise InvalidError(
            _("Too long for a text message (at most %(most)d characters): shorten it, or choose another means.")
            % {"most": LONGEST_SMS}
        )
    return said, choice


def reply_subject(ticket: Ticket) -> str:
    """The subject of a written answer, in the person's language."""
    with translation.override(ticket.language or "fr"):
        subject = ticket.subject or _("your request %(reference)s") % {"reference": ticket.reference}
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def no_one_else_is_answering(ticket: Ticket, by: Principal) -> None:
    """AlreadyTakenError, naming them, where another agent writes an answer or is being offered to.

    A supervisor may step in.
    """
    if by.service or by.role == "supervisor":
        return
    others = Assignment.objects.filter(work_item__ticket=ticket, ended_at=None, work_item__kind__in=ANSWERED_BY_TEXT)
    other = others.exclude(actor=by.actor).first()
    if other:
        raise AlreadyTakenError(_("%(holder)s is answering this one.") % {"holder": other.holder}, holder=other.holder)
    offered = Offer.objects.filter(work_item__ticket=ticket, ended_at=None, work_item__kind__in=ANSWERED_BY_TEXT)
    offer = offered.exclude(agent=by.agent_id or 0).select_related("work_item").first()
    if offer:
        raise already_taken(offer.work_item)


def _work_to_do(ticket: Ticket, by: Principal) -> list[WorkItem]:
    """The ticket's unfinished work for agents: what waits and what this one holds, but nobody on the line."""
    open_items = WorkItem.objects.unfinished().filter(ticket=ticket, stage="")
    items = open_items.exclude(kind__in=[*ON_PAPER, Kind.CALL]).with_lane()
    if by.service or by.role == "supervisor":
        return list(items)
    held = set(Assignment.objects.filter(ended_at=None, actor=by.actor).values_list("work_item", flat=True))
    return [item for item in items if item.state != WorkState.ASSIGNED or item.pk in held]
