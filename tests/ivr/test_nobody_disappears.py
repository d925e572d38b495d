"""Whoever hangs up after whatever they pressed leaves exactly one ticket, and nothing that waits for a dead line."""

from collections import Counter
from collections.abc import Iterator

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Interaction, Ticket
from ivr import menu
from ivr.models import Call
from tests.ivr.conftest import Line, soon

DEEPEST = 2  # questions after the language; with three there are a thousand scripts more
AT_ONCE = 8
A_NUMBER = "12345678903#"
WHO = (["4"], ["4", "1"], ["4", "1", A_NUMBER], ["4", "2", "0"], ["4", "3", " "])
WHILE_WAITING = (["2"], ["3"], ["5"], *WHO, ["7", "#"], [" "])
Keys = list[str | None]
FARTHER: tuple[Keys, ...] = (
    ["6", A_NUMBER, A_NUMBER, A_NUMBER, "0"],
    ["8", A_NUMBER, "1", "1", "2"],
    ["7", "1", "1", "1", "4", "1", A_NUMBER, A_NUMBER],
    ["1", "1", "4", "2", A_NUMBER, A_NUMBER, "5", "3"],
    ["77", "77", "77", "2"],
    [" ", " ", " ", "3"],
    ["*", "*", "#", "5", "3"],
)


def scripts(node: str, deep: int = DEEPEST) -> Iterator[Keys]:
    """Every way through the menu, with a silence and a wrong key at each question, and what is keyed in the wait."""
    if node == menu.WAIT:
        yield []
        yield from ([*keys] for keys in WHILE_WAITING)
        return
    if node in menu.ENDS or not deep:
        yield []
        return
    here = menu.NODES[node]
    ways = {**here.keys, " ": here.name, "#": here.name} | ({A_NUMBER: here.then} if here.then else {"77": here.name})
    for key, to in ways.items():
        yield from ([key, *rest] for rest in scripts(menu.AFTER if to in menu.TOLD else to, deep - 1))


def prefixes() -> list[Keys]:
    """Each beginning of each script, once; what comes of the same answer at another topic is one of them."""
    found: dict[tuple[str | None, ...], None] = {}
    for script in (*scripts(menu.TOPIC), *FARTHER):
        if script[:1] in (["3"], ["4"], ["5"], ["2"]) and len(script) > 1:  # as with topic 1
            continue
        for length in range(len(script) + 1):
            found[("1", *script[:length])] = None
    return [[], *([*keys] for keys in found)]


def test_hanging_up_after_every_beginning_of_every_script_leaves_one_ticket_and_no_orphan(line: Line):
    scripted = prefixes()
    numbers = [f"+3363998{number:04d}" for number in range(len(scripted))]

    for first in range(0, len(scripted), AT_ONCE):
        batch = list(zip(scripted, numbers, strict=True))[first : first + AT_ONCE]
        calls = [
            line.call([*flat(keys), None], number=number, message="Bonjour", hangs_up_speaking=True)
            for keys, number in batch
        ]
        for call in calls:
            call.join_end()
            assert call.is_over
            assert not call.errors, (call.keys, call.errors)

    assert len(scripted) > 100
    assert soon(lambda: not Call.objects.exclude(state="ended").exists())
    assert Ticket.objects.count() == Call.objects.count() == Interaction.objects.filter(direction="in").count()
    assert Ticket.objects.count() == len(scripted)
    assert not WorkItem.objects.unfinished().filter(kind="call").exists()
    left = Counter(WorkItem.objects.unfinished().values_list("ticket", flat=True))
    assert set(left.values()) <= {1}
    waited = Call.objects.exclude(waiting_since=None)
    assert waited.exists()
    assert {call.ticket_id for call in waited} <= set(left)


def flat(keys: Keys) -> Keys:
    """A number is pressed digit by digit."""
    return [one for key in keys for one in (key if key and len(key) > 1 else [key])]


def test_hanging_up_while_somebody_comes_or_speaks_leaves_one_ticket_and_no_orphan(line: Line):
    moments = ("connecting", "connected")
    for number, moment in enumerate(moments):
        call = line.call("111", number=f"+3363998700{number}")
        assert call.wait_for("queued")
        work.take_next(Principal.of_service())
        ours = Call.objects.get(sid=call.sid)
        if moment == "connected":
            assert line.carry(lambda ours=ours: Call.objects.get(pk=ours.pk).state == "connected")
        call.hang_up()
        call.join_end()
        assert line.carry(lambda ours=ours: Call.objects.get(pk=ours.pk).state == "ended")

    assert Ticket.objects.count() == len(moments)
    left = list(WorkItem.objects.unfinished().values_list("kind", "lane__service_class"))
    assert left == [("callback", "abandoned")]
    assert not WorkItem.objects.unfinished().filter(kind="call").exists()
