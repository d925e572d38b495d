"""Keep one listener open until the process is told to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

Serve = Callable[[str, int], Awaitable[asyncio.Server]]


def until_stopped(serve: Serve, port: int, host: str = "127.0.0.1") -> None:
    """Listen on the port until SIGTERM or Ctrl-C."""
    asyncio.run(_until_stopped(serve, port, host))


async def _until_stopped(serve: Serve, port: int, host: str) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await serve(host, port)
    await stopped.wait()
    server.close()
    await server.wait_closed()
