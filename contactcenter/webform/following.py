"""Follow a request with its number and code, and check whether a receipt is genuine."""

import hmac
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from contactcenter.people.points import spoken
from contactcenter.receipts import rendering
from contactcenter.receipts.models import Receipt
from contactcenter.receipts.selectors import by_code
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.reference import cleaned, spaced
from contactcenter.webform import attempts
from contactcenter.webform.ways import first_office

COPY_STANDS = timedelta(hours=2)
_copies = TimestampSigner(salt="webform.receipt")


@login_not_required
@csrf_exempt  # number and code are the proof, and nothing is changed
def follow(request: HttpRequest) -> HttpResponse:
    """Where a request stands, to whoever has its number and personal code."""
    if request.method != "POST":
        asked = cleaned(request.GET.get("reference", "")[:40])
        return render(request, "webform/follow.html", {"reference": spaced(asked), "office": first_office()})
    reference = cleaned(request.POST.get("reference", "")[:40])
    code = cleaned(request.POST.get("code", "")[:40])
    source = attempts.source_of(request)
    if attempts.too_many(reference, source):
        return _refused(request, reference, _("Too many wrong codes today. Call us, come, or try again tomorrow."), 429)
    ticket = _proved(reference, code)
    if ticket is None:
        attempts.note(reference, source)
        sentence = _("This number and this code do not go together. Look at your receipt, or call us.")
        return _refused(request, reference, sentence, 403)
    response = render(request, "webform/status.html", _status(ticket))
    response["Cache-Control"] = "private, no-store"
    return response


def _proved(reference: str, code: str) -> Ticket | None:
    """The ticket, where the code is right; an unknown reference takes as long as a wrong code."""
    ticket = Ticket.objects.filter(reference=reference).select_related("office", "procedure").first()
    right = hmac.compare_digest((ticket.follow_code if ticket else "000000").encode(), code.encode())
    return _where_it_goes_on(ticket) if ticket and right else None


def _where_it_goes_on(ticket: Ticket) -> Ticket:
    """The ticket it was merged into, where that one is the same person's; a code never opens somebody else's story."""
    into = ticket.merged_into
    return into if into and into.person_id == ticket.person_id is not None else ticket


def _refused(request: HttpRequest, reference: str, sentence: str, status: int) -> HttpResponse:
    facts = {"reference": spaced(reference), "error": sentence, "office": first_office()}
    return render(request, "webform/follow.html", facts, status=status)


def _status(ticket: Ticket) -> dict[str, object]:
    said = list(ticket.interactions.prefetch_related("attachments").order_by("occurred_at", "pk"))
    answers = [
        {"at": _moment(one.occurred_at), "text": one.text} for one in said if one.direction == "out" and one.text
    ]
    receipts = [
        {"at": _moment(one.issued_at), "code": one.code, "copy": _copies.sign(one.code)}
        for one in ticket.receipts.order_by("issued_at")
    ]
    return {
        "ticket": ticket,
        "opened": _moment(ticket.opened_at),
        "due": rendering.day_of(localtime(ticket.due_at)),
        "silence": rendering.day_of(ticket.silence_on) if ticket.silence_on else "",
        "reference": spaced(ticket.reference),
        "about": ticket.procedure.named() if ticket.procedure else ticket.subject,
        "office": ticket.office,
        "telephone": spoken(ticket.office.phone),
        "state": _words(ticket.state, answered=bool(answers)),
        "answers": answers,
        "came": [_came(one) for one in said if one.direction == "in"],
        "receipts": receipts,
    }


def _moment(at: datetime) -> str:
    """As the receipt writes it."""
    return rendering.moment(localtime(at))


def _words(state: str, *, answered: bool) -> str:
    """Where it stands, as one would tell it at the counter."""
    told = {
        "new": _("Registered. A person will read it."),
        "open": _("A person is working on it."),
        "waiting": _("We have answered you.") if answered else _("We know about it and come back to it on a set date."),
        "solved": _("Answered and closed. Write or call again whenever you need: it opens again."),
    }
    return told.get(state, "")


def _came(one: Interaction) -> dict[str, object]:
    ways = {"phone": _("by telephone"), "email": _("by e-mail"), "web": _("online"), "paper": _("by post")}
    names = [file.name for file in one.attachments.all()]
    return {"at": _moment(one.occurred_at), "way": ways.get(one.channel, one.channel), "files": names}


@login_not_required
@require_safe
def receipt_copy(request: HttpRequest, signed: str) -> HttpResponse:
    """A receipt once more, as a PDF, for two hours to whoever had the number and the code."""
    try:
        code = _copies.unsign(signed, max_age=COPY_STANDS)
    except BadSignature as error:
        raise Http404 from error
    return pdf_response(get_object_or_404(Receipt.objects.select_related("ticket__office", "interaction"), code=code))


def pdf_response(receipt: Receipt) -> HttpResponse:
    """The receipt on paper; no cache keeps it."""
    name = f"recu-{receipt.ticket.reference}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(rendering.pdf(receipt), content_type="application/pdf", headers=headers)


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a receipt is genuine, its date and its service; never whose it is or what it is about."""
    receipt = by_code(code)
    facts: dict[str, object] = {
        "office": receipt.ticket.office if receipt else first_office(),
        "genuine": receipt is not None,
    }
    if receipt:
        received_at = datetime.fromisoformat(receipt.content["received_on"])
        service = receipt.content["service_name"]
        issued_at = _moment(receipt.issued_at)
        facts |= {"issued_at": issued_at, "received_at": rendering.moment(received_at), "service": service}
    return render(request, "webform/verify.html", facts, status=200 if receipt else 404)
