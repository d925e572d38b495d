"""The doorbell: rung after commit, once for a flood, and never a reason to lose anything."""

import pytest
from django.db import transaction

from contactcenter import jobs

DONE: list[object] = []


def work() -> None:
    """Something to do."""
    DONE.append("work")


def work_on(row_id: int) -> None:
    """Something large to do on one row."""
    DONE.append(row_id)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    DONE.clear()


def waiting() -> int:
    return sum(jobs.connection().llen(f"rq:queue:{name}") for name in (jobs.FAST, jobs.SLOW))


@pytest.mark.django_db(transaction=True)
def test_a_flood_costs_one_job_and_rings_only_after_commit():
    with transaction.atomic():
        for _ in range(50):
            jobs.ring(work)
        assert waiting() == 0

    assert waiting() == 1
    jobs.drain()
    assert DONE == ["work"]


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_it_is_done_rings_again():
    jobs.ring(work)
    jobs.drain()
    jobs.ring(work)
    jobs.drain()

    assert DONE == ["work", "work"]


@pytest.mark.django_db(transaction=True)
def test_one_large_job_a_row():
    for row_id in (1, 2, 1):
        jobs.ring_one(work_on, row_id)
    jobs.drain()

    assert sorted(DONE) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_cause_that_is_rolled_back_rings_nothing():
    with transaction.atomic():
        jobs.ring(work)
        transaction.set_rollback(True)

    assert waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_without_redis_nothing_fails(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    jobs.connection.cache_clear()
    try:
        jobs.ring(work)
        jobs.bell("voice")
        assert not jobs.wait("voice", 0.05)
    finally:
        jobs.connection.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_is_woken():
    assert not jobs.wait("voice", 1)
    jobs.bell("voice")
    jobs.bell("voice")

    assert jobs.wait("voice", 1)
    assert not jobs.wait("voice", 1)
