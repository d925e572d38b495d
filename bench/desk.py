"""`./run bench desk`: our own part of a typical reply to an e-mail, from the queue in focus to the delivery shown.

One agent answers mail after mail, as the page does it: take the line in focus, read it, keep the words while they are
written, send, see it sent. The mails come in and the answers leave by SMTP, carried by the worker. What the agent
thinks and types is not our part; neither is the browser's drawing.
"""

import http.client
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from websockets.sync.client import connect

from bench import smtp, sources
from bench.counting import SAID, counter, until
from bench.rig import DATABASES, Rig, rig
from bench.tables import say
from contactcenter.servers import free_port

REPLIES, WARMING = 40, 5
PROCESSES = ("web", "live", "mail", "mailbox", "worker")
TEXT = "Bonjour, venez jeudi à 10 h au guichet 4 avec votre titre et deux photos. Nous vous attendons."
BREATH = 1.0  # `live.js` rests so long between two readings of one region
PATIENCE = 20.0
FIRST = """
    SELECT item.id FROM routing_workitem item JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE item.state = 'waiting' AND item.kind = 'message' AND ticket.subject LIKE 'Demande %' ORDER BY item.id LIMIT 1
"""
LAST = "sent → the delivery is shown"
EMPTY = "beside it: an answer that is empty"
STEPS = (
    "take it from the queue",
    "the request is shown",
    "send",
    "the answer stands in the story",
)  # what one waits for
BEHIND = ("words are kept", "the queue is read", "the story is read")  # while one reads and writes
SHOWN = re.compile(rb'class="said is-out"(?:(?!</article>).)*class="delivery is-(?:sent|delivered)"', re.DOTALL)


@dataclass(slots=True)
class Hand:
    """One agent's browser: a session, one connection, and how long each answer took."""

    port: int
    live_port: int
    cookies: dict[str, str]
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _connection: http.client.HTTPConnection | None = None

    def ask(self, step: str, method: str, path: str, **fields: str) -> tuple[str, bytes]:
        """One request; where it leads to, and what it says."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}"}
        body = None
        if method == "POST":
            body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies["csrftoken"]})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        self.took[step].append(time.perf_counter() - began)
        self.cookies |= dict(re.findall(r"(csrftoken)=([^;]+)", answer.getheader("Set-Cookie") or ""))
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status}\n{said[:500]!r}")
        return answer.getheader("Location") or "", said

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def reply(self, work_item: int) -> None:
        """From the line of the queue that is in focus to the delivery shown."""
        page, _nothing = self.ask("take it from the queue", "POST", f"/desk/work-items/{work_item}/take/")
        _here, shown = self.ask("the request is shown", "GET", page)
        seen = re.findall(rb'name="seen" value="(\d+)"', shown)[0].decode()
        self.ask("the queue is read", "GET", f"/desk/queue/?open={page.split('/')[-2]}")
        self.ask("words are kept", "POST", f"{page}draft/", form="reply", text=TEXT)
        self.ask("send", "POST", f"{page}reply/", text=TEXT, means="email", seen=seen)
        sent_at = time.perf_counter()
        self.ask("the answer stands in the story", "GET", page)
        self._until_shown(page)
        self.took[LAST].append(time.perf_counter() - sent_at)

    def _until_shown(self, page: str) -> None:
        """As the page does: read the story when the socket opens and at each nudge, with a breath between."""
        end = time.perf_counter() + PATIENCE
        headers = {"Cookie": self.cookie}
        with connect(f"ws://127.0.0.1:{self.live_port}/live/", additional_headers=headers) as socket:
            while time.perf_counter() < end:
                _here, story = self.ask("the story is read", "GET", f"{page}story/")
                if any(TEXT.encode() in line for line in story.split(b"<li ") if SHOWN.search(line)):
                    return
                read_at = time.perf_counter()
                socket.recv(timeout=PATIENCE)
                time.sleep(max(0.0, BREATH - (time.perf_counter() - read_at)))
        raise SystemExit("the delivery was never shown")


def main(seconds: float) -> None:
    """On both databases; the number of replies is fixed, so `seconds` has no say."""
    for database in DATABASES:
        with rig(database) as made:
            made.env["CC_LIVE_PORT"] = str(free_port())
            with made.running(*PROCESSES):
                _mails_wait(made, REPLIES + WARMING)
                told = _answered(made)
        say(f"\n{database}: our own part of a typical reply, {REPLIES} of them, in ms\n{told}")


def _mails_wait(made: Rig, count: int) -> None:
    came = counter(made, SAID.format("email"))
    before = came()
    taken = smtp.send(made.smtp_port, sources.mails(count))
    if until(came, before + taken, 30) is None:
        raise SystemExit("the mails did not come in")


def _answered(made: Rig) -> str:
    session = json.loads(made.python("-m", "bench.laying", "0", "1"))["sessions"][0]
    hand = Hand(port=made.port, live_port=int(made.env["CC_LIVE_PORT"]), cookies={"sessionid": session})
    hand.ask("the queue", "GET", "/desk/")
    first = counter(made, FIRST)
    for _ in range(WARMING):
        hand.reply(first())
    hand.took.clear()
    for _ in range(REPLIES):
        hand.ask(EMPTY, "GET", "/healthz")
        hand.reply(first())
    return table(hand.took)


def table(took: dict[str, list[float]]) -> str:
    """One line for each step; the sum of what one waits for; what goes on meanwhile."""
    lines = [f"{'half':>48}{'19 in 20':>12}"]
    lines += [_line(step, took[step]) for step in STEPS]
    whole = [sum(parts) for parts in zip(*(took[step] for step in STEPS), strict=True)]
    lines.append(_line(f"waited for: {len(STEPS)} requests", whole))
    lines += [_line(f"  meanwhile: {step}", took[step]) for step in BEHIND]
    return "\n".join([*lines, _line(LAST, took[LAST]), _line(EMPTY, took[EMPTY])])


def _line(what: str, times: list[float]) -> str:
    half, most = quantile(times, 0.5), quantile(times, 0.95)
    return f"  {what:<38}{1000 * half:>8.1f}{1000 * most:>12.1f}"


def quantile(times: list[float], share: float) -> float:
    """The time within which this share was done."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
