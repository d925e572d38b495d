"""`./run bench intake`: how many requests a second each channel takes in, as a share of a bare view."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from bench import smtp, sources
from bench.counting import SAID, counter, until
from bench.load import Tally, hammer
from bench.rig import DATABASES, Rig, rig
from bench.tables import Line, beside, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

SETTLING = 5.0  # seconds for which a scan has to lie still before it counts as complete
MAILS, WARMING, SCANS, FORMS = 400, 40, 60, 1500
WANTED = {"mail": 0.07, "API": 0.20, "voice": 0.30}


def main(seconds: float) -> None:
    """Measure every channel on both databases; print one table for each."""
    for database in DATABASES:
        with rig(database) as made, bare_view(made) as bare:
            loop = insert_loop(made, "intake", 2.0)
            say(f"{database}: a loop of the inserts of one request, nothing around it: {loop:.0f}/s")
            lines = _channels(made, seconds, bare)
        table(database, lines, loop, WANTED)


def _channels(made: Rig, seconds: float, bare: Callable[[], float] | None) -> list[Line]:
    with made.running("mail", "mailbox", "worker"):
        _mails(made, WARMING)
        lines = [beside(lambda: _mails(made, MAILS), bare)]
    with made.running("web"):
        _warm(made)
        lines += [beside(partial(measure, made, seconds), bare) for measure in (_api, _voice, _forms)]
    with made.running("scans"):
        return [*lines, beside(lambda: _scans(made), bare)]


def _api(made: Rig, seconds: float) -> Line:
    clients = [sources.tickets(made.token, f"a{number}") for number in range(CLIENTS)]
    return _http("API", hammer(made.port, clients, seconds))


def _voice(made: Rig, seconds: float) -> Line:
    return _http("voice", hammer(made.port, [_calls(made, f"v{number}") for number in range(CLIENTS)], seconds))


def _calls(made: Rig, mark: str) -> Iterator[bytes]:
    return sources.calls(made.env["CC_PUBLIC_BASE_URL"], made.env["TWILIO_AUTH_TOKEN"], mark)


def _warm(made: Rig) -> None:
    """The first requests load what the rest finds loaded."""
    hammer(made.port, [sources.tickets(made.token, f"w{number}") for number in range(CLIENTS)], 1.0)
    hammer(made.port, [_calls(made, f"w{number}") for number in range(CLIENTS)], 1.0)


def _http(channel: str, tally: Tally) -> Line:
    failed = sum(tally.statuses.values()) - tally.good
    return Line(what=channel, rate=tally.rate, p95_ms=tally.quantile(0.95), failed=failed)


def _forms(made: Rig, seconds: float) -> Line:
    filled = sources.forms(made.port, made.token, FORMS)
    shares = [iter(filled[client::CLIENTS]) for client in range(CLIENTS)]
    return _http("form", hammer(made.port, shares, seconds))


def _mails(made: Rig, number: int) -> Line:
    """From the first byte of the first mail to the last one's ticket."""
    mails = sources.mails(number)
    count = counter(made, SAID.format("email"))
    before, began = count(), time.perf_counter()
    taken = smtp.send(made.smtp_port, mails)
    ended = until(count, before + taken, 30)
    failed = number - (taken if ended else count() - before)
    return Line(what="mail", rate=taken / (ended - began) if ended else 0.0, failed=failed)


def _scans(made: Rig) -> Line:
    inbox = made.data / "paper-inbox"
    count = counter(made, SAID.format("paper"))
    inbox.mkdir(parents=True, exist_ok=True)
    before, images = count(), sources.scans(SCANS)
    for number, image in enumerate(images):
        part = inbox / f"scan-{number}.part"
        part.write_bytes(image)
        part.rename(inbox / f"scan-{number}.png")
    began = time.perf_counter()
    ended = until(count, before + SCANS, 40)
    took = (ended - began - SETTLING) if ended else 0.0
    return Line(what="scan", rate=SCANS / max(took, 0.001) if ended else 0.0, failed=before + SCANS - count())
