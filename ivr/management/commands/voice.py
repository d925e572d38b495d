"""`./run voice`: carry commands to the telephone provider, until told to stop."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from contactcenter import jobs
from contactcenter.stopping import Stop
from ivr.asked import sweep_unasked
from ivr.carry import PROMPT, SLOW, carry_due, next_dial_in
from ivr.carry_tapes import ask_after as ask_after_tapes
from ivr.provider import Provider
from ivr.reconcile import find_unheard
from ivr.replay import carry_in
from ivr.services.hearing import forget
from ivr.set_aside import sweep_set_aside
from ivr.sweeps import ask_after, ask_anew, hang_up_anew
from ivr.twiml import LARGEST_QUEUE, PARKED
from ivr.watch import watching

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
SOON_S = 0.1  # while a leg waits for the pace of dialling
ASK_EVERY_S = 30.0
RECONCILE_EVERY_S = 300.0
STOPS_WITHIN_S = 5.0  # a text that is being handed over should be noted; audio is fetched again


class Command(BaseCommand):
    """A process of its own, so that no draining of mail delays a caller."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        stop = Stop()
        for beside in (self._ask, self._carry_in):  # somebody may wait for a command meanwhile
            _start(beside, stop)
        slow = _start(self._carry_slow, stop)
        provider = Provider()
        watching(stop)
        while not stop.told:
            try:
                carried = carry_due(provider, PROMPT)
                soon = not carried and next_dial_in() < LOOK_EVERY_S
            except Exception:  # the line goes on: what is due stays due, and is tried again
                log.exception("voice.round_failed")
                close_old_connections()
                carried, soon = 0, False
            if not carried:
                jobs.wait("voice", SOON_S if soon else LOOK_EVERY_S)
        slow.join(STOPS_WITHIN_S)

    def _carry_slow(self, stop: Stop) -> None:
        """Texts and audio, for which nobody holds the line: a host that keeps us waiting holds up no dial."""
        provider = Provider()
        while not stop.told:
            try:
                carried = carry_due(provider, SLOW)
            except Exception:  # what is due stays due, as above
                log.exception("voice.slow_round_failed")
                carried = 0
            close_old_connections()
            if not carried:
                stop.wait(LOOK_EVERY_S)
        connection.close()

    def _carry_in(self, stop: Stop) -> None:
        """What was told while the database was away; after a long outage that takes its time."""
        while not stop.wait(LOOK_EVERY_S):
            try:
                carry_in()
            except Exception:  # a full disk, say: the files stay, and are tried again
                log.exception("voice.carrying_in_failed")
            close_old_connections()
        connection.close()

    def _ask(self, stop: Stop) -> None:
        """Ask the provider what nobody told us, and look after what could not be taken in."""
        provider, reconcile_at, roomy = Provider(), time.monotonic() + ASK_EVERY_S, False
        while not stop.wait(ASK_EVERY_S):
            roomy = roomy or _did(partial(provider.make_room, PARKED, LARGEST_QUEUE))
            for step in (sweep_set_aside, hang_up_anew, ask_anew):
                _did(step)
            for ask in (ask_after, ask_after_tapes):
                _did(partial(ask, provider))
            if time.monotonic() >= reconcile_at:
                reconcile_at = time.monotonic() + RECONCILE_EVERY_S
                _did(partial(find_unheard, provider))
                _did(sweep_unasked)
                _did(forget)
            close_old_connections()
        connection.close()


def _did(step: Callable[[], object]) -> bool:
    """Whether it went well; what fails, at a provider that refuses everything say, keeps nothing else from its turn."""
    try:
        step()
    except Exception:
        log.exception("voice.asking_failed")
        close_old_connections()
        return False
    return True


def _start(work: Callable[[Stop], None], stop: Stop) -> threading.Thread:
    thread = threading.Thread(target=work, args=(stop,), daemon=True, name=work.__name__)
    thread.start()
    return thread
