"""What was said into a recorder, and its audio."""

import io
import math
import struct
import wave
from dataclasses import dataclass, field

from ivr.simulator.sids import new_sid

RATE = 8000
TONE_HZ = 440


@dataclass(slots=True)
class Recording:
    """One recording of a call; `message` is what was said."""

    call_sid: str
    message: str
    seconds: int
    status: str = "completed"
    source: str = "RecordVerb"
    sid: str = field(default_factory=lambda: new_sid("RE"))

    def wav(self) -> bytes:
        """A tone as long as the recording: nobody can mistake it for silence."""
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as audio:
            audio.setnchannels(1)
            audio.setsampwidth(2)
            audio.setframerate(RATE)
            audio.writeframes(_second() * max(1, min(self.seconds, 600)))
        return buffer.getvalue()


def _second() -> bytes:
    turn = 2 * math.pi * TONE_HZ / RATE
    return b"".join(struct.pack("<h", int(8000 * math.sin(turn * number))) for number in range(RATE))
