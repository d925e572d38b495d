"""The whole life of a ticket, as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contactcenter.errors import InvalidError


class State(models.TextChoices):
    """Where a ticket stands: nobody read it, somebody works on it, we wait for the person or a date, it is solved."""

    NEW = "new", _("new")
    OPEN = "open", _("open")
    WAITING = "waiting", _("waiting")
    SOLVED = "solved", _("solved")


NEXT: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.OPEN, State.WAITING, State.SOLVED}),
    State.OPEN: frozenset({State.WAITING, State.SOLVED}),
    State.WAITING: frozenset({State.OPEN, State.SOLVED}),
    State.SOLVED: frozenset({State.OPEN}),
}

MERGED = "merged"  # how a ticket ended that was put into another while it ran
EMPTIED = "emptied"  # how one ended that a split had made, when that was undone


class WrongStateError(InvalidError):
    """A ticket's life does not allow this step."""


def check(was: State, to: State) -> None:
    """Raise WrongStateError where a ticket cannot go from one state to the other."""
    if to not in NEXT[was]:
        raise WrongStateError(f"A ticket that is {was.label} cannot become {to.label}.")
