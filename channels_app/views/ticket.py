"""The page of one ticket: its story, the answer box, the person."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from channels_app import answers, card, looking, story, words
from channels_app.views.asking import on_behalf, status_of
from channels_app.views.desk import column
from contactcenter import channel
from contactcenter.accounts import unsent
from contactcenter.accounts.principal import Principal
from contactcenter.desk import drafts, joining, mentions, replying, surgery, tagging
from contactcenter.desk.answered import AnsweredMeanwhileError, CameMeanwhileError, last_answer, to_answer
from contactcenter.desk.dispositions import DISPOSITIONS
from contactcenter.desk.models import Incident
from contactcenter.desk.previewing import AnswerPreview
from contactcenter.desk.reading import trace
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.ids import id_in
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Agent
from contactcenter.routing.selectors import queues_of, queues_to_pass_to
from contactcenter.tickets import selectors
from contactcenter.tickets.models import Ticket


@require_GET
@on_behalf
def ticket(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """The whole story on one page; of a request that one no longer sees, what one was writing on it."""
    try:
        found = selectors.by_reference(by, reference)
    except NotFoundError:
        kept = drafts.cut_off(reference, by)
        if not kept:
            raise
        return unsent.not_there(request, kept)
    trace(found, by)
    mentions.read(found, by)
    return page(request, by, found)


@require_POST
@on_behalf
def template(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """The page with a template's words put below what is being written; nothing is sent."""
    found = selectors.by_reference(by, reference)
    parts = [request.POST.get("text", ""), _chosen(request, found, by)]
    text = "\n\n".join(part for part in parts if part.strip())
    return page(request, by, found, typed=request.POST.dict() | {"text": text}, shown_form="reply")


@require_GET
@on_behalf
def story_alone(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """The story alone, which an open page re-reads; 304 while nothing has happened."""
    found = selectors.by_reference(by, reference)
    trace(found, by)
    beside = _beside(request, found, by)
    hands = _hands(found, by, beside)
    tag = f'"{by.user_id}~{get_language()}~{found.pk}~{story.version(found)}~{hands}~{timezone.localdate()}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    with timezone.override(found.office.zone):
        response = render(request, "channels_app/_story.html", _told(request, found, by, beside))
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def page(
    request: HttpRequest,
    by: Principal,
    found: Ticket,
    *,
    typed: Mapping[str, str] | None = None,
    shown_form: str = "",
    error: DomainError | None = None,
    preview: AnswerPreview | None = None,
) -> HttpResponse:
    """The page with what was typed in one form; after a refusal with its sentence beside that form.

    Its days and hours are those of the request's office.
    """
    with timezone.override(found.office.zone):
        context = _shown(request, by, found, typed or {}, shown_form, error, preview)
        return render(request, "channels_app/ticket.html", context, status=status_of(error) if error else 200)


def _shown(
    request: HttpRequest,
    by: Principal,
    found: Ticket,
    typed: Mapping[str, str],
    shown_form: str,
    error: DomainError | None,
    preview: AnswerPreview | None,
) -> dict[str, object]:
    now = timezone.now()
    marks = _marks(found, typed, error)  # before the story is read: it shows all that they count
    written = drafts.of(found, by)
    if shown_form:
        written[shown_form] = typed.get("text", "")
    beside = looking.looks(found.pk, by)
    context = column(request, by, found.reference) | _told(request, found, by, beside) | card.aside(found, by, now)
    context |= {
        "spoken_reference": words.digits(found.reference),
        "procedure": card.procedure_name(found.procedure),
        "ways": answers.ways(found, typed.get("means", "")),
        "hours": answers.hours(found, typed.get("at", ""), now),
        "queues": queues_to_pass_to(by).order_by("name"),
        "known_tags": tagging.known_tags(by),
        "own_queues": queues_of(by).order_by("name") if surgery.may(by) else [],
        "colleagues": _colleagues(found, by),
        "dispositions": DISPOSITIONS.values(),
        "decided_on": typed.get("decided_on") or timezone.localdate().isoformat(),
        "hold_until": typed.get("until") or _tomorrow(now),
        "incidents": Incident.objects.filter(mended_at=None).order_by("-opened_at")[:9],
        "written": written,
        "left_behind": drafts.left_behind(found),
        "may_go_on": drafts.may_go_on(by),
        "templates": replying.templates_for(found),
        **marks,
        "undo": joining.last_undo(found, by),
        "said": _said_on(found),
        "picked": picked(request),
        "typed": typed,
        "preview": answers.shown(found, preview) if preview else None,
        "refused_form": shown_form if error else "",
        "refused_point": _number_of(shown_form, "point"),
        "refused_promise": (promise := _number_of(shown_form, "promise")),
        "refused_hands": (hands := _number_of(shown_form, "reassign")),
        "refused_work_gone": bool(promise or hands) and not _may_change(promise or hands, found, by, now),
        "go_on_in": shown_form if not error else "",
        "refusal": str(error) if error else "",
    }
    return context


def _marks(found: Ticket, typed: Mapping[str, str], error: DomainError | None) -> dict[str, str]:
    """The last answer and the open work that were read: as a form had them, until a refusal tells what came since."""
    seen, shown = typed.get("seen"), typed.get("shown")
    if seen is None or isinstance(error, AnsweredMeanwhileError):
        seen = str(last_answer(found))
    if shown is None or isinstance(error, CameMeanwhileError):
        shown = ",".join(map(str, to_answer(found)))
    return {"seen": seen, "shown": shown}


def _number_of(shown_form: str, kind: str) -> int:
    """Of which row the shown form is, where there is one for each; 0 for a form of another kind."""
    name, _dash, number = shown_form.partition("-")
    return int(number) if name == kind else 0


def _may_change(work_item_id: int, found: Ticket, by: Principal, now: datetime) -> bool:
    """Whether the page still has the forms that change this work."""
    return surgery.may(by) and any(held.id == work_item_id for held in card.holdings(found, by, now))


def picked(request: HttpRequest) -> list[int]:
    """What the form would take onto a request of its own, as numbers; what is none is left out."""
    return [number for one in request.POST.getlist("interaction") if (number := id_in(one)) is not None]


def _beside(request: HttpRequest, found: Ticket, by: Principal) -> list[str]:
    """Who else looks at it; a page that lies behind others reads, and looks at nothing."""
    if request.headers.get("X-Page") == "hidden":
        return looking.others(found.pk, by)
    return looking.looks(found.pk, by, request.headers.get("X-Look", "")[:40])


def _hands(found: Ticket, by: Principal, beside: list[str]) -> str:
    """What the story shows and no event tells: who writes or looks at this moment, and whether a lease soon ends."""
    asked = any(held.asked and held.mine for held in card.holdings(found, by, timezone.now()))
    told = "\n".join([*drafts.writers(found, by), "looking", *beside, "asked" if asked else ""])
    return sha256(told.encode()).hexdigest()[:12]


def _chosen(request: HttpRequest, found: Ticket, by: Principal) -> str:
    """The words of the template that was clicked, filled in for this ticket."""
    number = request.POST.get("template", "")
    rows = [one for one in replying.templates_for(found) if str(one.pk) == number] if number else []
    return replying.written(rows[0], found, by) if rows else ""


def _said_on(found: Ticket) -> list[tuple[int, str]]:
    """What could go onto a request of its own: each thing said, in a few words; none where there is but one."""
    now = timezone.now()
    said = list(found.interactions.order_by("occurred_at", "pk")[:200])
    lines = [(one.pk, f"{words.when(one.occurred_at, now)} · {(one.subject or one.text)[:60]}") for one in said]
    return lines if len(lines) > 1 else []


def _panels(request: HttpRequest, found: Ticket, by: Principal) -> list[SafeString]:
    """What channels have to say of what goes on at this moment: a call on the line."""
    showing = [getattr(channel.get(name), "panel", None) for name in channel.names()]
    # A channel's fragment is markup that it escaped itself.
    return [mark_safe(panel(request, found, by).html) for panel in showing if panel]  # noqa: S308


def _told(request: HttpRequest, found: Ticket, by: Principal, beside: list[str]) -> dict[str, object]:
    now = timezone.now()
    lines, holdings = story.of(found), card.holdings(found, by, now)
    writers = drafts.writers(found, by)
    return {
        "ticket": found,
        "opened": words.when(found.opened_at, now),
        "lines": lines,
        "holdings": holdings,
        "panels": _panels(request, found, by),
        "writers": writers,
        "lookers": [name for name in beside if name not in writers],
        "promises": [(code, words.CLASSES[code]) for code in surgery.CLASSES] if surgery.may(by) else [],
        "on_the_line": any(held.mine and held.code in LIVE_KINDS for held in holdings),
    }


def _colleagues(found: Ticket, by: Principal) -> list[Agent]:
    rows = Agent.objects.filter(user__is_active=True, user__offices=found.office_id).exclude(user=by.user_id or 0)
    return list(rows.exclude(user__role="auditor").select_related("user").order_by("user__last_name", "pk")[:100])


def _tomorrow(now: datetime) -> str:
    """Tomorrow at nine, as a date field wants it."""
    morning = timezone.localtime(now).replace(hour=9, minute=0) + timedelta(days=1)
    return morning.strftime("%Y-%m-%dT%H:%M")
