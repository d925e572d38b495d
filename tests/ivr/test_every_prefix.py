"""Whoever hangs up, at whichever step of whichever call, leaves one ticket and no work that nobody can do."""

from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call
from tests.factories import a_ticket
from tests.ivr.conftest import Line, soon

AT_ONCE = 8


def scripts(reference: str, code: str) -> dict[str, list[str]]:
    """Calls as people make them, one answer after another; a space is silence."""
    return {
        "languages": ["9", "0"],
        "slow": ["1", "#", "5", "#", "3"],
        "status": ["2", "6", f"{reference}#", f"{code}#", "1", "0"],
        "wrong code": ["1", "6", f"{reference}#", "000001#", "0#"],
        "receipt": ["3", "8", "1234567890123456#", "0"],
        "places": ["4", "7", "*", "1", "5", "2"],
        "who I am": ["1", "1", "1", "4", "1", f"{reference}#", f"{code}#"],
        "stolen": ["1", "2", "1", "4", "2", "12031988#", "#"],
        "known number": ["1", "1", "1", "4", "3", f"{reference}#"],
        "nonsense": ["7", "8 ", "😀", "x"],
    }


def test_hanging_up_after_every_prefix_of_every_call_leaves_one_ticket_and_no_orphan(line: Line):
    known = a_ticket()
    every = scripts(known.reference, known.follow_code).values()
    prefixes = [script[:length] for script in every for length in range(len(script) + 1)]
    for start in range(0, len(prefixes), AT_ONCE):
        calls = [
            line.call([*"".join(prefix), None], number=f"+336399{80100 + start + at:05}")
            for at, prefix in enumerate(prefixes[start : start + AT_ONCE])
        ]
        for call in calls:
            call.join_end()
            assert not call.errors, (call.heard, call.errors)

    assert soon(lambda: Call.objects.filter(state="ended").count() == len(prefixes))
    assert not WorkItem.objects.filter(kind="call").exclude(state="done").exists()
    for call in Call.objects.select_related("ticket"):
        mine = Ticket.objects.filter(interactions__external_id=call.sid)
        assert mine.count() == 1
        open_work = WorkItem.objects.filter(interaction__external_id=call.sid).exclude(state="done")
        assert open_work.count() <= 1
