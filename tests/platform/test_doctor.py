"""`./run doctor` says what is well and what somebody has to do."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from contactcenter import doctor, jobs
from contactcenter.reports.alarms import Wrong, settle

pytestmark = pytest.mark.django_db


def examined() -> str:
    """What it prints, whether or not somebody has to act."""
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as summary:
        out.write(str(summary))
    return out.getvalue()


def test_an_open_alarm_is_told_and_somebody_has_to_act() -> None:
    settle("parity", {"titre": Wrong(says=lambda: "Nobody can hand in documents without the Internet.")})

    assert "wrong  Nobody can hand in documents without the Internet." in examined()


def test_a_closed_alarm_is_not_told() -> None:
    settle("parity", {"titre": Wrong(says=lambda: "Nobody can hand in documents.")})
    settle("parity", {})

    assert "hand in documents" not in examined()


def test_without_tesseract_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")

    assert "note   Tesseract is missing" in examined()


def test_a_silent_redis_is_told(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    jobs.connection.cache_clear()

    said = examined()

    jobs.connection.cache_clear()
    assert "wrong  Redis does not answer" in said


def test_a_question_that_fails_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def the_attic() -> list[doctor.Finding]:
        raise OSError("no light")

    monkeypatch.setattr(doctor, "_questions", [the_attic])

    assert [finding.text for finding in doctor.examine()] == ["the attic could not be examined: no light"]
