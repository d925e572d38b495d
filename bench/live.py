"""`./run bench live`: how soon open desks show what happened: 100 and 1,000 of them, two cores, everything together.

A desk here does what `live.js` does on the page of the queue: it hears nudges on its socket, reads the list again over
HTTP, rests about a second between two readings, reads by itself now and then, and gives its sign of life. The time of a
change runs from the moment its request was sent, so that it is counted too long rather than too short.
"""

import asyncio
import itertools
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis.asyncio
import websockets

from bench import bare
from bench.load import get, hammer, post
from bench.rig import Rig, rig
from bench.tables import say
from channels_app.hub import CHANNEL, RAISE, REVISION
from contactcenter.servers import free_port

HOST = "127.0.0.1"
# desks, changes a second, p95 wanted of event → socket in ms, of commit → screen in s
STAGES = ((100, 5.0, 40, 1.5), (1000, 0.2, 250, 5.0))
ANNOUNCED = 20  # events told on an otherwise quiet centre
OFFERS = 8
STANDS_STILL = 12  # times the list is looked at until it does
ITEM = """
    SELECT item.id FROM routing_workitem item JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE ticket.reference = %s
"""
SIGN_OF_LIFE = 15.0
SLOWLY = 30.0
OFTEN = 4.0
PATIENTLY = 8
BREATH = 1.0
SPREAD = 0.3


def about(seconds: float) -> float:
    """As `live.js` spreads its waits."""
    return seconds * random.uniform(0.75, 1.25)


@dataclass(slots=True, eq=False)
class Desk:
    """An open page of the queue."""

    cookie: str
    port: int
    live_port: int
    frames: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    screen: bytes = b""
    etag: str = ""
    read_at: float = 0.0
    took: float = 0.0
    reads: int = 0
    unchanged: int = 0
    reading: bool = False
    connected_at: float = 0.0
    seen: dict[int, float] = field(default_factory=dict)  # work item → when it stood on the screen
    expected: set[int] = field(default_factory=set)
    _again: asyncio.Event = field(default_factory=asyncio.Event)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _socket: websockets.ClientConnection | None = None

    async def live(self) -> None:
        """Until cancelled."""
        await asyncio.gather(self._listen(), self._read_again(), self._read_by_itself(), self._show_life())

    def expect(self, item: int) -> None:
        """This has been opened: note when it shows."""
        if b'id="work-%d"' % item in self.screen:
            self.seen.setdefault(item, time.perf_counter())
        else:
            self.expected.add(item)

    async def _listen(self) -> None:
        for failures in itertools.count():
            with suppress(OSError, websockets.WebSocketException):
                address = f"ws://{HOST}:{self.live_port}/live/"
                headers = {"Cookie": f"sessionid={self.cookie}"}
                async with websockets.connect(address, additional_headers=headers, ping_interval=None) as socket:
                    self._socket, self.connected_at = socket, time.perf_counter()
                    self._again.set()
                    async for text in socket:
                        self.frames.append((time.perf_counter(), json.loads(text)))
                        asyncio.get_running_loop().call_later(random.uniform(0, SPREAD), self._again.set)
            self._socket = None
            await asyncio.sleep(about(min(2**failures, 30)))

    async def _show_life(self) -> None:
        await asyncio.sleep(random.uniform(0, SIGN_OF_LIFE))
        while True:
            with suppress(websockets.WebSocketException):
                if self._socket:
                    await self._socket.send("{}")
            await asyncio.sleep(SIGN_OF_LIFE)

    async def _read_by_itself(self) -> None:
        while True:
            await asyncio.sleep(about(SLOWLY if self._socket else min(SLOWLY, max(OFTEN, PATIENTLY * self.took))))
            self._again.set()

    async def _read_again(self) -> None:
        while True:
            await self._again.wait()
            self._again.clear()
            self.reading = True
            with suppress(OSError, asyncio.IncompleteReadError):
                await self.read()
            self.reading = False
            await asyncio.sleep(about(BREATH))

    async def read(self) -> None:
        """Read the list, as the page does."""
        headers = [f"Cookie: sessionid={self.cookie}", *([f"If-None-Match: {self.etag}"] if self.etag else [])]
        began = time.perf_counter()
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(HOST, self.port)
            reader, writer = self._streams
            writer.write(get("/desk/queue/", *headers))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            status = int(head[9:12])
            length = int(head.split("content-length:")[1].split("\r\n")[0]) if status == 200 else 0
            body = await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):  # the server closed an idle connection: the next one is fresh
            self._streams = None
            self._again.set()
            raise
        self.reads += 1
        self.read_at = time.perf_counter()
        self.took = self.read_at - began
        if status == 304:
            self.unchanged += 1
        elif status == 200:
            self.etag = head.split("etag: ")[1].split("\r\n")[0] if "etag: " in head else ""
            self.screen = body
            for item in [one for one in self.expected if b'id="work-%d"' % one in body]:
                self.expected.discard(item)
                self.seen.setdefault(item, self.read_at)


@dataclass(slots=True)
class Stage:
    """Desks open on one centre."""

    rig: Rig
    live_port: int
    desks: list[Desk]

    def asked(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the centre's database."""
        with psycopg.connect(bare.address(self.rig.url), autocommit=True) as connection:
            return connection.execute(sql.encode(), values).fetchall()


def main(seconds: float) -> None:
    """Measure 100 desks, then 1,000; print what was wanted beside it."""
    for count, rate, to_socket, to_screen in STAGES:
        with rig("postgresql") as made:
            made.env["CC_LIVE_PORT"] = str(free_port())
            made.env["CC_LIVE_URL"] = f"ws://{HOST}:{made.env['CC_LIVE_PORT']}/live/"
            laid = json.loads(made.python("-m", "bench.laying", "200", str(count), str(OFFERS)))
            with made.running("web", "clock"):
                asyncio.run(_stage(made, laid["sessions"], rate, max(seconds, 20.0), to_socket, to_screen))


async def _stage(
    made: Rig, cookies: list[str], rate: float, seconds: float, to_socket: float, to_screen: float
) -> None:
    live_port = int(made.env["CC_LIVE_PORT"])
    plain = await asyncio.to_thread(_plain_gets, made, cookies)
    desks = [Desk(cookie=cookie, port=made.port, live_port=live_port) for cookie in cookies]
    stage = Stage(rig=made, live_port=live_port, desks=desks)
    say(f"\n{len(desks)} desks; the same list read plainly by 8 clients, nothing else going on: {plain:.0f}/s")
    async with _open(desks):
        with made.running("live"):
            took = await _until(lambda: all(desk.connected_at and desk.screen for desk in desks), 120)
            open_now = sum(bool(desk.connected_at and desk.screen) for desk in desks)
            say(f"  {open_now} open after {took:.1f} s")
            await asyncio.sleep(3)
            _say("event → socket", "ms", [1000 * one for one in await _events(stage)], to_socket)
            await _changes(stage, rate, seconds, to_screen)
        gone = time.perf_counter()
        await asyncio.sleep(1)
        with made.running("live"):
            back = time.perf_counter()
            item = await _opened(stage, "While the sockets were gone")
            await _until(
                lambda: all(desk.connected_at > gone and item in desk.seen and not desk.expected for desk in desks), 120
            )
            last = max(max(desk.connected_at, desk.seen.get(item, 0.0)) for desk in desks)
            say(f"  live process gone and back, all {len(desks)} reconnected and true after {last - back:.1f} s (20)")
            say(f"  wrong afterwards: {await _wrong(stage)} of {len(desks)} desks")


@asynccontextmanager
async def _open(desks: list[Desk]) -> AsyncIterator[None]:
    tasks = []
    for desk in desks:
        tasks.append(asyncio.create_task(desk.live()))
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _events(stage: Stage) -> list[float]:
    """Nudges raised as `announce` raises them; how long until each socket had each."""
    queue_id = int(stage.asked("SELECT queue_id FROM routing_lane LIMIT 1")[0][0])
    took = []
    async with redis.asyncio.Redis.from_url(stage.rig.env["REDIS_URL"]) as client:
        for _ in range(ANNOUNCED):
            await _until(lambda: _quiet(stage), 30)
            heard = [len(desk.frames) for desk in stage.desks]
            began = time.perf_counter()
            await client.eval(RAISE, 1, REVISION.format(queue_id), CHANNEL, queue_id)  # type: ignore[misc]
            await _until(
                lambda heard=heard: all(  # type: ignore[misc]
                    len(desk.frames) > before for desk, before in zip(stage.desks, heard, strict=True)
                ),
                20,
            )
            took += [
                desk.frames[before][0] - began if len(desk.frames) > before else float("inf")
                for desk, before in zip(stage.desks, heard, strict=True)
            ]
    return took


def _quiet(stage: Stage) -> bool:
    """Nothing was told for a while, and nobody reads: what follows is neither held back nor waits for anything."""
    last = max(desk.frames[-1][0] if desk.frames else 0.0 for desk in stage.desks)
    return time.perf_counter() - last > 1.2 and not any(desk.reading for desk in stage.desks)


async def _changes(stage: Stage, rate: float, seconds: float, wanted: float) -> None:
    """Tickets opened at this pace, and an offer now and then; how long until each stood on each screen."""
    sent: dict[int, float] = {}
    count, began = max(int(rate * seconds), 5), time.perf_counter()
    reads = sum(desk.reads for desk in stage.desks)
    offers = asyncio.create_task(_offers(stage, count / rate))
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        at = time.perf_counter()
        sent[await _opened(stage, f"Change {number}")] = at
    await _until(lambda: not any(desk.expected for desk in stage.desks), 60)
    times = [desk.seen[item] - at for desk in stage.desks for item, at in sent.items() if item in desk.seen]
    missed = len(stage.desks) * len(sent) - len(times)
    spent = time.perf_counter() - began
    read = (sum(desk.reads for desk in stage.desks) - reads) / spent
    say(f"  {count} changes, {rate:g} a second; the desks read {read:.0f} times a second; never shown: {missed}")
    _say("commit → screen", "s", times, wanted)
    told = await offers
    _say("offer → its desk", "ms", [1000 * one for one in told], 500)
    elsewhere = sum("offer" in said for desk in stage.desks[OFFERS:] for _at, said in desk.frames)
    say(f"  offers told to a desk they were not for: {elsewhere}")


async def _offers(stage: Stage, seconds: float) -> list[float]:
    """Callbacks promised, each offered to one of the agents who are there; from the offer's row to its desk's frame."""
    began = time.time()  # what the demo's own callers were offered before had no open desk to go to
    for number in range(OFFERS):
        await asyncio.sleep(seconds / OFFERS)
        body = {"channel": "phone", "subject": f"Rappel {number}", "text": "Rappelez-moi.", "person": _person(number)}
        opened = await _post(stage, "/api/v1/tickets", body)
        reply = {"text": "Nous vous rappelons.", "means": "callback"}
        await _post(stage, f"/api/v1/tickets/{opened['reference']}/replies", reply)
    made_at = "extract(epoch FROM made_at)::float8"
    rows = stage.asked(f"SELECT id, {made_at} FROM routing_offer WHERE {made_at} > %s", began)
    await asyncio.sleep(3)
    offset = time.time() - time.perf_counter()
    heard = {said["offer"]: at + offset for desk in stage.desks for at, said in desk.frames if "offer" in said}
    return [heard[number] - made_at if number in heard else float("inf") for number, made_at in rows]


def _person(number: int) -> dict[str, object]:
    return {
        "name": f"Personne {number}",
        "contact_points": [{"kind": "phone", "value": f"+3363998{number:04d}"}],
    }


async def _opened(stage: Stage, subject: str) -> int:
    """A new ticket; the id of its work item, which every desk now expects."""
    body = {"channel": "email", "subject": subject, "text": "Bonjour.", "person": {"name": "A", "contact_points": []}}
    opened = await _post(stage, "/api/v1/tickets", body)
    item = int(stage.asked(ITEM, opened["reference"])[0][0])
    for desk in stage.desks:
        desk.expect(item)
    return item


async def _post(stage: Stage, path: str, body: Mapping[str, object]) -> dict[str, object]:
    authorization = f"Authorization: Bearer {stage.rig.token}"
    reader, writer = await asyncio.open_connection(HOST, stage.rig.port)
    writer.write(post(path, json.dumps(dict(body)).encode(), "application/json", authorization, "Connection: close"))
    answer = await reader.read()
    writer.close()
    head, _blank, said = answer.partition(b"\r\n\r\n")
    if b" 201 " not in head.split(b"\r\n")[0]:
        raise SystemExit(f"{path} answered {head[:300]!r} {said[:300]!r}")
    read: dict[str, object] = json.loads(said)
    return read


async def _wrong(stage: Stage) -> int:
    """Desks whose screen does not list what one reading of the truth lists, in its order.

    Offers that pass change the list meanwhile: it is compared once it stood still for as long as a screen may take.
    """
    truth = Desk(cookie=stage.desks[-1].cookie, port=stage.rig.port, live_port=stage.live_port)
    for _ in range(STANDS_STILL):
        await truth.read()
        before = _lines(truth.screen)
        await asyncio.sleep(STAGES[-1][-1])
        await truth.read()
        if _lines(truth.screen) == before:
            return sum(_lines(desk.screen) != before for desk in stage.desks[OFFERS:])
    raise SystemExit("the list never stood still")


def _lines(screen: bytes) -> list[bytes]:
    return [part.split(b'"', 1)[0] for part in screen.split(b'id="work-')[1:]]


def _plain_gets(made: Rig, cookies: list[str]) -> float:
    requests: list[Iterator[bytes]] = [
        itertools.repeat(get("/desk/queue/", f"Cookie: sessionid={cookie}")) for cookie in cookies[:8]
    ]
    hammer(made.port, requests, 1.0)
    return hammer(made.port, requests, 4.0).rate


async def _until(true: Callable[[], bool], patience: float) -> float:
    began = time.perf_counter()
    while not true() and time.perf_counter() < began + patience:
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


def _say(what: str, unit: str, times: list[float], wanted: float) -> None:
    ordered = sorted(times)
    if not ordered:
        say(f"  {what:18} nothing measured")
        return
    middle, slow = (ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95))
    say(f"  {what:18} median {middle:8.2f} {unit}  p95 {slow:8.2f} {unit}  (wanted {wanted:g})")
