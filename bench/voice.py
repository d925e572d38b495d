"""`./run bench voice`: how soon the provider is asked: agent taken → dialled, key → caller moved, leg lost → back.

The whole centre runs on its own PostgreSQL while ten thousand mails leave; the provider only notes when it was asked.
Each time runs from the moment our request was sent. Beside it stand bare requests to the same server.
"""

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests

from bench.rig import Rig, rig
from bench.tables import say
from ivr.simulator.webhooks import Webhooks

MAILS = 10_000
CALLS = 30
LOST = 3
BETWEEN_S = 1.1  # at most one call a second
PATIENCE_S = 30.0
DIALLED, MOVED = "agent taken → dial sent", "key → caller moved"
BACK, BACK_UNTOLD = "leg lost → caller back", "leg lost, event too → caller back"
WITH_REDIS = {DIALLED: 500, MOVED: 500, BACK: 5_000, BACK_UNTOLD: 25_000}  # p95, in milliseconds
WITHOUT_REDIS = WITH_REDIS | {DIALLED: 2_500, MOVED: 2_500}
LAY = f"""
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings"
django.setup()
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from tests.factories import an_inbound
from contactcenter.offices.models import Office
ticket = receive(an_inbound(office=Office.objects.first()))
facts = dict(ticket=ticket, purpose="notice", means="email", channel="email", to="ana@example.org", subject="x")
facts |= dict(text="x", language="fr")
mails = [Delivery(external_id=f"<{{n}}@bench>", **facts) for n in range({MAILS})]
Delivery.objects.bulk_create(mails, 500)
"""
LEFT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings"
django.setup()
from contactcenter.outbox.models import Delivery
print(Delivery.objects.filter(state="pending", channel="email").count())
"""


@dataclass(slots=True)
class Provider:
    """A provider that does nothing: what it was asked, and when."""

    port: int = 0
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def wait_for(self, is_it: Callable[[str, dict[str, str]], bool], since: int) -> tuple[float, dict[str, str]]:
        """When it was asked so, and how."""
        end = time.monotonic() + PATIENCE_S
        with self.heard:
            while True:
                for at, path, form in self.asked[since:]:
                    if is_it(path, form):
                        return at, form
                if not self.heard.wait(max(0.0, end - time.monotonic())):
                    raise SystemExit("the provider was not asked within half a minute")


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, listening for a while."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[-1] for name, values in parse_qs(body).items()}
            path = urlsplit(self.path).path
            sid = f"CAleg{next(made.numbers)}"
            with made.heard:
                made.asked.append((at, path, form | {"sid": sid}))
                made.heard.notify_all()
            self._answer(201, {"sid": sid, "status": "queued"})

        def do_GET(self) -> None:
            lost = "CAleg" in self.path
            self._answer(200, {"status": "completed" if lost else "in-progress"})

        def _answer(self, status: int, body: dict[str, str]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()


@dataclass(slots=True)
class Centre:
    """The running centre, as a caller, an agent's leg and the API know it."""

    rig: Rig
    provider: Provider
    webhooks: Webhooks
    line: str = "+33199000000"
    took: dict[str, list[float]] = field(default_factory=dict)

    def one_call(self, number: int, *, tell: bool = True) -> None:
        """A caller waits, is answered, and loses their agent."""
        caller = {"CallSid": f"CAbench{number}", "From": f"+3363998{number:04d}", "To": self.line}
        self._post("/ivr/voice", caller)
        self._post("/ivr/menu?node=way&tries=0", caller | {"Digits": "1"})
        dialled = self._timed(DIALLED, self._taking(caller["CallSid"]), lambda path, form: "To" in form)
        leg = re.search(r"leg=(\d+)", dialled["Url"])
        assert leg
        sid, door = dialled["sid"], f"?leg={leg[1]}"
        proof = self._proof(door, sid)
        moved = self._timed(MOVED, proof, lambda _path, form: "/join" in form.get("Url", ""))
        self._post(moved["Url"].removeprefix(self.webhooks.base_url), caller)
        name = BACK if tell else BACK_UNTOLD
        end = {"CallSid": sid, "CallStatus": "completed", "Direction": "outbound-api"}
        told: Callable[[], object] = (lambda: self._post(f"/ivr/status{door}", end)) if tell else (lambda: None)
        self._timed(name, told, lambda _path, form: "/park" in form.get("Url", ""))
        self._post("/ivr/status", caller | {"CallStatus": "completed"})

    def _proof(self, door: str, sid: str) -> Callable[[], object]:
        """Everything up to the last answer of the agent's leg, and that answer, still to be given."""
        leg = {"CallSid": sid, "Direction": "outbound-api"}
        asked = self._post(f"/ivr/agent{door}", leg).text
        if "agent-key" in asked:
            return lambda: self._post(f"/ivr/agent-key{door}", leg | {"Digits": "1"})
        digit = re.search(r"chiffre (\d)", asked)
        assert digit
        self._post(f"/ivr/agent-digit{door}", leg | {"Digits": digit[1]})
        return lambda: self._post(f"/ivr/agent-voice{door}", leg | {"SpeechResult": "Bonjour, je vous entends."})

    def _timed(
        self, name: str, act: Callable[[], object], is_it: Callable[[str, dict[str, str]], bool]
    ) -> dict[str, str]:
        since, began = len(self.provider.asked), time.monotonic()
        act()
        at, form = self.provider.wait_for(is_it, since)
        self.took.setdefault(name, []).append((at - began) * 1000)
        return form

    def _taking(self, sid: str) -> Callable[[], object]:
        """The request by which the caller's work item is taken."""
        api, headers = f"{self.webhooks.base_url}/api/v1", {"Authorization": f"Bearer {self.rig.token}"}
        item = requests.get(f"{api}/calls/{sid}", headers=headers, timeout=10).json()["work_item"]
        return lambda: requests.post(f"{api}/work-items/{item}/take", headers=headers, timeout=10).raise_for_status()

    def _post(self, path: str, params: dict[str, str]) -> requests.Response:
        answer = self.webhooks.post(path, params)
        answer.raise_for_status()
        return answer


def main(seconds: float) -> None:
    """Measure with Redis, and without."""
    with rig("postgresql") as made, provider() as asked:
        made.env["CC_SIMULATOR_PORT"] = str(asked.port)
        _bare(asked)
        made.python("-c", LAY)
        for redis_url, wanted in ((made.env["REDIS_URL"], WITH_REDIS), ("redis://127.0.0.1:1/0", WITHOUT_REDIS)):
            _stage(made, asked, redis_url, wanted)


def _stage(made: Rig, asked: Provider, redis_url: str, wanted_ms: dict[str, int]) -> None:
    made.env["REDIS_URL"] = redis_url
    has_redis = wanted_ms is WITH_REDIS
    say(f"\nRedis {'there' if has_redis else 'stopped'}")
    with made.running("mailbox", "web", "worker", "voice", "clock"):
        webhooks = Webhooks(made.env["CC_PUBLIC_BASE_URL"], made.env["TWILIO_AUTH_TOKEN"])
        centre = Centre(made, asked, webhooks)
        before = int(made.python("-c", LEFT))
        first = 0 if has_redis else 5000
        centre.one_call(first + 400)  # `voice` may still be starting, and who waited for it held up those behind
        centre.took.clear()
        time.sleep(BETWEEN_S)
        for number in range(CALLS if has_redis else CALLS // 3):
            began = time.monotonic()
            centre.one_call(first + number)
            time.sleep(max(0.0, BETWEEN_S - (time.monotonic() - began)))
        after = int(made.python("-c", LEFT))
        for number in range(LOST if has_redis else 0):
            centre.one_call(900 + number, tell=False)
        for name, times in centre.took.items():
            said = "" if _at(times, 0.95) <= wanted_ms[name] else "   missed"
            say(
                f"  {name:36} p50 {_at(times, 0.5):8.0f} ms   p95 {_at(times, 0.95):8.0f} ms   "
                f"wanted {wanted_ms[name]:6} ms   n={len(times)}{said}"
            )
        say(f"  mails left to send meanwhile: {before} → {after}")


def _bare(asked: Provider) -> None:
    """The same requests of the same server, from a loop."""
    with requests.Session() as session:
        times = []
        for _ in range(200):
            began = time.monotonic()
            session.post(f"http://127.0.0.1:{asked.port}/bare", data={"To": "x"}, timeout=5)
            times.append((time.monotonic() - began) * 1000)
    asked.asked.clear()
    say(f"bare REST request: p50 {_at(times, 0.5):.1f} ms, p95 {_at(times, 0.95):.1f} ms")


def _at(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
