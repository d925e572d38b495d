"""The same thing came again: never an error, never silent."""

from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, TicketEvent


def note_repeat(*, channel: str, external_id: str, actor: str, **data: object) -> TicketEvent:
    """Write on the ticket that what it holds already reached us once more. `data` holds ids and codes only."""
    said = Interaction.objects.select_related("ticket").get(channel=channel, external_id=external_id)
    return record(said.ticket, "interaction.arrived_again", actor=actor, interaction=said.pk, channel=channel, **data)
