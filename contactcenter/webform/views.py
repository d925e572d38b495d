"""Pages for everybody: no account, no cookie, no JavaScript needed."""

import hmac
from datetime import timedelta

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from contactcenter.procedures.models import ProcedureVersion
from contactcenter.procedures.selectors import current, published
from contactcenter.receipts import rendering
from contactcenter.receipts.models import Receipt
from contactcenter.receipts.selectors import by_code
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.reference import cleaned
from contactcenter.webform import attempts, submission
from contactcenter.webform.ways import first_office, ways_to_reach

GENERAL = "other"
CONFIRMATION_STANDS = timedelta(days=1)


@login_not_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Every way to reach us first, equal in rank; then what people need, in their words."""
    office = first_office()
    topics = [
        {"code": one.procedure.code, "name": one.named(), "hint": one.hinted()} for one in published()
    ]
    return render(request, "webform/portal.html", {"office": office, "ways": ways_to_reach(office), "topics": topics})


@login_not_required
@csrf_exempt  # the form acts for nobody who is logged in; its one-time token keeps a double click from being two
def form(request: HttpRequest, procedure: str) -> HttpResponse:
    """The form of a procedure, or of none of them (`other`); only the text is required."""
    version = None if procedure == GENERAL else current(procedure)
    if version is None and procedure != GENERAL:
        return render(request, "webform/unknown.html", {"topics": published(), "office": first_office()}, status=404)
    if request.method != "POST":
        return _form_page(request, version, {}, {})
    posted = submission.read(request)
    if posted.errors:
        return _form_page(request, version, posted.values, posted.errors, kept_files=bool(posted.files), status=422)
    code = version.procedure.code if version else ""
    submission.register(posted, office=first_office(), procedure=code, language=get_language() or "fr")
    return HttpResponseRedirect(reverse("received", args=[posted.token]))


def _form_page(
    request: HttpRequest,
    version: ProcedureVersion | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    kept_files: bool = False,
    status: int = 200,
) -> HttpResponse:
    language = (get_language() or "fr")[:2]
    pieces = [piece.get(language) or piece.get("fr", "") for piece in version.pieces] if version else []
    facts = {
        "title": version.named() if version else _("Something else"),
        "hint": version.hinted() if version else _("Tell us what it is about; a person reads it."),
        "pieces": pieces,
        "values": values,
        "errors": errors,
        "kept_files": kept_files,
        "token": request.POST.get("token") if status != 200 and request.POST.get("token") else submission.new_token(),
        "office": first_office(),
    }
    return render(request, "webform/form.html", facts, status=status)


@login_not_required
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The confirmation: reference, code and receipt, for a day, to whoever holds the form's own token."""
    said = _said(token)
    receipt = Receipt.objects.filter(interaction=said).select_related("ticket__office", "interaction").first()
    shown = rendering.page(receipt) if receipt else None
    square = segno.make(shown.verify_url, error="m").svg_data_uri(border=0) if shown else ""
    unread = [row for row in (shown.enclosed if shown else []) if row["problem"]]
    facts = {"ticket": said.ticket, "receipt": shown, "token": token, "qr": square, "unread": unread}
    response = render(request, "webform/received.html", {**facts, "office": said.ticket.office})
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def receipt_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a PDF, under the same token."""
    receipt = Receipt.objects.filter(interaction=_said(token)).select_related("ticket__office", "interaction").first()
    if receipt is None:
        raise Http404
    name = f"recu-{receipt.ticket.reference}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(rendering.pdf(receipt), content_type="application/pdf", headers=headers)


def _said(token: str) -> Interaction:
    found = Interaction.objects.filter(
        channel="web",
        external_id=submission.external_id(token),
        occurred_at__gt=timezone.now() - CONFIRMATION_STANDS,
    )
    said = found.select_related("ticket__office").first()
    if said is None:
        raise Http404
    return said


@login_not_required
@csrf_exempt  # reference and code are the proof, and nothing is changed
def follow(request: HttpRequest) -> HttpResponse:
    """Where a request stands, to whoever has its reference and personal code."""
    if request.method != "POST":
        return render(request, "webform/follow.html", {"reference": request.GET.get("reference", "")[:20], "office": first_office()})
    reference = cleaned(request.POST.get("reference", "")[:40])
    code = cleaned(request.POST.get("code", "")[:20])
    source = attempts.source_of(request)
    if attempts.too_many(reference, source):
        return _refused(request, reference, _("Too many wrong codes today. Call us, come, or try again tomorrow."), 429)
    ticket = _proved(reference, code)
    if ticket is None:
        attempts.note(reference, source)
        return _refused(request, reference, _("This number and this code do not go together. Look at your receipt, or call us."), 403)
    response = render(request, "webform/status.html", _status(ticket))
    response["Cache-Control"] = "private, no-store"
    return response


def _proved(reference: str, code: str) -> Ticket | None:
    """The ticket, where the code is right; an unknown reference takes as long as a wrong code."""
    ticket = Ticket.objects.filter(reference=reference).select_related("office", "procedure").first()
    right = hmac.compare_digest((ticket.follow_code if ticket else "000000").encode(), code.encode())
    return ticket if ticket and right else None


def _refused(request: HttpRequest, reference: str, sentence: str, status: int) -> HttpResponse:
    facts = {"reference": reference, "error": sentence, "office": first_office()}
    return render(request, "webform/follow.html", facts, status=status)


def _status(ticket: Ticket) -> dict[str, object]:
    words = {
        "new": _("Registered. A person will read it."),
        "open": _("A person is working on it."),
        "waiting": _("You have an answer, or we wait for a date."),
        "solved": _("Answered and closed. Write or call again whenever you need: it opens again."),
    }
    said = list(ticket.interactions.order_by("occurred_at", "pk"))
    return {
        "ticket": ticket,
        "office": ticket.office,
        "state": words[ticket.state],
        "answers": [one for one in said if one.direction == "out"],
        "came": [one for one in said if one.direction == "in"],
        "receipts": list(ticket.receipts.order_by("issued_at")),
    }


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a receipt is genuine, its date and its service; never whose it is or what it is about."""
    receipt = by_code(code)
    facts: dict[str, object] = {"office": receipt.ticket.office if receipt else first_office(), "genuine": receipt is not None}
    if receipt:
        facts |= {"issued_at": receipt.issued_at, "service": receipt.content.get("service_name", "")}
    return render(request, "webform/verify.html", facts, status=200 if receipt else 404)
