"""Ask us something: the portal, the form and its confirmation. No account, no cookie, no JavaScript needed."""

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

from contactcenter.offices.models import Office
from contactcenter.people.points import spoken
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.procedures.selectors import current, published
from contactcenter.receipts import rendering
from contactcenter.receipts.models import Receipt
from contactcenter.tickets.models import Interaction
from contactcenter.tickets.reference import spaced
from contactcenter.webform import submission
from contactcenter.webform.following import pdf_response
from contactcenter.webform.submission import Submission
from contactcenter.webform.ways import first_office, standing, ways_to_reach

GENERAL = "other"
CONFIRMATION_STANDS = timedelta(days=1)


@login_not_required
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Every way to reach us first, equal in rank; then what people need, in their words."""
    office = first_office()
    facts = {"office": office, "ways": ways_to_reach(office), "topics": published(), "incidents": standing()}
    return render(request, "webform/portal.html", facts)


@login_not_required
@csrf_exempt  # the form acts for nobody who is logged in; its one-time token keeps a double click from being two
def form(request: HttpRequest, procedure: str) -> HttpResponse:
    """The form of a procedure, or of none of them (`other`); only the text is required."""
    version = None if procedure == GENERAL else current(procedure)
    office = first_office()
    if version is None and procedure != GENERAL:
        return render(request, "webform/unknown.html", {"topics": published(), "office": office}, status=404)
    if request.method != "POST":
        return _form_page(request, version, office)
    posted = submission.read(request)
    if office.pk is None:
        posted.errors["text"] = _("Nobody works here yet, so there is nobody to read this.")
    if posted.errors:
        return _form_page(request, version, office, posted)
    code = version.procedure.code if version else ""
    submission.register(posted, office=office, procedure=code, language=_language())
    return HttpResponseRedirect(reverse("received", args=[posted.token]))


def _form_page(
    request: HttpRequest, version: ProcedureVersion | None, office: Office, posted: Submission | None = None
) -> HttpResponse:
    """A blank form, or one that could not be sent, with everything that was typed."""
    pieces = version.pieces if version else []
    facts = {
        "title": version.named() if version else _("Something else"),
        "hint": version.hinted() if version else _("Tell us what it is about; a person reads it."),
        "pieces": [piece.get(_language()) or piece.get("fr", "") for piece in pieces],
        "values": posted.values if posted else {},
        "errors": posted.errors if posted else {},
        "files_lost": bool(posted and posted.files),
        "token": submission.signed(posted.token) if posted and posted.token else submission.new_token(),
        "office": office,
        "telephone": spoken(office.phone),
        "incidents": standing(),
    }
    return render(request, "webform/form.html", facts, status=422 if posted else 200)


def _language() -> str:
    return (get_language() or "fr")[:2]


@login_not_required
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The confirmation: number, code and receipt, for a day, to whoever holds the form's own token."""
    said = _said(token)
    if said is None:
        return HttpResponseRedirect(reverse("follow"))
    ticket = said.ticket
    receipt = _receipt(said)
    shown = rendering.page(receipt) if receipt else None
    facts = {
        "ticket": ticket,
        "number": spaced(ticket.reference),
        "code": spaced(ticket.follow_code),
        "receipt": shown,
        "token": token,
        "qr": segno.make(shown.verify_url, error="m").svg_data_uri(border=0) if shown else "",
        "added": ticket.interactions.filter(direction="in", pk__gt=said.pk).order_by("pk"),
        "office": ticket.office,
    }
    response = render(request, "webform/received.html", facts)
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def receipt_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt as a PDF, under the same token."""
    said = _said(token)
    receipt = _receipt(said) if said else None
    if receipt is None:
        raise Http404
    return pdf_response(receipt)


def _said(token: str) -> Interaction | None:
    """What was sent with this token within a day."""
    known = Interaction.objects.filter(channel="web", external_id=submission.external_id(token))
    fresh = known.filter(occurred_at__gt=timezone.now() - CONFIRMATION_STANDS)
    return fresh.select_related("ticket__office").first()


def _receipt(said: Interaction) -> Receipt | None:
    return Receipt.objects.filter(interaction=said).select_related("ticket__office", "interaction").first()
