"""Webhooks at a steady pace, whatever becomes of those before: what callers hear, and after how long."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError, fromstring

from bench import sources
from bench.load import HOST, whole
from bench.rig import Rig

TIMEOUT_S = 15.0  # the provider's own


@dataclass(slots=True)
class Answers:
    """What was answered."""

    asked: int = 0
    valid: int = 0
    times: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The time in milliseconds within which this share was answered."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def at_pace(made: Rig, rate: float, seconds: float, mark: str) -> Answers:
    """So many a second for so long, each by a connection of its own."""
    answers, threads = Answers(), []
    requests = _requests(made, f"{mark}{time.monotonic()}")
    began = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        thread = threading.Thread(target=_ask, args=(made.port, next(requests), answers))
        thread.start()
        threads.append(thread)
        answers.asked += 1
        time.sleep(max(0.0, began + answers.asked / rate - now))
    for thread in threads:
        thread.join(TIMEOUT_S + 1)
    return answers


def _requests(made: Rig, mark: str) -> Iterator[bytes]:
    return sources.whole_calls(made.env["CC_PUBLIC_BASE_URL"], made.env["TWILIO_AUTH_TOKEN"], mark)


def _ask(port: int, request: bytes, answers: Answers) -> None:
    began = time.monotonic()
    valid = False
    try:
        with socket.create_connection((HOST, port), timeout=TIMEOUT_S) as sock:
            sock.sendall(request)
            valid = _is_valid(sock)
    except OSError:
        pass
    answers.times.append(time.monotonic() - began)
    answers.valid += valid


def _is_valid(sock: socket.socket) -> bool:
    """An event's empty answer, or a document that the provider can read."""
    heard = bytearray()
    while (answer := whole(heard)) is None:
        received = sock.recv(1 << 16)
        if not received:
            return False
        heard += received
    status, body = answer
    if status == 204:
        return True
    try:
        return status == 200 and fromstring(body).tag == "Response"
    except ParseError:
        return False
