"""The provider's REST side, and what a terminal caller needs, as one small HTTP server."""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from ivr.simulator import resources
from ivr.simulator.forms import Form, Json, last
from ivr.simulator.network import Network
from ivr.simulator.taping import COMPLETED

ACCOUNT = re.compile(r"/2010-04-01/Accounts/[^/]+/")


@dataclass(frozen=True, slots=True)
class Request:
    """What the application asked of the provider, as a test may look at it."""

    method: str
    path: str  # below the account
    form: Form


class Handler(BaseHTTPRequestHandler):
    """One request."""

    network: Network
    watchers: "list[Callable[[Request], None]]"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Create or change something."""
        length = int(self.headers.get("Content-Length") or 0)
        self._handle("POST", parse_qs(self.rfile.read(length).decode(), keep_blank_values=True))

    def do_GET(self) -> None:
        """Look at something."""
        self._handle("GET", parse_qs(urlsplit(self.path).query))

    def do_DELETE(self) -> None:
        """Take something away."""
        self._handle("DELETE", {})

    def _handle(self, method: str, form: Form) -> None:
        whole = unquote(urlsplit(self.path).path)
        path, ours = ACCOUNT.subn("", whole)
        if not ours:  # the demo's own callers, which are no account's
            path = whole.lstrip("/")
        elif not self._knows_secret():
            return self._answer((401, {"code": 20003, "message": "Authenticate", "status": 401}))
        else:
            for watcher in self.watchers:
                watcher(Request(method, path, form))
        if method == "GET" and path.endswith(".wav"):
            return self._audio(path)
        if path == "callers" and method == "POST":
            return self._answer(self._caller(form))
        status, body = resources.answer(self.network, method, path, form)
        if body.get("next_page_uri"):
            body["next_page_uri"] = f"{whole}{body['next_page_uri']}"
        return self._answer((status, body))

    def _knows_secret(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        try:
            return base64.b64decode(given).decode().endswith(f":{self.network.webhooks.token}")
        except (binascii.Error, UnicodeDecodeError):
            return False

    def _caller(self, form: Form) -> tuple[int, Json]:
        """Somebody calls in, by terminal or browser."""
        keys = last(form, "Keys")
        call = self.network.call_in(
            last(form, "From"), last(form, "To"), keys, patient=not keys, message=last(form, "Message")
        )
        return 201, {"sid": call.sid}

    def _audio(self, path: str) -> None:
        time.sleep(self.network.faults.audio_after_s)
        recording = self.network.recordings.get(path.rpartition("/")[2].removesuffix(".wav"))
        there = recording is not None and recording.status == COMPLETED
        self._send(200 if there else 404, recording.wav() if recording and there else b"", "audio/x-wav")

    def _answer(self, answer: tuple[int, Json]) -> None:
        status, body = answer
        self._send(status, json.dumps(body).encode() if status != 204 else b"", "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing: numbers do not belong into logs."""


def serve(
    network: Network, port: int = 0, *, watchers: "list[Callable[[Request], None]] | None" = None
) -> ThreadingHTTPServer:
    """A server on loopback, not yet running; its address is the network's from now on. Watchers see each request."""
    handler = type("BoundHandler", (Handler,), {"network": network, "watchers": watchers or []})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    network.address = f"http://127.0.0.1:{server.server_port}"
    return server
