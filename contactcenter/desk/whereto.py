"""Whom a transfer names: a queue by slug or number, an agent by number, `agent:3` or user name."""

from django.db.models import Q
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError
from contactcenter.ids import id_in
from contactcenter.routing.models import Agent, Queue
from contactcenter.routing.selectors import agents_to_pass_to, queues_to_pass_to


def queue_named(name: str | int | None, by: Principal) -> Queue | None:
    """The queue, None where none is named; InvalidError for one to which the asker cannot pass work."""
    if name in (None, ""):
        return None
    text = _storable(name)
    found = queues_to_pass_to(by).select_related("office").filter(_numbered(text) | Q(slug=text)).first()
    if found is None:
        raise InvalidError(_("There is no queue “%(name)s”.") % {"name": name})
    return found


def agent_named(name: str | int | None, by: Principal) -> Agent | None:
    """The agent, None where none is named; InvalidError for one whom the asker does not see."""
    if name in (None, ""):
        return None
    text = _storable(name).removeprefix("agent:")
    found = agents_to_pass_to(by).filter(_numbered(text) | Q(user__username=text)).first()
    if found is None:
        raise InvalidError(_("There is no agent “%(name)s”.") % {"name": name})
    return found


def _storable(name: str | int) -> str:
    """A form or a program may send a NUL, with which PostgreSQL compares nothing."""
    return str(name).replace("\0", "\ufffd")


def _numbered(text: str) -> Q:
    return Q(pk=id_in(text))
