"""What others may listen to: `mentioned`, sent after commit, so that a mention reaches its colleague at once."""

from django.dispatch import Signal

mentioned = Signal()  # sender=Mention, mention=Mention
