"""An application of a few documents, for tests of the simulated network alone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests

from ivr.simulator.network import Network
from ivr.simulator.rest import serve
from ivr.simulator.webhooks import Webhooks

TOKEN = "scripted"
Params = dict[str, str]
Answer = str | tuple[int, dict[str, str], bytes] | Callable[[Params], str]


@dataclass
class Asked:
    """One request to a webhook."""

    method: str
    path: str
    params: Params
    headers: dict[str, str]


@dataclass
class Application:
    """Answers each path with what stands there, and remembers what it was asked."""

    answers: dict[str, Answer]
    network: Network
    asked: list[Asked] = field(default_factory=list)

    def to(self, path: str) -> list[Params]:
        """What was said to this path, in order."""
        return [one.params for one in self.asked if one.path == path]

    def call(self, keys: "list[str | None] | str" = "", number: str = "+33639980001", **more):
        """Somebody calls."""
        return self.network.call_in(number, "+33199000000", keys, **more)


def rest(made: Application, method: str, path: str, **form: object) -> requests.Response:
    """What the provider's REST side answers."""
    address = f"{made.network.address}/2010-04-01/Accounts/AC1/{path}"
    return requests.request(method, address, data=form, auth=("AC1", TOKEN), timeout=5)


@contextmanager
def application(answers: dict[str, Answer], **network: object) -> Iterator[Application]:
    """The application, its network, and the provider's REST side, for a while."""
    made = Application(answers, Network(Webhooks("", TOKEN), **({"speed": 0.001, "ring_s": 0} | network)))
    web = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"made": made}))
    web.daemon_threads = True
    made.network.webhooks.base_url = f"http://127.0.0.1:{web.server_port}"
    rest = serve(made.network)
    for server in (web, rest):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield made
    finally:
        for call in list(made.network.calls.values()):
            call.hang_up()
            call.join_end(5)
        for server in (web, rest):
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    made: Application
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer("POST", body)

    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def _answer(self, method: str, fields: str) -> None:
        params = {name: values[-1] for name, values in parse_qs(fields, keep_blank_values=True).items()}
        path = urlsplit(self.path).path
        self.made.asked.append(Asked(method, path, params, dict(self.headers)))
        answer = self.made.answers.get(path, (404, {}, b""))
        if callable(answer):
            answer = answer(params)
        if isinstance(answer, str):
            answer = (200, {"Content-Type": "text/xml"}, f"<Response>{answer}</Response>".encode())
        status, headers, body = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass
