"""The socket lets in who is logged in, tells them what they may see, and lets them go when they may no longer."""

import asyncio
import json
from datetime import timedelta
from functools import partial

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from channels_app import consumers, hub, signs
from channels_app.routing import websocket_urlpatterns
from contactcenter.accounts.models import User
from contactcenter.routing import presence
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, Presence
from tests.factories import a_user, an_office

pytestmark = pytest.mark.django_db(transaction=True)
APPLICATION = CookieMiddleware(URLRouter(websocket_urlpatterns))


@pytest.fixture(autouse=True)
def _no_connection_stays_behind():
    """The consumer's thread outlives the test; its connection to the database must not."""
    yield
    asyncio.run(database_sync_to_async(connections.close_all)())


class Socket(ApplicationCommunicator):
    """A browser's end of the socket."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": "/live/", "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(APPLICATION, scope)

    async def connect(self) -> dict[str, object]:
        """Knock; what the server says to it."""
        await self.send_input({"type": "websocket.connect"})
        return await self.receive_output(timeout=30)

    async def disconnect(self) -> None:
        """Close the page."""
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait(timeout=20)


def a_socket(user: User | None = None, origin: str | None = "") -> Socket:
    """A browser's socket; with the user's session, from our own page unless said otherwise."""
    headers = []
    if user is not None:
        client = Client()
        client.force_login(user)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        headers.append((b"cookie", cookie.encode()))
    if origin is not None:
        headers.append((b"origin", (origin or settings.CC_PUBLIC_BASE_URL).encode()))
    return Socket(headers)


def told(socket: Socket, queue_id: int, asks: str = "") -> dict[str, int] | None:
    async def story():
        assert (await socket.connect())["type"] == "websocket.accept"
        if asks:
            await socket.send_input({"type": "websocket.receive", "text": asks})
        await asyncio.to_thread(hub.announce, [queue_id])
        silent = await socket.receive_nothing(timeout=2)
        nudge = None if silent else json.loads((await socket.receive_output())["text"])
        await socket.disconnect()
        return nudge

    return asyncio.run(story())


def refused(socket: Socket) -> int:
    answer = asyncio.run(socket.connect())
    assert answer["type"] == "websocket.close"
    return answer["code"]


def test_an_agent_hears_that_a_queue_of_theirs_changed():
    queue = arrival_queue(an_office())

    nudge = told(a_socket(a_user()), queue.pk)

    assert nudge == {"queue": queue.pk, "rev": hub.revisions([queue.pk])[queue.pk]}


def test_nobody_hears_of_another_office():
    other = arrival_queue(an_office("hautmont"))
    user = a_user(office=an_office())

    assert told(a_socket(user), other.pk) is None
    assert told(a_socket(user), other.pk, asks=json.dumps({"queue": other.pk, "rev": 1, "queues": [other.pk]})) is None


def test_without_a_session_the_socket_is_refused():
    assert refused(a_socket()) == 4401


def test_a_page_that_is_not_ours_is_refused():
    assert refused(a_socket(a_user(), origin="https://evil.example")) == 4401


def test_a_client_that_is_no_browser_names_no_page_and_is_let_in():
    queue = arrival_queue(an_office())

    assert told(a_socket(a_user(), origin=None), queue.pk)["queue"] == queue.pk


def test_what_the_page_sends_is_a_sign_of_life_and_nothing_else(monkeypatch):
    monkeypatch.setattr("channels_app.signs.GATHERED", 0.05)
    user = a_user()
    socket = a_socket(user)

    async def story():
        await socket.connect()
        await socket.send_input({"type": "websocket.receive", "text": '{"queue": 1, "subscribe": [1, 2, 3]'})
        await asyncio.sleep(0.5)
        await socket.disconnect()

    asyncio.run(story())

    assert Agent.objects.get(user=user).seen_at is not None


def test_after_the_database_was_away_nobody_is_found_silent_for_that_time(monkeypatch):
    monkeypatch.setattr("channels_app.signs.GATHERED", 0.05)
    quick, slow = a_user(), a_user()  # the slow one's page says something a moment later
    for user in (quick, slow):
        presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor="system")
    Agent.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    tries = iter([OperationalError("away"), OperationalError("away")])

    def is_away_at_first(execute, *asked):
        for error in tries:
            raise error
        return execute(*asked)

    def cut_off():
        connection.execute_wrappers.append(is_away_at_first)

    async def story():
        await database_sync_to_async(cut_off)()
        heard = signs.of_this_process()
        heard.add(quick.agent.pk)
        await asyncio.wait_for(heard._writing, 10)
        await database_sync_to_async(lambda: connection.execute_wrappers.clear())()

    asyncio.run(story())

    assert Agent.objects.get(user=quick).seen_at > timezone.now() - timedelta(seconds=20)
    assert presence.sweep_presence() == 0
    assert Agent.objects.get(user=slow).presence == "available"


def test_a_revoked_agent_is_let_go(monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK", 0.2)
    user = a_user()
    socket = a_socket(user)

    async def story():
        await socket.connect()
        await database_sync_to_async(User.objects.filter(pk=user.pk).update)(is_active=False)
        return await socket.receive_output(timeout=30)

    assert asyncio.run(story()) == {"type": "websocket.close", "code": 4401}


def test_rights_are_asked_again_well_within_a_minute():
    assert consumers.RECHECK <= 50


def test_who_no_longer_serves_an_office_hears_of_it_no_more(monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK", 0.2)
    queue = arrival_queue(an_office())
    user = a_user(office=an_office())
    socket = a_socket(user)

    async def story():
        await socket.connect()
        await database_sync_to_async(user.offices.set)([await database_sync_to_async(an_office)("hautmont")])
        await asyncio.sleep(1)
        await asyncio.to_thread(hub.announce, [queue.pk])
        silent = await socket.receive_nothing(timeout=2)
        await socket.disconnect()
        return silent

    assert asyncio.run(story())


def test_an_offer_is_told_to_every_tab_of_its_agent_and_to_nobody_else():
    user, other = a_user(), a_user()
    tabs, stranger = [a_socket(user), a_socket(user)], a_socket(other)

    async def story():
        for socket in (*tabs, stranger):
            assert (await socket.connect())["type"] == "websocket.accept"
        await asyncio.to_thread(partial(hub.announce_to, [user.agent.pk], offer=7))
        told = [json.loads((await tab.receive_output(timeout=20))["text"]) for tab in tabs]
        silent = await stranger.receive_nothing(timeout=1)
        for socket in (*tabs, stranger):
            await socket.disconnect()
        return told, silent

    assert asyncio.run(story()) == ([{"offer": 7}, {"offer": 7}], True)


def test_a_slow_line_is_told_the_last_of_each_queue_and_holds_nobody_up():
    consumer, sent = consumers.DeskConsumer(), []

    async def story():
        consumer._unsent, consumer._own, consumer._something = {}, [], asyncio.Event()
        through = asyncio.Event()

        async def send(text_data):
            await through.wait()
            sent.append(text_data)

        consumer.send = send
        task = asyncio.create_task(consumer._send_nudges())
        for rev in range(500):
            consumer.nudge(1, f"rev {rev}")
            await asyncio.sleep(0)
        consumer.tell("an offer")
        through.set()
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(story())

    assert sent == ["rev 0", "an offer", "rev 499"]


def test_who_logs_out_is_let_go(monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK", 0.2)
    client = Client()
    client.force_login(a_user())
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    socket = Socket([(b"cookie", cookie.encode())])

    async def story():
        await socket.connect()
        await database_sync_to_async(client.logout)()
        return await socket.receive_output(timeout=30)

    assert asyncio.run(story())["code"] == 4401
