"""What others may listen to, each sent after commit: that an offer was made, and that an agent is no longer there."""

from django.dispatch import Signal

offer_made = Signal()  # sender=Offer, offer=Offer
agent_left = Signal()  # sender=Agent, agent_id=int: away or offline, whoever said so
