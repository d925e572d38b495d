"""Who was granted something and still has no appointment: marked where it changes, counted by the marks."""

import random
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import joining, lastmile
from contactcenter.desk.models import Decision
from contactcenter.desk.unappointed import unappointed
from contactcenter.errors import InvalidError
from tests.factories import a_ticket, an_agent

pytestmark = pytest.mark.django_db
REASONS = "Pièce d'identité absente."
HISTORIES, STEPS = 6, 25


def granted(reference: str, by: Principal, days_ago: int, *, favourable: bool = True) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    reasons = "" if favourable else REASONS
    lastmile.decide(reference, by, favourable=favourable, decided_on=day, reasons=reasons)


def awaiting() -> set[int]:
    return set(Decision.objects.filter(awaits_appointment=True).values_list("pk", flat=True))


@pytest.mark.parametrize("way", [1, -1])
def test_put_together_with_one_that_was_refused_later_nobody_waits_and_taken_apart_again_they_do(way: int):
    ticket, other, by = a_ticket(), a_ticket(), an_agent()
    granted(ticket.reference, by, 40)
    granted(other.reference, by, 5, favourable=False)

    done = joining.merge(*[ticket.reference, other.reference][::way], by)
    assert unappointed(None, timezone.localdate()).requests == 0
    assert lastmile.sweep_follow_ups() == 0

    joining.undo(done.pk, by)
    found = unappointed([ticket.office_id], timezone.localdate())
    assert (found.requests, found.for_long, found.since) == (1, 1, timezone.localdate() - timedelta(days=40))
    assert lastmile.sweep_follow_ups() == 1


def test_two_grants_that_are_put_together_are_one_wait():
    ticket, other, by = a_ticket(), a_ticket(), an_agent()
    granted(ticket.reference, by, 40)
    granted(other.reference, by, 10)

    joining.merge(ticket.reference, other.reference, by)

    found = unappointed(None, timezone.localdate())
    assert (found.requests, found.for_long, found.since) == (1, 0, timezone.localdate() - timedelta(days=10))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_the_marks_are_those_that_the_whole_history_gives(seed: int):
    dice, by = random.Random(seed), an_agent()
    references = [a_ticket().reference for _number in range(5)]
    undoable: list[int] = []

    def step() -> None:
        what, (one, another) = dice.randrange(6), dice.sample(references, 2)
        if what < 2:
            granted(one, by, dice.randrange(40), favourable=dice.random() < 0.7)
        elif what == 2:
            place = f"Guichet {dice.randrange(1000)}"
            lastmile.appoint(one, by, place=place, starts_at=timezone.now() + timedelta(days=1))
        elif what < 5:
            undoable.append(joining.merge(one, another, by).pk)
        elif undoable:
            joining.undo(undoable.pop(), by)

    for _step in range(STEPS):
        try:
            step()
        except InvalidError:  # one request already, or decided since: nothing has changed
            continue
        marked = awaiting()
        Decision.objects.update(awaits_appointment=False)
        import_module("contactcenter.desk.migrations.0011_those_that_await_one").mark(apps, None)
        assert marked == awaiting()


@pytest.mark.postgresql
@pytest.mark.parametrize("everywhere", [True, False])
def test_however_many_were_granted_before_only_those_who_wait_are_read(everywhere: bool):
    ticket, by = a_ticket(), an_agent()
    granted(ticket.reference, by, 5)
    told, today = Decision.objects.get(), timezone.localdate()
    days = [today - timedelta(days=100 + number) for number in range(5_000)]
    Decision.objects.bulk_create(
        Decision(ticket=ticket, favourable=True, decided_on=day, delivery=told.delivery, actor="system") for day in days
    )

    with CaptureQueriesContext(connection) as asked:
        found = unappointed(None if everywhere else [ticket.office_id], today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_decision")
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"])
        plan = "".join(row[0] for row in cursor.fetchall())

    assert (found.requests, len(asked)) == (1, 1)
    assert "decision_one_awaits_appointment" in plan


def test_no_refusal_awaits_an_appointment():
    ticket, by = a_ticket(), an_agent()
    granted(ticket.reference, by, 5, favourable=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.decisions.update(awaits_appointment=True)
