"""Processes that dial at the same moment share one pace; a line that stands goes to one call."""

import pytest
from django.utils import timezone

from contactcenter.routing.models import Presence
from contactcenter.routing.presence import set_presence
from ivr.carry import BETWEEN_DIALS, _may_dial
from ivr.models import Call, Leg, Pace
from ivr.services import standing
from tests.factories import a_ticket, an_agent
from tests.races.together import six_times, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_six_who_would_dial_at_once_one_does_and_the_next_a_second_later():
    assert six_times(_may_dial).count(True) == 1
    assert not _may_dial()
    Pace.objects.update(last_at=timezone.now() - BETWEEN_DIALS)

    assert six_times(_may_dial).count(True) == 1


def test_a_line_that_stands_comes_to_one_of_two_calls_that_want_it_at_once():
    by = an_agent()
    set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    standing.turn(by.agent_id or 0, on=True)
    Leg.objects.create(sid="CAstands", to="client:x", agent_id=by.agent_id, stands_since=timezone.now())
    calls = [Call.objects.create(sid=f"CA{number}", ticket=a_ticket()) for number in range(2)]

    came = together(*[lambda call=call: standing.put_through(call, by.agent_id) for call in calls])

    assert sorted(came) == [False, True]
    assert Leg.objects.get().call_id in {call.pk for call in calls}


def test_a_line_that_ends_as_a_call_wants_it_ends_or_comes_and_never_both():
    by = an_agent()
    set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    standing.turn(by.agent_id or 0, on=True)
    call = Call.objects.create(sid="CA1", ticket=a_ticket())
    Leg.objects.create(sid="CAstands", to="client:x", agent_id=by.agent_id, stands_since=timezone.now())

    came, _ended = together(lambda: standing.put_through(call, by.agent_id), lambda: standing.end(by.agent_id or 0))

    leg = Leg.objects.get()
    assert (leg.call_id == call.pk, leg.ended_at is None) == (came, came)
