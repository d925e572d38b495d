"""`python -m bench intake|claim|desk|lists|live|memory|phone|search|queue_day|taking|voice [--seconds N] [--phone]`."""

import argparse

from bench import claim, desk, intake, lists, live, memory, phone, phone_day, queue_day, search, taking, voice
from bench.tables import say

MEASUREMENTS = {
    "intake": intake.main,
    "claim": claim.main,
    "desk": desk.main,
    "lists": lists.main,
    "live": live.main,
    "memory": memory.main,
    "phone": phone.main,
    "queue_day": queue_day.main,
    "search": search.main,
    "taking": taking.main,
    "voice": voice.main,
}


def main() -> None:
    """Measure one thing; takes a minute or two and then stops by itself."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("what", choices=sorted(MEASUREMENTS))
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each stretch lasts")
    parser.add_argument("--phone", action="store_true", help="queue_day: with callbacks, slots and retries")
    options = parser.parse_args()
    say("Clients, servers and database share this machine's cores; read the shares rather than the numbers.")
    measure = phone_day.main if options.phone and options.what == "queue_day" else MEASUREMENTS[options.what]
    measure(options.seconds)


if __name__ == "__main__":
    main()
