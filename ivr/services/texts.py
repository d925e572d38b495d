"""Text messages, in and out."""

from datetime import datetime

from django.db import transaction

from contactcenter.channel import Inbound, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.reading import texted
from contactcenter.people.points import is_known_fixed
from ivr.models import CHANNEL
from ivr.services.calls import happened, office_of, shown

BECAME = {
    **dict.fromkeys(("accepted", "queued", "sending", "sent"), "sent"),
    "delivered": "delivered",
    **dict.fromkeys(("undelivered", "failed"), "failed"),
}


@transaction.atomic
def text_received(sid: str, *, number: str, line: str, text: str, at: datetime | None = None) -> None:
    """A text message is a request like any other; from a number with one open request it goes on with that one.

    `at` is when it came, where it is carried in later.
    """
    sender = shown(number)
    office_id = office_of(line)
    answered = texted(sender, office_id) if sender else None
    receive(
        Inbound(
            channel=CHANNEL,
            external_id=sid,
            occurred_at=happened(at),
            office_id=office_id,
            speaker=Speaker(points=(Point(kind="phone", value=sender),)) if sender else None,
            text=text,
            ticket_id=answered,
            receipt=bool(sender) and answered is None and not is_known_fixed(sender),
        )
    )


def text_reported(delivery_id: int, status: str, *, sid: str) -> None:
    """A text message of ours was taken by the provider, arrived, or did not; whichever is told first names it."""
    state = BECAME.get(status)
    if state and Delivery.objects.filter(pk=delivery_id).exists():
        outbox.report(delivery_id, state, external_id=sid)
