"""What can be downloaded: receipts, and the files that came with what was said."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from ninja import Router

from contactcenter import vault
from contactcenter.accounts.principal import Principal
from contactcenter.api.answers import ReceiptOut
from contactcenter.api.auth import principal
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.shaping import receipt_out
from contactcenter.desk.reading import trace
from contactcenter.receipts import rendering
from contactcenter.receipts.models import Receipt
from contactcenter.tickets.models import Attachment
from contactcenter.tickets.selectors import visible

router = Router(tags=["documents"])

SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


@router.get("/receipts/{code}", response={200: ReceiptOut, **ERRORS})
def read_receipt(request: HttpRequest, code: str) -> HttpResponse:
    """A receipt with what it says."""
    return answer(receipt_out(_receipt(principal(request), code)))


@router.get("/receipts/{code}/document", response={**ERRORS})
def receipt_document(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt as a PDF to print."""
    receipt = _receipt(principal(request), code)
    response = HttpResponse(rendering.pdf(receipt), content_type="application/pdf", headers=SAFE)
    response["Content-Disposition"] = f'attachment; filename="{receipt.code}.pdf"'
    return response


@router.get("/attachments/{attachment_id}", response={**ERRORS})
def download(request: HttpRequest, attachment_id: int) -> FileResponse:
    """The bytes of a file, as they came; always a download, never shown as a page."""
    by = principal(request)
    seen = Attachment.objects.filter(interaction__ticket__in=visible(by)).select_related("interaction__ticket")
    file = seen.filter(pk=attachment_id).first()
    if file is None:
        raise Http404
    trace(file.interaction.ticket, by)
    original = vault.path(file.sha256).open("rb")
    response = FileResponse(original, as_attachment=True, filename=file.name, content_type=file.content_type)
    for header, value in SAFE.items():
        response[header] = value
    return response


def _receipt(by: Principal, code: str) -> Receipt:
    digits = "".join(character for character in code if character.isdecimal())
    found = Receipt.objects.filter(code=digits, ticket__in=visible(by)).select_related("ticket__office").first()
    if found is None:
        raise Http404
    trace(found.ticket, by)
    return found
