"""The scan folder: every file that arrives becomes a ticket once, whatever it is, and leaves the folder only then.

It is polled, since shared folders send no events. A file is complete when nothing about it changed for a while; one
that then still lacks its end gets more time, and goes to a clerk as it is. Its source is set aside in case the
scanner goes on writing: a longer version is a new scan beside it.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from contactcenter import vault
from paper_intake import kinds
from paper_intake.accept import Source, accept, folder_office
from paper_intake.models import Door, Scan
from paper_intake.sandbox import Press

log = logging.getLogger(__name__)

QUIET_S = 5.0
PATIENCE_S = 30.0
SET_ASIDE_S = 600.0
POLL_S = 1.0
LONGEST_PAUSE_S = 60.0
UNFINISHED = "unfinished"
IGNORED_ENDINGS = (".part", ".tmp", ".crdownload", ".partial", "~")
IGNORED_NAMES = ("thumbs.db", "desktop.ini")  # what file managers leave behind


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a stat tells of a file: while this changes, somebody is writing."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, path: Path) -> "State":
        found = path.stat()
        return cls(inode=found.st_ino, size=found.st_size, mtime_ns=found.st_mtime_ns, ctime_ns=found.st_ctime_ns)

    @property
    def mark(self) -> str:
        """What tells this arrival from another of the same bytes, also after a crash."""
        return f"{self.inode}:{self.mtime_ns}:{self.ctime_ns}"


@dataclass(slots=True)
class Seen:
    """A file in the folder: how it was when last seen, and since when it is so."""

    state: State
    since: float
    failures: int = 0
    not_before: float = 0.0


@dataclass(slots=True, kw_only=True)
class Inbox:
    """One scan folder, looked through again and again. `take` accepts a file; what it raises delays that one."""

    folder: Path
    take: Callable[[Path, State, bool], object]
    quiet_s: float = QUIET_S
    patience_s: float = PATIENCE_S
    set_aside_s: float = SET_ASIDE_S
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, Seen] = field(default_factory=dict)

    def look(self) -> int:
        """One round; returns how many files were taken in. Oldest first."""
        now = self.clock()
        current = {path: state for path in self._files() if (state := _state(path))}
        self._seen = {path: self._still(path, state, now) for path, state in current.items()}
        ready = [path for path in sorted(current, key=lambda path: current[path].mtime_ns) if self._ready(path, now)]
        return sum(self._taken(path) for path in ready)

    def _files(self) -> Iterator[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        yield from (path for path in self.folder.iterdir() if _is_scan(path))
        aside = self.folder / UNFINISHED
        if aside.is_dir():
            yield from (path for path in aside.iterdir() if _is_scan(path))

    def _still(self, path: Path, state: State, now: float) -> Seen:
        before = self._seen.get(path)
        return before if before and before.state == state else Seen(state, now)

    def _ready(self, path: Path, now: float) -> bool:
        seen = self._seen[path]
        age = now - seen.since
        if age < self.quiet_s or now < seen.not_before:
            return False
        return self._is_aside(path) or age >= self.patience_s or not seen.state.size or _whole(path)

    def _taken(self, path: Path) -> bool:
        """Take one file in. Whatever goes wrong with it, the next one is not made to wait."""
        seen = self._seen[path]
        try:
            if self._is_aside(path):
                return self._looked_at_again(path, seen)
            whole = not seen.state.size or _whole(path)
            self.take(path, seen.state, whole)
            self._put_away(path, seen.state, whole)
        except Exception:
            if path.exists():  # else the scanner took it away again
                self._put_off(path, seen)
            return False
        return True

    def _put_away(self, path: Path, state: State, whole: bool) -> None:
        """Remove a source that is safe; what changed meanwhile stays, and is taken again when it is quiet."""
        if _state(path) != state:
            return
        if whole:
            path.unlink(missing_ok=True)
            return
        aside = self.folder / UNFINISHED
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{state.inode}-{path.name}"[-200:])

    def _is_aside(self, path: Path) -> bool:
        return path.parent != self.folder

    def _looked_at_again(self, path: Path, seen: Seen) -> bool:
        """What was set aside: a new scan once it has grown, gone once nobody goes on writing it."""
        age, whole = self.clock() - seen.since, _whole(path)
        if age < self.patience_s and not whole:
            return False
        if not Scan.objects.filter(sha256=vault.keep_file(path).sha256).exists():
            self.take(path, seen.state, whole)
            return True
        if age >= self.set_aside_s:
            path.unlink(missing_ok=True)
        else:
            seen.not_before = self.clock() + self.set_aside_s / 10
        return False

    def _put_off(self, path: Path, seen: Seen) -> None:
        seen.failures += 1
        pause = min(2.0**seen.failures, LONGEST_PAUSE_S)
        seen.not_before = self.clock() + pause
        log.exception("paper.not_taken_in", extra={"failures": seen.failures, "again_in_s": pause})


def inbox_folder() -> Path:
    """Where scanners write."""
    return Path(settings.CC_DATA_DIR) / "paper-inbox"


def take_in(press: Press) -> Callable[[Path, State, bool], object]:
    """How the folder's files are accepted."""

    def take(path: Path, state: State, whole: bool) -> None:
        accept(_source(path, state, whole), folder_office(), press)

    return take


def stuck(older_than_s: float = 120.0) -> list[str]:
    """Names of files that lie in the folder although they should long have been taken in."""
    folder = inbox_folder()
    if not folder.is_dir():
        return []
    limit = time.time() - older_than_s
    states = ((path, _state(path)) for path in folder.iterdir() if _is_scan(path))
    return sorted(path.name for path, state in states if state and state.ctime_ns / 1e9 < limit)


def _source(path: Path, state: State, whole: bool) -> Source:
    now = datetime.now(tz=UTC)
    arrived = datetime.fromtimestamp(
        state.ctime_ns / 1e9, tz=UTC
    )  # of the name in this folder, which no scanner can antedate
    name = os.fsencode(path.name).decode("utf-8", "replace").removeprefix(f"{state.inode}-")
    return Source(
        path=path, name=name, door=Door.FOLDER, mark=state.mark, at=min(arrived, now), actor="scanner", whole=whole
    )


def _is_scan(path: Path) -> bool:
    name = path.name.lower()
    ignored = name.startswith(".") or name.endswith(IGNORED_ENDINGS) or name in IGNORED_NAMES
    return not ignored and not path.is_symlink() and path.is_file()


def _state(path: Path) -> State | None:
    with suppress(OSError):
        return State.of(path)
    return None


def _whole(path: Path) -> bool:
    """Whether the file has its end; one that we may not read is not our judgement to make."""
    try:
        return kinds.is_whole(path)
    except OSError:
        return True
