"""What is asked of the provider: rows, carried by the `voice` process alone."""

from django.utils import timezone

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


def order_again(kind: str, key: str, *, call: Call, leg: Leg | None = None, argument: str = "", rank: int = 5) -> None:
    """Something that goes on and off: the newest order counts, and replaces one that was not carried yet."""
    Command.objects.filter(key__startswith=f"{key}:", done_at=None).update(done_at=timezone.now(), error="replaced")
    count = Command.objects.filter(key__startswith=f"{key}:").count()
    order(kind, f"{key}:{count + 1}", call=call, leg=leg, argument=argument, rank=rank)
