"""Codes and passwords cannot be guessed at speed."""

import time
from datetime import timedelta

from pytest_django.fixtures import Settings

from contactcenter import limits
from contactcenter.limits import Limit

GUESSES = Limit(name="guesses", burst=3, period=timedelta(minutes=5))


def test_after_a_few_tries_one_has_to_wait() -> None:
    assert [GUESSES.allows("203.0.113.7") for _ in range(5)] == [True, True, True, False, False]


def test_others_are_not_held_up() -> None:
    for _ in range(5):
        GUESSES.allows("203.0.113.7")

    assert GUESSES.allows("203.0.113.8")


def test_waiting_gives_tries_back() -> None:
    quick = Limit(name="quick", burst=1, period=timedelta(milliseconds=1))

    assert quick.allows("ana")
    time.sleep(0.01)
    assert quick.allows("ana")


def test_while_redis_is_away_nobody_is_locked_out(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._connection.cache_clear()

    assert all(GUESSES.allows("203.0.113.7") for _ in range(5))

    limits._connection.cache_clear()
