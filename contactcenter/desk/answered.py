"""Two windows, two people: nobody is answered twice unawares, and nothing that came meanwhile is ended unread.

A page remembers the last answer and the open work that it showed. Whoever sends from it is told of what came since.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import DomainError
from contactcenter.outbox.models import Delivery, Purpose
from contactcenter.routing.models import Agent, Kind, WorkItem
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.selectors import whole

ANSWERED_BY_TEXT = (Kind.MESSAGE, Kind.UNDELIVERED)


class AlreadySentError(DomainError):
    """These very words have left already, from another window or by a form that was sent twice."""


class AnsweredMeanwhileError(DomainError):
    """The person has been answered, with other words, since the writer's page was opened."""


class CameMeanwhileError(DomainError):
    """Something to answer has come in since the writer's page was opened, and waits to be read."""


def last_answer(ticket: Ticket) -> int:
    """What a page remembers of the answers that it shows; 0 where none was given."""
    newest = Delivery.objects.filter(ticket__in=whole(ticket), purpose=Purpose.REPLY).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0


def to_answer(ticket: Ticket) -> list[int]:
    """What a page remembers of the work that it shows: which of it holds something to answer, by id.

    Ids and no highest one: what another request brings along is older than much that was shown.
    """
    work = WorkItem.objects.unfinished().filter(ticket=ticket, kind__in=ANSWERED_BY_TEXT)
    # One that an agent opened, by setting the request aside or passing it on, holds no word that nobody has read.
    said = work.exclude(Q(interaction=None) & Q(delivery_id=None))
    return list(said.order_by("pk").values_list("pk", flat=True))


def unanswered_since(ticket: Ticket, seen: int | None, said: str, by: Principal) -> None:
    """Refuse where an answer was given after the one that was seen. `None`: whoever asks shows no page."""
    if seen is None:
        return
    since = Delivery.objects.filter(ticket__in=whole(ticket), purpose=Purpose.REPLY, pk__gt=seen).order_by("pk")
    answers = list(since.exclude(interaction=None).select_related("interaction"))
    given = [answer.interaction for answer in answers if answer.interaction]
    if any((one.actor, one.text) == (by.actor, said) for one in given):
        raise AlreadySentError(_("This answer had already left from another window: it was sent once, not twice."))
    if given:
        raise AnsweredMeanwhileError(_sentence(given[-1], by))


def nothing_came_since(ticket: Ticket, shown: Collection[int] | None) -> None:
    """Refuse where something is to be answered that is not among the work that was shown. `None` as above."""
    if shown is None:
        return
    if not set(to_answer(ticket)) <= set(shown):
        raise CameMeanwhileError(
            _(
                "Something new came in on this request while you had it open. Read it in the story; your text is "
                "kept: do this again if it is still right."
            )
        )


def _sentence(last: Interaction, by: Principal) -> str:
    if last.actor == by.actor:
        return _(
            "You have answered this one from another window, with other words. Read that answer in the story; "
            "your text is kept: send it if it is still needed."
        )
    return _(
        "%(who)s has answered this one while you were writing. Read that answer in the story; "
        "your text is kept: send it if it is still needed."
    ) % {"who": _name(last.actor)}


def _name(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    agent = Agent.objects.filter(pk=int(number)).select_related("user").first() if kind == "agent" else None
    return str(agent) if agent else _("A colleague")
