"""What an agent does on a ticket: one verb each, then the page again; a refusal loses nothing that was typed."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from channels_app import words
from channels_app.typed import hour_of
from channels_app.views.asking import on_behalf
from channels_app.views.ticket import page
from contactcenter.accounts.principal import Principal
from contactcenter.desk import drafts as drafts_kept
from contactcenter.desk import services
from contactcenter.desk.answered import AlreadySentError
from contactcenter.desk.promised import way_to_tell
from contactcenter.desk.telling import outgrew_sms
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.ids import id_in
from contactcenter.outbox.models import Delivery
from contactcenter.routing.models import Agent, Queue
from contactcenter.routing.selectors import agents_to_pass_to, queues_to_pass_to
from contactcenter.routing.there import absence
from contactcenter.tickets import selectors


@require_POST
@on_behalf
def reply(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Answer the person."""

    def verb() -> str:
        post, (seen, shown) = request.POST, _shown(request)
        try:
            means, at = post.get("means", ""), post.get("at", "")
            hour = hour_of(at) if at and means == "callback" else None
            text = post.get("text", "")
            sent = services.reply(reference, text, by, means=means, at=hour, seen=seen, shown=shown)
        except AlreadySentError as told:
            return str(told)
        if hour:
            return _promised(sent, hour)
        return posted(sent)

    return do(request, by, reference, "reply", verb, forget=("reply",))


def _promised(sent: Delivery, hour: datetime) -> str:
    """What was promised, and whether its person reads it or has to be told."""
    choice, facts = way_to_tell(sent, services.points_of(sent.ticket)), {"when": words.when(hour, timezone.now())}
    if choice is None:
        return gettext("The callback is promised: %(when)s. No text reaches this number: say it to the person.") % facts
    facts["means"] = str(words.MEANS.get(choice.means, choice.means))
    return gettext("The callback is promised: %(when)s. The person is told of it (%(means)s).") % facts


@require_POST
@on_behalf
def note(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Write something for colleagues."""

    def verb() -> str:
        services.note(reference, request.POST.get("text", ""), by, once=True)
        return gettext("Note kept.")

    return do(request, by, reference, "note", verb, forget=("note",))


@require_POST
@on_behalf
def transfer(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Pass it on to a queue or a colleague."""

    def verb() -> str:
        queue, agent = destination(request.POST.get("to", ""), by)
        services.transfer(reference, by, queue=queue, agent=agent, text=request.POST.get("text", ""))
        said = gettext("Passed on to %(to)s.") % {"to": queue or agent}
        return f"{said} {absence(agent) if agent else ''}".strip()

    return do(request, by, reference, "transfer", verb, forget=("transfer",), leave=True)


@require_POST
@on_behalf
def hold(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Set it aside until a date."""

    def verb() -> str:
        until = hour_of(request.POST.get("until", ""))
        _seen, shown = _shown(request)
        services.hold(reference, by, until=until, text=request.POST.get("text", ""), shown=shown)
        return gettext("Set aside: it waits again %(when)s.") % {"when": words.when(until, timezone.now())}

    return do(request, by, reference, "hold", verb, forget=("hold",), leave=True)


@require_POST
@on_behalf
def solve(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Close it, with a sentence to the person or a reason for none."""
    form = "reply" if request.POST.get("from") == "reply" else "solve"

    def verb() -> str:
        post = request.POST
        disposition, text = post.get("disposition", ""), post.get("text", "")
        means, (seen, shown) = post.get("means", ""), _shown(request)
        services.solve(reference, by, disposition=disposition, text=text, means=means, seen=seen, shown=shown)
        return gettext("Solved: %(reference)s.") % {"reference": words.digits(reference)}

    return do(request, by, reference, form, verb, forget=(form,), leave=True)


def do(
    request: HttpRequest,
    by: Principal,
    reference: str,
    form: str,
    verb: Callable[[], str],
    *,
    forget: tuple[str, ...],
    leave: bool = False,
    missing: bool = False,
) -> HttpResponse:
    """Do it and say so; the browser may then forget these drafts. Or show the page with what was typed.

    With `missing`, what the form names and nobody sees is told beside the form; else the page itself is not there.
    """
    office = selectors.by_reference(by, reference).office
    try:
        with timezone.override(office.zone):  # a day and an hour are the office's
            said = verb()
    except DomainError as error:
        if isinstance(error, NotFoundError) and not missing:
            raise
        found = selectors.by_reference(by, reference)
        return page(request, by, found, typed=request.POST.dict(), shown_form=form, error=error)
    if forget:
        drafts_kept.forget(reference, by, *forget)
    drafts = " ".join(f"{by.user_id}:{reference}:{name}" for name in forget)
    messages.success(request, said, extra_tags=drafts)
    return redirect("desk:desk") if leave else redirect("desk:ticket", reference=reference)


def posted(delivery: Delivery) -> str:
    """How what was said reaches the person, in a sentence."""
    facts = {"means": words.MEANS.get(delivery.means, delivery.means)}
    by_hand = {
        "letter": gettext("The letter waits in the mailroom's tray, to be printed and posted."),
        "callback": gettext("The callback waits in the queue, with your words for whoever makes it."),
        "page": gettext("The answer is on the person's follow page."),
    }
    return by_hand.get(delivery.means) or gettext("The answer leaves by %(means)s.") % facts


def told(delivery: Delivery) -> str:
    """The same of what is no answer: it takes the next means where a text message is too short for it."""
    said = posted(delivery)
    return f"{gettext('Too long for a text message.')} {said}" if outgrew_sms(delivery) else said


def _shown(request: HttpRequest) -> tuple[int | None, list[int] | None]:
    """The last answer and the open work that the page showed; None where a form does not say."""
    work = request.POST.get("shown")
    ids = None if work is None else [number for one in work.split(",") if (number := id_in(one)) is not None]
    return id_in(request.POST.get("seen", "")), ids


def destination(to: str, by: Principal) -> tuple[Queue | None, Agent | None]:
    """The queue or the agent that a form names as `queue:3` or `agent:7`; neither for anything else."""
    kind, _colon, key = to.partition(":")
    number = id_in(key)
    if number is not None and kind == "queue":
        return queues_to_pass_to(by).filter(pk=number).first(), None
    if number is not None and kind == "agent":
        return None, agents_to_pass_to(by).filter(pk=number).first()
    return None, None
