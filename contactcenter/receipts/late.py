"""Receipts that could not be given at once: given as soon as what was missing is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone

from contactcenter.receipts.acknowledge import acknowledge
from contactcenter.receipts.models import Receipt
from contactcenter.receipts.services import lacking
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Interaction, TicketEvent
from contactcenter.tickets.services import locked

LOOKED_BACK = timedelta(days=60)
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something that was said and has no receipt yet, with the codes of what the receipt would lack today."""

    interaction: Interaction
    missing: tuple[str, ...]


def give_late() -> list[Owed]:
    """Give what can be given now; returns what still cannot. Run twice at once, each is given once."""
    still = []
    for one in owed():
        if one.missing:
            still.append(one)
        else:
            _give(one.interaction.pk)
    return still


def owed() -> Iterator[Owed]:
    """What was refused a receipt and never had one."""
    refused = TicketEvent.objects.filter(kind="receipt.incomplete", at__gte=timezone.now() - LOOKED_BACK)
    numbers = iter(sorted({facts["interaction"] for facts in refused.values_list("data", flat=True)}))
    while batch := list(islice(numbers, BATCH)):
        given = set(Receipt.objects.filter(interaction__in=batch).values_list("interaction", flat=True))
        whole = Interaction.objects.select_related("ticket__office", "ticket__procedure__procedure")
        for said in whole.filter(pk__in=set(batch) - given):
            yield Owed(interaction=said, missing=lacking(said.ticket, said))


def _give(number: int) -> None:
    try:
        with transaction.atomic():
            said = Interaction.objects.get(pk=number)
            said.ticket = locked(said.ticket_id)
            if not said.receipts.exists():
                record_all(acknowledge(said.ticket, said))
    except IntegrityError:  # another process gave it meanwhile
        return
