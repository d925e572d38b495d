"""A lean HTTP load: some clients on one selector loop, each keeping its connection and asking again once answered.

Bounded in time, loopback only. It costs a few dozen microseconds a request, since it shares the cores with what it
measures.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
_COOKIE = re.compile(r"^set-cookie: ([^;\r]+)", re.IGNORECASE | re.MULTILINE)
PATIENCE = 20.0  # seconds after the end in which a last answer may still come


@dataclass(slots=True)
class Tally:
    """What came back: how many of each status, how long each took, over how many seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    @property
    def good(self) -> int:
        """Answers that did what was asked."""
        return sum(count for status, count in self.statuses.items() if 200 <= status < 400 and status != 204)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.good / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """The time in milliseconds within which this share was answered."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class _Client:
    requests: Iterator[bytes]
    sock: socket.socket
    asked_at: float = 0.0
    answer: bytearray = field(default_factory=bytearray)


def hammer(port: int, requests: list[Iterator[bytes]], seconds: float, *, keep: bool = False) -> Tally:
    """One client for each iterator of raw requests, all at once, for so many seconds; `keep` what was answered."""
    tally = Tally()
    waiting = selectors.DefaultSelector()
    began = time.perf_counter()
    for source in requests:
        _ask(_Client(requests=source, sock=_connected(port)), waiting)
    end = began + seconds
    while waiting.get_map() and time.perf_counter() < end + PATIENCE:
        for key, _events in waiting.select(timeout=1):
            _hear(key.data, waiting, tally, port, time.perf_counter() < end, keep)
    tally.seconds = time.perf_counter() - began
    for key in list(waiting.get_map().values()):
        key.data.sock.close()
    return tally


def _connected(port: int) -> socket.socket:
    sock = socket.create_connection((HOST, port), timeout=10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _ask(client: _Client, waiting: selectors.BaseSelector, *, known: bool = False) -> None:
    request = next(client.requests, None)
    if request is None:
        if known:
            waiting.unregister(client.sock)
        client.sock.close()
        return
    client.asked_at = time.perf_counter()
    client.answer.clear()
    client.sock.sendall(request)
    if not known:
        waiting.register(client.sock, selectors.EVENT_READ, client)


def _hear(
    client: _Client, waiting: selectors.BaseSelector, tally: Tally, port: int, going_on: bool, keep: bool
) -> None:
    received = client.sock.recv(1 << 16)
    client.answer += received
    told = whole(client.answer)
    if not told and received:
        return
    tally.times.append(time.perf_counter() - client.asked_at)
    status, body = told or (0, b"")
    tally.statuses[status] += 1
    if keep:
        tally.bodies.append(body)
        tally.cookies += _COOKIE.findall(client.answer.decode("latin-1"))
    if not going_on:
        waiting.unregister(client.sock)
        client.sock.close()
    elif received and b"connection: close" not in client.answer[:400].lower():
        _ask(client, waiting, known=True)
    else:
        waiting.unregister(client.sock)
        client.sock.close()
        client.sock = _connected(port)
        _ask(client, waiting)


def whole(answer: bytearray) -> tuple[int, bytes] | None:
    """Status and body once everything has come; None before."""
    head_end = answer.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    status = int(answer[9:12])
    head = bytes(answer[:head_end]).lower()
    at = head.find(b"content-length:")
    if at >= 0:
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    elif status in (204, 304):
        length = 0
    else:  # chunked: ends with the empty chunk
        return (status, bytes(answer[head_end + 4 :])) if answer.endswith(b"0\r\n\r\n") else None
    body = answer[head_end + 4 :]
    return (status, bytes(body)) if len(body) >= length else None


def post(path: str, body: bytes, content_type: str, *headers: str) -> bytes:
    """The bytes of one POST."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path: str, *headers: str) -> bytes:
    """The bytes of one GET."""
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {HOST}", *headers]).encode() + b"\r\n\r\n"
