"""What others may listen to: `ticket_event`, sent after commit for each new line of a ticket's story.

Receivers show or nudge; a business step never hangs on one.
"""

from django.dispatch import Signal

ticket_event = Signal()  # sender=Ticket, event=TicketEvent
