"""The database or Redis hangs in the middle of the day: callers hear an answer, and nobody who called is lost."""

import threading

import pytest
import requests

from bench.away import hanging, postgres_processes, redis_processes
from bench.counting import counter, until
from bench.pacing import at_pace
from bench.rig import Rig, rig
from contactcenter.servers import MissingError
from ivr.simulator.network import Network
from ivr.simulator.rest import serve
from ivr.simulator.webhooks import Webhooks

ANSWERED_WITHIN_MS = 6_000  # less than half of what the provider waits, on a machine that does ten other things
SAID = "SELECT count(*) FROM tickets_interaction WHERE external_id IN (SELECT sid FROM ivr_call WHERE NOT outgoing)"


QUEUED_AGAIN = "SELECT count(*) FROM tickets_ticketevent WHERE kind = 'work_item.requeued'"
TALKING = "SELECT count(*) FROM ivr_call WHERE state = 'connected'"


@pytest.fixture(scope="module")
def centre():
    try:
        with rig("postgresql") as made:
            network = Network(
                Webhooks(made.env["CC_PUBLIC_BASE_URL"], made.env["TWILIO_AUTH_TOKEN"]), speed=0.02, ring_s=0
            )
            server = serve(network)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            made.env["CC_SIMULATOR_PORT"] = str(server.server_port)
            with made.running("web", "voice"):
                at_pace(made, 10.0, 1.0, "warm")
                yield made, network
            server.shutdown()
    except MissingError as missing:
        pytest.skip(str(missing))


@pytest.mark.whole
@pytest.mark.parametrize("hangs", [redis_processes, postgres_processes])
def test_whatever_hangs_each_webhook_gets_a_document_in_time_and_each_call_its_one_ticket(
    centre: tuple[Rig, Network], hangs
):
    made, _network = centre
    with hanging(hangs(made)):
        answers = at_pace(made, 10.0, 6.0, hangs.__name__)

    assert answers.valid == answers.asked
    assert answers.quantile(0.99) < ANSWERED_WITHIN_MS
    spooled = made.data / "ivr-spool"
    assert until(lambda: -len(list(spooled.glob("*"))), 0, 20.0)
    calls = counter(made, "SELECT count(*) FROM ivr_call WHERE NOT outgoing")()
    assert counter(made, SAID)() == calls
    assert counter(made, "SELECT count(DISTINCT ticket_id) FROM ivr_call")() == calls


@pytest.mark.whole
@pytest.mark.parametrize("hangs", [redis_processes, postgres_processes])
def test_who_talks_to_an_agent_goes_on_talking_whatever_hangs_and_is_not_queued_again(
    centre: tuple[Rig, Network], hangs
):
    made, network = centre
    call = _conversation(made, network, f"+3363999{hangs(made)[0] % 10_000:04d}")
    before = counter(made, QUEUED_AGAIN)()

    with hanging(hangs(made)):
        at_pace(made, 10.0, 4.0, f"talk-{hangs.__name__}")
        assert call.state.startswith("conference")

    assert until(lambda: -len(list((made.data / "ivr-spool").glob("*"))), 0, 20.0)
    assert call.state.startswith("conference")
    assert counter(made, TALKING)() == 1
    call.hang_up()
    call.join_end()
    assert until(lambda: -counter(made, TALKING)(), 0, 20.0)
    assert counter(made, QUEUED_AGAIN)() == before
    assert counter(made, f"SELECT count(*) FROM routing_workitem WHERE ticket_id = {_ticket(made, call.sid)}")() == 1


def _conversation(made: Rig, network: Network, number: str):
    """Caller and agent hear each other."""
    call = network.call_in(number, "+33199000000", "111", patient=True)
    assert call.wait_for("queued", timeout=60)
    api, headers = f"{made.env['CC_PUBLIC_BASE_URL']}/api/v1", {"Authorization": f"Bearer {made.token}"}
    item = requests.get(f"{api}/calls/{call.sid}", headers=headers, timeout=10).json()["work_item"]
    requests.post(f"{api}/work-items/{item}/take", headers=headers, timeout=10).raise_for_status()
    assert until(counter(made, TALKING), 1, 60.0)
    return call


def _ticket(made: Rig, sid: str) -> float:
    return counter(made, f"SELECT ticket_id FROM ivr_call WHERE sid = '{sid}'")()
