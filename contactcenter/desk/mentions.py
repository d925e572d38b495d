"""Colleagues meant by a note: `@login` puts it on their desk until they have read it.

Only who may see the ticket can be meant; else nobody would know why nothing came of it. One sentence serves whoever is
not there and whoever may not see it, so that it tells nothing of either.
"""

import re
from functools import partial

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Mention
from contactcenter.desk.signals import mentioned
from contactcenter.errors import InvalidError
from contactcenter.routing.models import Agent
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Note, Ticket
from contactcenter.tickets.selectors import visible

MOST = 20  # colleagues meant by one note, and lines of the list
_AT = re.compile(r"(?<![\w@.+-])@([A-Za-z][\w.+-]*\w)")  # not the middle of a mail address, nor "@ 10 h"


def meant(text: str, ticket: Ticket) -> list[Agent]:
    """Whom a note means, each once. InvalidError names those whom it cannot reach."""
    logins = list(dict.fromkeys(found.lower() for found in _AT.findall(text)))
    if not logins:
        return []
    if len(logins) > MOST:
        raise InvalidError(_("A note can mean at most %(most)d colleagues.") % {"most": MOST})
    named = User.objects.filter(is_active=True).annotate(login=Lower("username")).filter(login__in=logins)
    users = {user.username.lower(): user for user in named}
    reached = {login: users[login] for login in logins if login in users and _may_see(users[login], ticket)}
    lost = [f"@{login}" for login in logins if login not in reached]
    if lost:
        who = {"who": ", ".join(lost)}
        raise InvalidError(
            _("Nobody called %(who)s can see this request: write a login as it is, or leave out the @.") % who
        )
    return [user.agent for user in reached.values()]


def note_means(note: Note, agents: list[Agent]) -> None:
    """Put the note on their desks; who writes it means nobody by themselves."""
    others = [agent for agent in agents if f"agent:{agent.pk}" != note.actor]
    for mention in Mention.objects.bulk_create([Mention(note=note, agent=agent) for agent in others]):
        transaction.on_commit(partial(mentioned.send_robust, sender=Mention, mention=mention), robust=True)


def unread(by: Principal) -> list[Mention]:
    """The notes that mean this one and were not read yet, the newest first; what they may no longer see is left out."""
    mine = Mention.objects.filter(agent=by.agent_id or 0, read_at=None)
    tickets = set(mine.values_list("note__ticket", flat=True))
    seen = visible(by).filter(pk__in=tickets).values_list("pk", flat=True) if tickets else ()
    newest = mine.filter(note__ticket__in=list(seen)).select_related("note__ticket").order_by("-note_id")
    return list(newest[:MOST]) if tickets else []


def read(ticket: Ticket, by: Principal) -> None:
    """This one has opened the ticket."""
    mine = Mention.objects.filter(agent=by.agent_id or 0, note__ticket=ticket, read_at=None)
    numbers = list(mine.values_list("pk", flat=True))
    if numbers:
        Mention.objects.filter(pk__in=numbers).update(read_at=timezone.now())


def _may_see(user: User, ticket: Ticket) -> bool:
    return visible(principal_for(user)).filter(pk=ticket.pk).exists()
