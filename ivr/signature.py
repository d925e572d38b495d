"""Only the provider may tell us about calls: every webhook is signed, or is answered 403.

The signature covers the public address (CC_PUBLIC_BASE_URL and the raw path with its query) and every parameter; of a
JSON body it covers the hash that stands in the address. Signed by the account's token it is HMAC-SHA1; signed by a
shared key, whose id and algorithm a header names, HMAC-SHA256. What a header names and we do not know is refused.
Source: Twilio, "Webhooks security".
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed, QueryDict
from django.views.decorators.csrf import csrf_exempt

HEADER = "X-Twilio-Signature"
HEADERS = (HEADER, "X-SignalWire-Signature")  # the same signature under another provider's name
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
SHARED_ALGORITHM = "HMAC_SHA256"
JSON = "application/json"
USUAL_PORTS = {"http": 80, "https": 443}
View = Callable[..., HttpResponse]
Fields = Iterable[tuple[str, list[str]]]


def sign(secret: str, address: str, fields: Fields = (), algorithm: str = "sha1") -> str:
    """HMAC over the address and the sorted fields, in base64; a value given twice counts once."""
    text = address + "".join(name + value for name, values in sorted(fields) for value in sorted(set(values)))
    return base64.b64encode(hmac.new(secret.encode(), text.encode("utf-8", "replace"), algorithm).digest()).decode()


def own(address: str, fields: Fields = ()) -> dict[str, str]:
    """Headers with which we sign a request to ourselves: by the token, or by a shared key where only those count."""
    if not settings.TWILIO_SHARED_KEYS_ONLY:
        return {HEADER: sign(settings.TWILIO_AUTH_TOKEN, address, fields)}
    key, secret = next(iter(settings.TWILIO_SHARED_KEYS.items()), ("", ""))
    named = f"key={key},algorithm={SHARED_ALGORITHM}"
    return {HEADER: sign(secret, address, fields, "sha256"), SETTINGS_HEADER: named}


def is_signed(request: HttpRequest) -> bool:
    """Whether the signature is right. Without a secret of ours nothing is."""
    given = next((request.headers[name] for name in HEADERS if name in request.headers), "").encode("utf-8", "replace")
    if not given:
        return False
    fields: Fields = ()
    if request.content_type != JSON:
        fields = list(request.POST.lists())
    elif not _is_hash_of(request.GET.get("bodySHA256", ""), request.body):
        return False  # its parameters would be signed by nobody
    address = public_address(request)
    return any(
        hmac.compare_digest(sign(secret, one, fields, algorithm).encode(), given)
        for secret, algorithm in _secrets(request.headers)
        for one in _spellings(address)
    )


def public_address(request: HttpRequest) -> str:
    """The address as the provider knows it: whatever a proxy made of host and scheme, and the path not re-encoded."""
    raw = request.META.get("RAW_URI", "")  # where the server hands it on
    path = raw if raw.startswith("/") else request.get_full_path()
    return f"{settings.CC_PUBLIC_BASE_URL}{path}"


def _secrets(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The secrets that may have signed this, with their algorithm. A named key alone decides: there is no way back."""
    named = headers.get(SETTINGS_HEADER)
    if named is None:
        if settings.TWILIO_SHARED_KEYS_ONLY:
            return []
        tokens = [settings.TWILIO_AUTH_TOKEN, *settings.TWILIO_AUTH_TOKENS_OTHER]
        return [(token, "sha1") for token in tokens if token]
    parts = dict(part.strip().partition("=")[::2] for part in named.split(","))
    secret = settings.TWILIO_SHARED_KEYS.get(parts.get("key", ""), "")
    return [(secret, "sha256")] if secret and parts.get("algorithm", "").upper() == SHARED_ALGORITHM else []


def _is_hash_of(claimed: str, body: bytes) -> bool:
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), claimed.encode())


def _spellings(address: str) -> list[str]:
    """The address, and the same with or without its port: the provider writes one or the other."""
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.rpartition(":")
    bare = f"{user}{at}{name}"
    whole = f"{parts.netloc}:{USUAL_PORTS.get(parts.scheme, 443)}"
    return [address, urlunsplit(parts._replace(netloc=bare if colon and port.isdigit() else whole))]


def provider_only(view: View) -> View:
    """A webhook: POST, signed, exempt from the guards that are for browsers."""

    @wraps(view)
    def handle(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_signed(request):
            return HttpResponseForbidden("The signature is not right.\n", content_type="text/plain")
        if request.content_type == JSON and not _reads_as_form(request):
            return HttpResponse("This is not a JSON object.\n", status=400, content_type="text/plain")
        return view(request, *args, **kwargs)

    return csrf_exempt(login_not_required(handle))


def _reads_as_form(request: HttpRequest) -> bool:
    """Let the views find a JSON object's values where a form's would be."""
    try:
        values = json.loads(request.body)
    except ValueError:
        return False
    if not isinstance(values, dict):
        return False
    form = QueryDict(mutable=True)
    for name, value in values.items():
        form[name] = value if isinstance(value, str) else json.dumps(value)
    request.POST = form  # type: ignore[assignment]
    return True
