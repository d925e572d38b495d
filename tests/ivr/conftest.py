"""A line to call: the real application over HTTP, and the simulated network on the other end."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connections

from contactcenter.offices.models import Office
from ivr.carry import carry_due
from ivr.models import Pace
from ivr.provider import Provider
from ivr.services import calls, doors
from ivr.simulator.network import Network
from ivr.simulator.rest import serve
from ivr.simulator.webhooks import Webhooks
from tests.contracts.asking import SERVICE, Api
from tests.factories import an_office
from tests.ivr import openapi

TOKEN = "a-token-both-sides-know"


@dataclass
class Line:
    """The office's line, and the network that calls it."""

    office: Office
    network: Network

    def call(self, keys: "list[str | None] | str" = "", number: str = "+33639980001", **more):
        return self.network.call_in(number, self.office.phone, keys, **more)

    def carry(self, until: Callable[[], object], timeout: float = 60) -> bool:
        """Be the voice process until something is true."""
        provider = Provider()
        end = time.monotonic() + timeout
        while not until() and time.monotonic() < end:
            Pace.objects.filter(name="dial").update(last_at="2020-01-01T00:00:00Z")
            carry_due(provider)
            time.sleep(0.02)
        provider.session.close()
        return bool(until())


@pytest.fixture
def line(transactional_db, live_server, settings, tmp_path) -> Iterator[Line]:
    settings.CC_DATA_DIR = tmp_path
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    settings.CC_PUBLIC_BASE_URL = live_server.url
    settings.CC_DEMO = True
    calls.forget_lines()
    doors.forget()
    network = Network(Webhooks(live_server.url, TOKEN), speed=0.002, ring_s=0)
    wrong: list[str] = []
    server = serve(network, watchers=[lambda request: wrong.extend(openapi.violations(request))])
    settings.TWILIO_API_BASE_URL = network.address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield Line(an_office(), network)
    for call in network.calls.values():
        call.hang_up()
    for call in network.calls.values():
        call.join_end(5)
    network.webhooks.session.close()
    network.events.join(5)
    server.shutdown()
    server.server_close()
    connections.close_all()
    assert not wrong  # each request that we made is one that the provider's own description knows


def soon(what: Callable[[], object], timeout: float = 60) -> bool:
    """Whether something comes true soon."""
    end = time.monotonic() + timeout
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(what())


@pytest.fixture
def api(line: Line, settings) -> Api:
    settings.CC_API_TOKEN = SERVICE
    return Api()
