"""The processes of the product: the Procfile starts them in production, the process supervisor everywhere else.

Each is `manage.py NAME`, and stops within seconds of a SIGTERM.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process; `port` is the variable that names the port on which it answers once it is ready."""

    name: str
    port: str = ""
    demo_only: bool = False


PROCESSES = (
    Process(name="web", port="PORT"),
    Process(name="live", port="CC_LIVE_PORT"),
    Process(name="worker"),
    Process(name="voice"),
    Process(name="mail", port="CC_SMTP_PORT"),
    Process(name="scans"),
    Process(name="clock"),
    Process(name="mailbox", port="CC_MAILBOX_PORT", demo_only=True),
    Process(name="simulator", port="CC_SIMULATOR_PORT", demo_only=True),
)


def of(*, demo: bool) -> list[Process]:
    """Those that run here."""
    return [process for process in PROCESSES if demo or not process.demo_only]
