"""What goes wrong between the provider and us, on purpose."""

from collections.abc import Callable
from dataclasses import dataclass


def nothing(params: dict[str, str]) -> bool:
    """No event."""
    return False


@dataclass(slots=True)
class Faults:
    """How events reach the application; each is asked for by a test."""

    duplicate: int = 1  # how often each event is told
    drop: Callable[[dict[str, str]], bool] = nothing  # which events are never told
    delay_s: float = 0.0  # in the network's own seconds
    reorder: bool = False  # of two events of a call the later is told first
    lost_ending: bool = False  # no call's last status is told
    repeat_requests: int = 1  # how often each document is asked for, with the same token
    refuse_recording: bool = False  # the account may not record calls
    audio_after_s: float = 0.0  # how long the host of the recordings keeps one waiting, in real seconds
