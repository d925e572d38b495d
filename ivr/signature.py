"""Only the provider may tell us about calls: every webhook is signed, or is answered 403.

The signature covers the public address (CC_PUBLIC_BASE_URL and the raw path with its query) and every parameter.
Source: Twilio, "Webhooks security".
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"
View = Callable[..., HttpResponse]


def is_signed(request: HttpRequest) -> bool:
    """Whether the signature is right. Without a token of ours nothing is."""
    token = settings.TWILIO_AUTH_TOKEN
    signature = request.headers.get(HEADER, "")
    if not token or not signature:
        return False
    address = settings.CC_PUBLIC_BASE_URL + request.get_full_path()
    validator = RequestValidator(token)
    if request.content_type == "application/json":
        if "bodySHA256" not in request.GET:
            return False  # its parameters would be signed by nobody
        return bool(validator.validate(address, request.body.decode("utf-8", "replace"), signature))
    return bool(validator.validate(address, request.POST, signature))


def provider_only(view: View) -> View:
    """A webhook: POST, signed, exempt from the guards that are for browsers."""

    @wraps(view)
    def handle(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_signed(request):
            return HttpResponseForbidden("The signature is not right.\n", content_type="text/plain")
        return view(request, *args, **kwargs)

    return csrf_exempt(login_not_required(handle))
