"""What is asked of the provider: rows, carried by the `voice` process alone."""

from contactcenter import jobs
from ivr.models import Call, Command, Leg


def order(
    kind: str,
    key: str,
    *,
    call: Call | None = None,
    leg: Leg | None = None,
    argument: str = "",
    delivery_id: int | None = None,
    rank: int = 5,
) -> None:
    """Write a command for the `voice` process, once per key, and wake it after commit."""
    Command.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "call": call,
            "leg": leg,
            "argument": argument,
            "delivery_id": delivery_id,
            "rank": rank,
        },
    )
    jobs.bell("voice")
