"""The cap on written work while calls wait is exact, however many ask at once."""

import pytest

from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Assignment, Presence, WorkItem
from tests.factories import SKILLS, a_caller, a_ticket, an_agent, an_office
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
CAP = 7


@pytest.mark.parametrize("skills", [SKILLS, ("writing",)])
def test_forty_takes_at_once_leave_exactly_the_cap_in_written_work(skills: tuple[str, ...]) -> None:
    queue = arrival_queue(an_office())
    queue.cap = CAP
    queue.save()
    for _ in range(45):
        a_ticket()
    WorkItem.objects.filter(kind="message").update(enqueued_at="2026-01-01T00:00Z")
    for number in range(40):  # they wait behind the mails, which are long overdue
        receive(a_caller(f"+336399801{number:02d}"))
    agents = [an_agent(skills=skills) for _ in range(40)]
    for by in agents:
        presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)

    together(*[lambda by=by: routing.take_next(by) for by in agents])

    written = Assignment.objects.filter(ended_at=None, work_item__kind="message")
    assert written.count() == CAP
    assert Assignment.objects.filter(ended_at=None, work_item__kind="call").count() == (40 - CAP) * ("calls" in skills)
