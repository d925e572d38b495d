"""`./run phone [--from NUMBER] [--keys 1,2]`: be a caller, in a terminal."""

import select
import sys
import time

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.offices.models import Door
from ivr.provider import OVER

LOOK_EVERY_S = 0.3


class Command(BaseCommand):
    """Calls the demo's line through its simulated network."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="number", default="+33639980042", help="your number")
        parser.add_argument("--to", dest="line", default="", help="the line to call; the first office's unless said")
        parser.add_argument("--keys", default="", help="keys to press, one a question: 1,1,2")
        parser.add_argument("--message", default="", help="what you say where a message is recorded")
        parser.add_argument("--seconds", type=int, default=600, help="hang up after so long")

    def handle(self, *, number: str, line: str, keys: str, message: str, seconds: int, **options: object) -> None:
        line = (
            line
            or Door.objects.filter(kind="phone", closed_at=None).order_by("pk").values_list("address", flat=True)[0]
        )
        form = {"From": number, "To": line, "Keys": keys.replace(",", ""), "Message": message}
        try:
            sid = requests.post(f"{settings.TWILIO_API_BASE_URL}/callers", data=form, timeout=5).json()["sid"]
        except requests.RequestException as error:
            raise CommandError("The telephone network does not answer: start the demo first, with ./run") from error
        self.stdout.write(f"You call {line} from {number}. Type keys and Enter; h hangs up.")
        try:
            self._listen(sid, seconds)
        except KeyboardInterrupt:
            self._change(sid, {"Status": "completed"})

    def _listen(self, sid: str, seconds: int) -> None:
        told, state, end = 0, "", time.monotonic() + seconds
        while state not in OVER:
            call = requests.get(f"{settings.TWILIO_API_BASE_URL}/Calls/{sid}.json", timeout=5).json()
            for words in call["heard"][told:]:
                self.stdout.write(f"  « {words} »")
            told = len(call["heard"])
            if call["state"] != state:
                state = call["state"]
                self.stdout.write(f"· {state}")
            self._key(sid)
            if time.monotonic() > end:
                self._change(sid, {"Status": "completed"})

    def _key(self, sid: str) -> None:
        ready, _w, _x = select.select([sys.stdin], [], [], LOOK_EVERY_S)
        if not ready:
            return
        typed = sys.stdin.readline()
        if not typed:  # nobody types: only wait for the end
            time.sleep(LOOK_EVERY_S)
            return
        keys = "".join(character for character in typed if character in "0123456789*#")
        self._change(sid, {"Status": "completed"} if typed.strip() == "h" else {"Press": keys or " "})

    def _change(self, sid: str, form: dict[str, str]) -> None:
        requests.post(f"{settings.TWILIO_API_BASE_URL}/Calls/{sid}.json", data=form, timeout=5)
