"""The mailroom's pages: what is to check, one scan beside its fields, what is to post, and where papers lie."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work as desk
from contactcenter.desk.reading import trace
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Kind
from contactcenter.tickets.reference import spaced
from contactcenter.tickets.selectors import visible
from paper_intake import lines, selectors
from paper_intake.access import mailroom
from paper_intake.check import check
from paper_intake.forms import CheckForm, UploadForm
from paper_intake.models import Scan
from paper_intake.read import MOST_PAGES
from paper_intake.suggest import Found, suggest
from paper_intake.tesseract import ENOUGH
from paper_intake.tray import oldest
from paper_intake.upload import take_uploads
from paper_intake.watch import stuck

TRIES = 5


@require_safe
@mailroom
def scans(request: HttpRequest, by: Principal) -> HttpResponse:
    """What is to check, the oldest first."""
    found = lines.to_check(by, _after(request))
    return _page(request, by, "scans", {"lines": found[: lines.PAGE], "more": _more(found), "stuck": stuck()})


@require_POST
@mailroom
def take_next(request: HttpRequest, by: Principal) -> HttpResponse:
    """Take the next scan that nobody has and open it."""
    for work_item_id in oldest(by, Kind.SCAN_CHECK, most=TRIES, untaken=True):
        try:
            routing.take(work_item_id, by)
        except AlreadyTakenError:
            continue
        except DomainError as error:
            messages.error(request, str(error))
            break
        return redirect("mailroom:scan", Scan.objects.get(interaction__work_items=work_item_id).pk)
    return redirect("mailroom:scans")


@mailroom
def scan(request: HttpRequest, by: Principal, scan_id: int) -> HttpResponse:
    """One scan: its pages beside what is to be filled in. Saving lets it be answered."""
    one = _scan(by, scan_id)
    routing.renew_leases(one.interaction.ticket_id, by)
    if request.method != "POST":
        return _scan_page(request, by, one, CheckForm(scan=one, initial=_initial(one, by, _found(one))))
    form = CheckForm(request.POST, scan=one)
    if not form.is_valid():
        return _scan_page(request, by, one, form, status=422)
    try:
        ticket, first = check(one.pk, by, form.findings())
    except NotFoundError:
        form.add_error("reference", _("There is no request with this reference that you can see."))
        return _scan_page(request, by, one, form, status=422)
    except DomainError as error:
        form.add_error(None, str(error))
        return _scan_page(request, by, one, form, status=409)
    said = _("Checked: the letter is request %(reference)s and waits for its answer.")
    before = _("This letter had been checked already; nothing was changed. It is request %(reference)s.")
    messages.success(request, (said if first else before) % {"reference": spaced(ticket.reference)})
    return redirect("mailroom:scans")


@require_POST
@mailroom
def on_it(request: HttpRequest, by: Principal, scan_id: int) -> HttpResponse:
    """A clerk is typing what the letter says: it stays in their hands."""
    routing.renew_leases(_scan(by, scan_id).interaction.ticket_id, by)
    return HttpResponse(status=204)


@mailroom
def upload(request: HttpRequest, by: Principal) -> HttpResponse:
    """Hand in scans by hand."""
    if request.method != "POST":
        form = UploadForm(initial={"token": secrets.token_urlsafe(16), "place": selectors.last_place(by)})
        return _page(request, by, "upload", {"form": form})
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, by, "upload", {"form": form}, status=422)
    facts = form.cleaned_data
    taken = take_uploads(facts["files"], by, token=facts["token"], place=facts["place"])
    for one in taken:
        if one.scan.problem:
            messages.warning(request, f"{one.scan.name} : {one.scan.get_problem_display()}")
    new = sum(not one.again for one in taken)
    if new:
        messages.success(
            request, ngettext("%(new)d letter was taken in.", "%(new)d letters were taken in.", new) % {"new": new}
        )
    if again := len(taken) - new:
        told = ngettext(
            "%(again)d file had come before: it stays one letter.",
            "%(again)d files had come before: each stays one letter.",
            again,
        )
        messages.info(request, told % {"again": again})
    return redirect("mailroom:scans")


@require_safe
@mailroom
def letters(request: HttpRequest, by: Principal) -> HttpResponse:
    """What is to print and post, the oldest first."""
    found = lines.to_post(by, _after(request))
    return _page(request, by, "letters", {"lines": found[: lines.PAGE], "more": _more(found)})


@require_POST
@mailroom
def letter_posted(request: HttpRequest, by: Principal, letter_id: int) -> HttpResponse:
    """A clerk has put the letter into the post. Again changes nothing."""
    try:
        letter = selectors.letter_of(by, letter_id)
        desk.done(letter.work_item_id, by, outcome="posted")
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        reference = spaced(letter.delivery.ticket.reference)
        messages.success(request, _("The letter on request %(reference)s is posted.") % {"reference": reference})
    return redirect("mailroom:letters")


@require_safe
@mailroom
def places(request: HttpRequest, by: Principal) -> HttpResponse:
    """Find the paper: by tray or box."""
    place = request.GET.get("q", "").strip()[:120]
    found = lines.lying_in(by, place) if place else []
    context = {"place": place, "found": found[: lines.PAGE], "more": len(found) > lines.PAGE}
    return _page(request, by, "places", context)


def _page(request: HttpRequest, by: Principal, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    facts = {"here": name, "counts": selectors.counts(by), "many": selectors.MANY, **context}
    return render(request, f"paper_intake/{name}.html", facts, status=status)


def _scan_page(request: HttpRequest, by: Principal, one: Scan, form: CheckForm, *, status: int = 200) -> HttpResponse:
    item = selectors.check_item(one)
    holder = item.assignments.filter(ended_at=None).first() if item else None
    context = {
        "scan": one,
        "ticket": one.interaction.ticket,
        "pages": list(one.pages.all()),
        "hidden_pages": max(0, one.page_count - MOST_PAGES),
        "form": form,
        "to_check": item is not None,
        "holder": holder.holder if holder and holder.actor != by.actor else "",
        "suggested": _found(one) if item else Found(),
        "candidates": _candidates(by, one) if item else [],
        "last_place": selectors.last_place(by),
        "enough": ENOUGH,
    }
    return _page(request, by, "scan", context, status)


def _scan(by: Principal, scan_id: int) -> Scan:
    try:
        one = selectors.scan_of(by, scan_id)
    except NotFoundError as error:
        raise Http404 from error
    trace(one.interaction.ticket, by)
    return one


def _found(one: Scan) -> Found:
    return suggest(one.interaction.text, ours=one.interaction.ticket.office.address)


def _initial(one: Scan, by: Principal, found: Found) -> dict[str, Any]:
    """What the letter seems to say, for the clerk to confirm or correct."""
    text = one.interaction.text
    candidates = _candidates(by, one)
    return {
        "name": found.name,
        "address": found.address,
        "email": found.email,
        "phone": found.phone,
        "subject": found.subject,
        "reference": candidates[0] if candidates else "",
        "language": one.interaction.language or "fr",
        "received_on": one.received_on,
        "place": one.place or selectors.last_place(by),
        "text": text,
        "read": text,
    }


def _candidates(by: Principal, one: Scan) -> list[str]:
    """References on the letter that are ours and not its own."""
    own = one.interaction.ticket.reference
    wanted = [number for number in _found(one).references if number != own]
    return list(visible(by).filter(reference__in=wanted).values_list("reference", flat=True)) if wanted else []


def _after(request: HttpRequest) -> int | None:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _more(found: Sequence[lines.ScanLine | lines.LetterLine]) -> int | None:
    return found[lines.PAGE - 1].id if len(found) > lines.PAGE else None
