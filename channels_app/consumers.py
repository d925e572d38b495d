"""The socket of an open page. It says only which queue changed; the page fetches the rest over HTTP."""

import asyncio
import logging
import random
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import validate_host

from channels_app import hub, signs
from contactcenter.accounts.models import User
from contactcenter.accounts.second_factor import SEEN, is_demanded
from contactcenter.routing.readers import Reader, reader_of
from contactcenter.routing.selectors import principal_for

log = logging.getLogger(__name__)

NOT_LOGGED_IN = 4401
RECHECK = 45.0  # seconds after which a socket asks again who is behind it and what they may see


class DeskConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One open desk or wallboard. What it sends is a sign of life and nothing else; it chooses no queue."""

    async def connect(self) -> None:
        self._unsent: dict[int, str] = {}
        self._own: list[str] = []
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._agent_id, queues = await self._who_sees_what()
        if queues is None or not _from_our_pages(self.scope):
            await self.close(code=NOT_LOGGED_IN)
            return
        self._hub = hub.of_this_process()
        self._hub.subscribe(self, queues, self._agent_id)
        await self._hub.ready()
        await self.accept()
        self._tasks = [asyncio.create_task(self._send_nudges()), asyncio.create_task(self._recheck())]

    def nudge(self, queue_id: int, text: str) -> None:
        """Take a nudge without waiting: a slow link gets the latest of each queue, and holds nobody up."""
        self._unsent[queue_id] = text
        self._something.set()

    def tell(self, text: str) -> None:
        """Take what concerns this agent alone (an offer, a mention) without waiting; it goes out before any nudge."""
        self._own.append(text)
        self._something.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Any frame says that the page is open; what is in it does not matter."""
        if self._agent_id is not None:
            signs.of_this_process().add(self._agent_id)

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "_hub"):
            self._hub.unsubscribe(self)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _send_nudges(self) -> None:
        with suppress(Exception):  # the page is gone; `disconnect` tidies up
            while await self._something.wait():
                self._something.clear()
                unsent, self._unsent = self._unsent, {}
                own, self._own = self._own, []
                for text in [*own, *unsent.values()]:
                    await self.send(text_data=text)

    async def _recheck(self) -> None:
        """Rights end within a minute, wherever they were taken away."""
        while True:
            await asyncio.sleep(RECHECK * random.uniform(0.8, 1.0))  # noqa: S311 (spreads the load, keeps no secret)
            try:
                self._agent_id, queues = await self._who_sees_what()
            except Exception:  # the database is away: nobody can take a right away meanwhile, and we ask again
                log.exception("live.rights_not_asked")
                continue
            if queues is None:
                await self.close(code=NOT_LOGGED_IN)
                return
            self._hub.subscribe(self, queues, self._agent_id)

    async def _who_sees_what(self) -> tuple[int | None, frozenset[int] | None]:
        """The agent behind the session as it is now, and the queues they may see; None where nobody is logged in."""
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        seen: tuple[int | None, frozenset[int] | None] = await database_sync_to_async(_seen_with)(key)
        return seen


def _seen_with(session_key: str | None) -> tuple[int | None, frozenset[int] | None]:
    """All that the database knows of it, in one turn of one thread."""
    reader = reader_of(session_key or "") or _reader_by_the_long_way(session_key)
    return (reader.by.agent_id, reader.queue_ids) if reader else (None, None)


def _reader_by_the_long_way(session_key: str | None) -> Reader | None:
    """As an ordinary page finds who asks: it makes what is missing, and follows a secret key that changed."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active or (is_demanded(user) and not request.session.get(SEEN)):
        return None
    return Reader.of(principal_for(user))


def _from_our_pages(scope: dict[str, Any]) -> bool:
    """A browser names the page that opens the socket; it must be ours. What is no browser names none."""
    origin = dict(scope["headers"]).get(b"origin")
    if origin is None:
        return True
    page = urlsplit(origin.decode("latin-1"))
    sites = [allowed for allowed in settings.CC_ORIGINS if "://" in allowed]
    hosts = [allowed for allowed in settings.CC_ORIGINS if "://" not in allowed]
    return f"{page.scheme}://{page.netloc}" in sites or validate_host((page.hostname or "").lower(), hosts)
