"""What was told while the database was away, and no door takes: an alarm, until a human has seen to it."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from contactcenter.reports import alarms
from contactcenter.reports.alarms import Wrong
from ivr import spool

KIND = "set_aside"


def sweep_set_aside() -> tuple[int, int]:
    """Open an alarm while files of this node are set aside, and write to the administrators; close it afterwards."""
    count = len(spool.refused())
    if not count and not spool.is_named():  # nothing was ever set aside here
        return 0, 0
    name = spool.name()
    done = alarms.settle(KIND, {name: Wrong(says=partial(_says, count))} if count else {}, only=name)
    alarms.tell_administrators(KIND)
    return done


def listed() -> Iterator[str]:
    """Each as a line: when it came, which door it was for, which call it is about; nothing that a person said."""
    for file in spool.refused():
        yield f"{file.name}  {_described(file)}"


def _described(file: Path) -> str:
    try:
        told = spool.read(file)
    except Exception as error:  # whatever was written there: it is listed all the same
        return f"cannot be read: {type(error).__name__}"
    at = datetime.fromtimestamp(told.at, UTC)
    said = told.params.get("CallSid") or told.params.get("MessageSid") or ""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC  {told.path.partition('?')[0]}  {said}"


def _says(count: int) -> str:
    facts = {"count": count, "host": socket.gethostname(), "folder": spool.folder()}
    return (
        _(
            "What callers did while the database was away could not all be taken in: %(count)s files are set aside on "
            "%(host)s, in %(folder)s. The log of voice says why; `./run spool` lists them, and `./run spool --again` "
            "tries them again. Those that nobody needs any more can be deleted."
        )
        % facts
    )
