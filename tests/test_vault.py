"""Originals are kept unchanged, once, and durable before we say so."""

import os
import stat

import pytest

from contactcenter import vault


@pytest.fixture(autouse=True)
def _folder(data_dir) -> None:
    """Each test has a vault of its own."""


def test_what_is_kept_is_read_back_and_cannot_be_written():
    kept = vault.keep(b"original")

    assert vault.read(kept.sha256) == b"original"
    assert stat.S_IMODE(vault.path(kept.sha256).stat().st_mode) == 0o440


def test_the_same_bytes_twice_are_one_file(tmp_path):
    source = tmp_path / "scan"
    source.write_bytes(b"original")

    first, second = vault.keep(b"original"), vault.keep_file(source)

    assert first == second
    assert source.exists()
    assert [path.name for path in vault.path(first.sha256).parent.iterdir()] == [first.sha256]


def test_nothing_half_written_is_left_behind(monkeypatch, data_dir):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.keep(b"original")
    monkeypatch.undo()

    assert not [path for path in (data_dir / "originals").rglob("*") if path.is_file()]
    assert vault.read(vault.keep(b"original").sha256) == b"original"


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path, data_dir):
    with pytest.raises(OSError, match="No such file"):
        vault.keep_file(tmp_path / "gone")

    assert not [path for path in (data_dir / "originals").rglob("*") if path.is_file()]
