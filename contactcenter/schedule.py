"""The cron table: what is due by the time alone. The clock rings for it, and does it itself while Redis is away."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.db import close_old_connections

from contactcenter import jobs
from contactcenter.stopping import Stop

log = logging.getLogger(__name__)

TICK = 1.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job and how often it is due; `job` is its dotted path.

    `here` is for what is short and must not stand behind a thousand mails: the clock does it itself.
    """

    job: str
    every: timedelta
    slow: bool = False
    here: bool = False


TABLE = (
    Entry(job="mail.services.take_pending", every=timedelta(seconds=5)),
    Entry(job="contactcenter.outbox.services.deliver_due", every=timedelta(seconds=5)),
    Entry(job="contactcenter.routing.dispatch.dispatch", every=timedelta(seconds=1), here=True),
    Entry(job="contactcenter.routing.sweeps.wake_scheduled", every=timedelta(seconds=5)),
    Entry(job="contactcenter.routing.fronts.mark_fronts", every=timedelta(seconds=5)),
    Entry(job="contactcenter.routing.sweeps.sweep_leases", every=timedelta(seconds=15)),
    Entry(job="contactcenter.routing.sweeps.hasten", every=timedelta(minutes=5)),
    Entry(job="contactcenter.routing.languages.sweep_languages", every=timedelta(seconds=5)),
    Entry(job="contactcenter.routing.presence.sweep_presence", every=timedelta(seconds=5)),
    Entry(job="contactcenter.search.gathering.gather", every=timedelta(seconds=3), slow=True),
    Entry(job="contactcenter.search.gathering.analyse", every=timedelta(hours=6), slow=True),
    Entry(job="contactcenter.desk.lastmile.sweep_follow_ups", every=timedelta(minutes=10)),
    Entry(job="contactcenter.desk.incidents.sweep_mended", every=timedelta(minutes=1)),
    Entry(job="ivr.sweeps.sweep_undialled", every=timedelta(seconds=15)),
    Entry(job="ivr.services.slots.sweep_promises", every=timedelta(minutes=1)),
    Entry(job="ivr.sweeps.sweep_audio", every=timedelta(minutes=1)),
    Entry(job="ivr.sweeps.sweep_tape_audio", every=timedelta(minutes=1)),
    Entry(job="ivr.services.tapes.sweep_tapes", every=timedelta(minutes=10)),
    Entry(job="contactcenter.reports.parity.sweep_parity", every=timedelta(seconds=20)),
    Entry(job="contactcenter.tickets.seals.seal_days", every=timedelta(hours=1), slow=True),
    Entry(job="contactcenter.reports.receipts.sweep_receipts", every=timedelta(minutes=1)),
    Entry(job="contactcenter.reports.thresholds.sweep_thresholds", every=timedelta(minutes=1)),
    Entry(job="mail.alarms.send_alarms", every=timedelta(seconds=15)),
    Entry(job="paper_intake.read.sweep_unread", every=timedelta(seconds=30), slow=True),
)


def tick_for_ever() -> None:
    """Ring for every entry when it is due, until told to stop."""
    stop = Stop()
    due = dict.fromkeys(TABLE, 0.0)
    while not stop.wait(TICK):
        now = time.monotonic()
        tick([entry for entry in TABLE if due[entry] <= now])
        due = {entry: now + entry.every.total_seconds() if at <= now else at for entry, at in due.items()}


def tick(entries: list[Entry]) -> None:
    """Ring for these, or do them here."""
    if not entries:
        return
    redis_answers = jobs.answers()
    for entry in entries:
        try:
            func = find(entry)
            if redis_answers and not entry.here:
                jobs.ring(func, slow=entry.slow)
            else:
                func()
        except Exception:
            log.exception("clock.entry_failed", extra={"job": entry.job})
    close_old_connections()


def find(entry: Entry) -> Callable[[], object]:
    """The function behind an entry."""
    module, _, name = entry.job.rpartition(".")
    func: Callable[[], object] = getattr(import_module(module), name)
    return func
