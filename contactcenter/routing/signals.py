"""What others may listen to: `offer_made`, sent after commit, so that the offer reaches its agent at once."""

from django.dispatch import Signal

offer_made = Signal()  # sender=Offer, offer=Offer
