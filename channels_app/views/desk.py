"""The desk's first page and its queue."""

import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from channels_app import hub, mentioned, offered, queue_list, words
from channels_app.copies import one_for_all
from channels_app.reading_again import on_behalf_of_reader
from channels_app.views.asking import live_address, on_behalf, status_of
from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.routing import presence
from contactcenter.routing.models import Agent, Presence
from contactcenter.routing.readers import Reader
from contactcenter.routing.waiting import waiting_page
from contactcenter.tickets.reference import cleaned

HEADING = {False: "h2", True: "h3"}  # below the page's own title, or below an opened ticket's
NOBODY = 'id="nobody"'  # in a waiting list that is empty
TRUE_FOR = 15  # seconds after which ages and order are told anew, though nothing happened


@require_GET
@on_behalf
def desk(request: HttpRequest, by: Principal) -> HttpResponse:
    """The queue, with nothing opened yet."""
    return render(request, "channels_app/desk.html", column(request, by))


@require_GET
@on_behalf_of_reader
def queue(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The left column alone, which an open page re-reads; 304 while nothing has changed."""
    by, opened = reader.by, cleaned(request.GET.get("open", "")[:12])
    stands = _stands(reader.queue_ids)
    tag = f'"{by.user_id}~{get_language()}~{opened}~{stands}~{_hands(reader)}"' if stands else None
    unchanged = get_conditional_response(request, etag=tag) if tag else None
    if unchanged is not None:
        return unchanged
    heading = HEADING[bool(opened)]
    waiting = _waiting(by, heading, stands)
    in_hand = [] if reader.in_hand == () else queue_list.in_hand(by)
    context = {"in_hand": in_hand, "waiting": _marked(waiting, opened)}
    context |= {"heading": heading, "open": opened}
    response = render(request, "channels_app/_queue.html", context)
    if tag:
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@on_behalf
def mentions(request: HttpRequest, by: Principal) -> HttpResponse:
    """The notes that mean this one, which an open page re-reads."""
    response = render(request, "channels_app/_mentions.html", {"mentions": mentioned.of(by)})
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@on_behalf
def next_one(request: HttpRequest, by: Principal) -> HttpResponse:
    """Take what is next for me."""
    there_for_work(by)
    try:
        taken = work.take_next(by)
    except DomainError as error:
        return refused(request, by, error)
    if taken is None:
        first = next(iter(waiting_page(by, limit=1).items), None)
        messages.info(request, (first and first.held) or gettext("Nothing waits for you at the moment."))
        return redirect("desk:desk")
    return redirect("desk:ticket", reference=taken.work_item.ticket.reference)


@require_POST
@on_behalf
def set_presence(request: HttpRequest, by: Principal) -> HttpResponse:
    """Say whether I am there for work."""
    chosen = request.POST.get("state", "")
    if chosen in presence.CHOSEN and by.agent_id is not None:
        reason = request.POST.get("reason", "")
        presence.set_presence(by.agent_id, Presence(chosen), actor=by.actor, reason=reason)
    return redirect("desk:desk")


def there_for_work(by: Principal) -> None:
    """Who takes work is there for it, whatever they last said."""
    if by.agent_id is not None and Agent.objects.filter(pk=by.agent_id, presence=Presence.OFFLINE).exists():
        presence.set_presence(by.agent_id, Presence.AVAILABLE, actor=by.actor)


def column(request: HttpRequest, by: Principal, opened: str = "") -> dict[str, object]:
    """What every page of the desk shows around its middle."""
    agent = Agent.objects.filter(user=by.user_id or 0).first()
    heading = HEADING[bool(opened)]
    waiting = _waiting(by, heading, _stands(Reader.of(by).queue_ids))
    state = presence.state_of(agent) if agent else Presence.OFFLINE
    return {
        "by": by,
        "open": opened,
        "heading": heading,
        "in_hand": queue_list.in_hand(by),
        "mentions": mentioned.of(by),
        "waiting": _marked(waiting, opened),
        "anything_waits": NOBODY not in waiting,
        "live_address": live_address(request),
        "offers": offered.to(by),
        "presence": state,
        "presence_reason": words.reason(agent.reason) if agent and state == Presence.AWAY else "",
        "presences": [(state.value, words.PRESENCE[state.value]) for state in presence.CHOSEN],
        "reasons": [str(reason) for reason in words.AWAY],
        "presence_word": words.PRESENCE[state],
        "presence_words": list(words.PRESENCE.items()),
    }


def refused(request: HttpRequest, by: Principal, error: DomainError, **typed: object) -> HttpResponse:
    """The desk again, with the sentence that says why not and what was typed; what one may not see is not there."""
    if isinstance(error, NotFoundError):
        raise error
    context = column(request, by) | {"refusal": str(error), **typed}
    return render(request, "channels_app/desk.html", context, status=status_of(error))


def _hands(reader: Reader) -> str:
    """What is in one's hands, as one word: it may lie in a queue of which one hears nothing."""
    return ".".join(f"{stage}{number}" for _kind, stage, number in reader.in_hand or ())


def _stands(queue_ids: frozenset[int]) -> str:
    """The state of these queues as one word that changes with it; "" while Redis cannot tell."""
    revisions = hub.revisions(queue_ids)
    if revisions is None:
        return ""
    stands = ".".join(f"{queue_id}-{rev}" for queue_id, rev in sorted(revisions.items()))
    return f"{int(time.time() // TRUE_FOR)}~{stands}"


def _waiting(by: Principal, heading: str, stands: str) -> str:
    """The waiting list as it is written, made once for everybody with the same rights while its queues stand so."""

    def make() -> str:
        context = {"queue": queue_list.waiting(by), "heading": heading}
        return render_to_string("channels_app/_waiting.html", context)

    return one_for_all((by.offices, by.skills, get_language(), heading, stands), make) if stands else make()


def _marked(waiting: str, opened: str) -> SafeString:
    """The waiting list with the line of the opened ticket marked: nothing else in it differs from reader to reader."""
    line = f'data-ticket="{opened}"'
    return mark_safe(waiting.replace(line, f'{line} aria-current="true"') if opened.isalnum() else waiting)  # noqa: S308  # written by our own template
