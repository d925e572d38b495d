"""The database or Redis hangs in the middle of the day: callers hear an answer, and nobody who called is lost."""

import pytest

from bench.counting import counter, until
from bench.pacing import at_pace
from bench.phone import postgres_processes, redis_processes, stopped
from bench.rig import Rig, rig
from contactcenter.servers import MissingError

ANSWERED_WITHIN_MS = 6_000  # less than half of what the provider waits, on a machine that does ten other things
SAID = "SELECT count(*) FROM tickets_interaction WHERE external_id IN (SELECT sid FROM ivr_call WHERE NOT outgoing)"


@pytest.fixture(scope="module")
def centre():
    try:
        with rig("postgresql") as made, made.running("web", "voice"):
            at_pace(made, 10.0, 1.0, "warm")
            yield made
    except MissingError as missing:
        pytest.skip(str(missing))


@pytest.mark.whole
@pytest.mark.parametrize("hangs", [redis_processes, postgres_processes])
def test_whatever_hangs_each_webhook_gets_a_document_in_time_and_each_call_its_one_ticket(centre: Rig, hangs):
    with stopped(hangs(centre)):
        answers = at_pace(centre, 10.0, 6.0, hangs.__name__)

    assert answers.valid == answers.asked
    assert answers.quantile(0.99) < ANSWERED_WITHIN_MS
    spooled = centre.data / "ivr-spool"
    assert until(lambda: -len(list(spooled.glob("*"))), 0, 20.0)
    calls = counter(centre, "SELECT count(*) FROM ivr_call WHERE NOT outgoing")()
    assert counter(centre, SAID)() == calls
    assert counter(centre, "SELECT count(DISTINCT ticket_id) FROM ivr_call")() == calls
