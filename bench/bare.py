"""The yardstick: a Django view that checks one signature and makes one INSERT, and nothing else.

Served as the product is (granian, WSGI, two workers) by `granian --interface wsgi bench.bare:application`, with
`BARE_DATABASE` naming the PostgreSQL it writes to.
"""

import base64
import hashlib
import hmac
import os
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import path
from twilio.request_validator import RequestValidator

SECRET = "bench"
BASE = "http://127.0.0.1"


def address(url: str) -> str:
    """A PostgreSQL address as the driver wants it."""
    return url.replace("postgres://", "postgresql://", 1)


def database(url: str) -> dict[str, object]:
    """The same as Django wants it, with a connection that stays open."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    names = {"NAME": parts.path.lstrip("/"), "USER": unquote(parts.username or ""), "HOST": host}
    return {"ENGINE": "django.db.backends.postgresql", **names, "CONN_MAX_AGE": None}


def signature(path_asked: str, fields: dict[str, str]) -> str:
    """As Twilio signs a POST: HMAC-SHA1 over the address and the sorted fields."""
    text = BASE + path_asked + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).digest()).decode()


def application_for(url: str) -> object:
    """A Django of its own: one view, one table, no middleware."""
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database(url)},
        MIDDLEWARE=[],
        USE_TZ=True,
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


if "BARE_DATABASE" in os.environ:
    application = application_for(os.environ["BARE_DATABASE"])
    validator = RequestValidator(SECRET)

    class Call(models.Model):
        """The one row."""

        call_sid = models.TextField()
        caller = models.TextField()

        objects: models.Manager["Call"] = models.Manager()

        class Meta:
            app_label = "bare"
            db_table = "bare"

        def __str__(self) -> str:
            return self.call_sid

    def one_insert(request: HttpRequest) -> HttpResponse:
        """Check the signature, write the row."""
        given = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(BASE + request.path, request.POST, given):
            return HttpResponseForbidden()
        Call.objects.create(call_sid=request.POST["CallSid"], caller=request.POST["From"])
        return HttpResponse("<Response/>", content_type="text/xml")

    urlpatterns = [path("bare", one_insert)]
