"""Settings come from the environment; the demo makes its own secrets, and they serve the demo alone."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from contactcenter import checks, env


def test_the_demo_makes_its_keys_once_and_keeps_them_private(tmp_path: Path) -> None:
    made = env.demo_keys(tmp_path / "data")

    assert env.demo_keys(tmp_path / "data") == made
    assert (tmp_path / "data" / "keys").stat().st_mode & 0o777 == 0o600
    assert set(made) == set(env.DEMO_KEYS)


def test_outside_the_demo_a_demo_secret_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.CC_DEMO, settings.SECRET_KEY = False, env.demo_keys(tmp_path)["CC_SECRET_KEY"]

    assert [error.msg.split(":")[0] for error in checks.own_secrets(None)] == ["CC_SECRET_KEY is a demo secret"]


def test_outside_the_demo_every_secret_is_asked_for(settings: Settings) -> None:
    settings.CC_DEMO, settings.CC_FIELD_KEYS = False, []

    assert [error.msg.split(":")[0] for error in checks.own_secrets(None)] == ["CC_FIELD_KEYS is not set"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://ana:s%40e@db.example.org:5433/centre", ("centre", "ana", "s@e", "db.example.org", "5433")),
        ("postgresql://postgres@/centre?host=/run/pg", ("centre", "postgres", "", "/run/pg", "")),
    ],
)
def test_a_database_url_is_understood(url: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    read = env.database(url, tmp_path)

    assert tuple(read[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_without_a_database_url_the_data_folder_holds_a_durable_sqlite(tmp_path: Path) -> None:
    read = env.database("", tmp_path)

    assert read["NAME"] == str(tmp_path / "contactcenter.sqlite3")
    assert "synchronous=FULL" in str(read["OPTIONS"])


def test_a_word_where_a_number_belongs_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")

    with pytest.raises(env.EnvError, match="PORT must be a whole number, not 'http'"):
        env.number("PORT", 8000)
