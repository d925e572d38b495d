"""What is due by the time alone gets done, with Redis or without."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from contactcenter import jobs, schedule

done: list[str] = []


def something_due() -> None:
    """Stands for a sweep."""
    done.append("swept")


def something_broken() -> None:
    """Stands for a sweep with a mistake in it."""
    raise ValueError


DUE = schedule.Entry(job=f"{__name__}.something_due", every=timedelta(seconds=5))
BROKEN = schedule.Entry(job=f"{__name__}.something_broken", every=timedelta(seconds=5))


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.mark.parametrize("entry", schedule.TABLE, ids=lambda entry: entry.job)
def test_every_entry_leads_somewhere(entry: schedule.Entry) -> None:
    assert callable(schedule.find(entry))


@pytest.mark.django_db(transaction=True)
def test_the_clock_rings_and_a_worker_does_it() -> None:
    schedule.tick([DUE, DUE])
    assert done == []

    jobs.drain()

    assert done == ["swept"]


@pytest.mark.django_db(transaction=True)
def test_while_redis_is_away_the_clock_does_it_itself(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    jobs.connection.cache_clear()
    try:
        schedule.tick([BROKEN, DUE])
    finally:
        jobs.connection.cache_clear()

    assert done == ["swept"]


@pytest.mark.django_db(transaction=True)
def test_what_must_not_stand_behind_a_thousand_mails_the_clock_does_itself() -> None:
    schedule.tick([schedule.Entry(job=DUE.job, every=DUE.every, here=True)])

    assert done == ["swept"]
