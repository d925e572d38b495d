"""Requests that come at fixed times, whether or not the ones before were answered: how long each waited and took."""

import asyncio
import time
from contextlib import suppress

from bench.load import Tally

HOST = "127.0.0.1"


def arriving(port: int, requests: list[bytes], rate: float, seconds: float) -> Tally:
    """So many a second, from each client in turn. A time runs from when the request was due, not from when it left."""
    return asyncio.run(_arriving(port, requests, rate, seconds))


async def _arriving(port: int, requests: list[bytes], rate: float, seconds: float) -> Tally:
    tally, began = Tally(), time.perf_counter() + 0.2
    clients = [_Client(port, request) for request in requests]
    asking = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asking.append(asyncio.create_task(clients[number % len(clients)].ask(due, tally)))
    await asyncio.gather(*asking)
    tally.seconds = time.perf_counter() - began
    return tally


class _Client:
    """One who asks; what they ask while they wait for an answer waits too."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, due: float, tally: Tally) -> None:
        async with self._turn:
            status = 0
            with suppress(OSError, asyncio.IncompleteReadError):
                status = await self._answered()
        tally.statuses[status] += 1
        tally.times.append(time.perf_counter() - due)

    async def _answered(self) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(self._request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0]) if "content-length:" in head else 0
        await reader.readexactly(length)
        return int(head[9:12])
