"""Carry in what came while the database was away: through our own doors, signed by ourselves, each once."""

import io
import logging
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve

from contactcenter.pulse import answers
from ivr import signature, spool
from ivr.spool import Spooled
from ivr.views.answering import AWAY, KEPT_AT, TOKEN, Unheard

log = logging.getLogger(__name__)

MOST_TRIES = 5  # of one file, while the database answers to others
_tries: Counter[str] = Counter()


def carry_in() -> int:
    """Ask again what is kept, the oldest first; returns how many. Stops where the database is still away.

    Agents' legs come last: of a conversation that ended meanwhile, both ends were told, and it is not begun anew.
    """
    carried = 0
    for file, spooled in sorted(_readable(), key=lambda pair: ("leg=" in pair[1].path, pair[1].at)):
        try:
            ask(spooled)
        except (*AWAY, Unheard):
            if not _is_hopeless(file):
                break
            _set_aside(file, spooled)
        except Exception:
            _set_aside(file, spooled)
        else:
            spool.done(file)
            carried += 1
    return carried


def _set_aside(file: Path, spooled: Spooled) -> None:
    log.exception("ivr.spooled_refused", extra={"path": urlsplit(spooled.path).path})
    spool.refuse(file)


def _is_hopeless(file: Path) -> bool:
    """Whether it is this file that fails again and again, and not the database that is away: it holds up no others."""
    if not answers():
        return False
    _tries[file.name] += 1
    return _tries[file.name] >= MOST_TRIES


def _readable() -> Iterator[tuple[Path, Spooled]]:
    """What is kept and can be read; a file that cannot is set aside, and stops nothing."""
    for file in spool.waiting():
        try:
            yield file, spool.read(file)
        except Exception:
            log.exception("ivr.spooled_unreadable", extra={"file": file.name})
            spool.refuse(file)


def ask(spooled: Spooled) -> None:
    """One webhook, as it came; raises where it was not taken in."""
    request = _request(spooled)
    view, arguments, named = resolve(request.path)
    response = view(request, *arguments, **named)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise ValueError(f"answered with {response.status_code}")


def _request(spooled: Spooled) -> WSGIRequest:
    body = urlencode(spooled.params).encode()
    parts = urlsplit(spooled.path)
    address = f"{settings.CC_PUBLIC_BASE_URL}{spooled.path}"
    fields = [(name, [value]) for name, value in spooled.params.items()]
    headers = {**signature.own(address, fields), TOKEN: spooled.token}
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(settings.PORT),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        KEPT_AT: spooled.at,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }
    return WSGIRequest(environ)
