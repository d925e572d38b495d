"""The signs of life that a socket process hears: written down once a second, of all its open pages in one turn."""

import asyncio
import logging
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import Error

from contactcenter.routing import presence

logger = logging.getLogger(__name__)

GATHERED = 1.0  # seconds


class Signs:
    """What was heard since it was last written down."""

    def __init__(self) -> None:
        self._gathered: set[int] = set()
        self._was_cut_off = False
        self._writing: asyncio.Task[None] | None = None

    def add(self, agent_id: int) -> None:
        """An agent's open page said something."""
        self._gathered.add(agent_id)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write_down())

    async def _write_down(self) -> None:
        while self._gathered:
            await asyncio.sleep(GATHERED)
            gathered, self._gathered = self._gathered, set()
            try:
                await database_sync_to_async(_written_down)(gathered, after_silence=self._was_cut_off)
                self._was_cut_off = False
            except Error as error:  # the database is away: tried again each second, lest anybody be found silent after
                logger.warning("Signs of life were not written down: %s", error)
                self._was_cut_off = True
                self._gathered |= gathered


def _written_down(agent_ids: set[int], *, after_silence: bool) -> None:
    """Where the database could not be told of anybody for a while, all silence counts from now."""
    if after_silence:
        presence.live_began()
    presence.signs_of_life(agent_ids)


_signs: WeakKeyDictionary[asyncio.AbstractEventLoop, Signs] = WeakKeyDictionary()


def of_this_process() -> Signs:
    """Those of the running event loop."""
    return _signs.setdefault(asyncio.get_running_loop(), Signs())
