"""Whom a transfer names: a queue by slug or number, an agent by number, `agent:3` or user name."""

from django.db.models import Q
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError
from contactcenter.routing.models import Agent, Queue


def queue_named(name: str | int | None) -> Queue | None:
    """The queue, None where none is named; InvalidError for one that is not there."""
    if name in (None, ""):
        return None
    found = Queue.objects.select_related("office").filter(_numbered(str(name)) | Q(slug=name)).first()
    if found is None:
        raise InvalidError(_("There is no queue “%(name)s”.") % {"name": name})
    return found


def agent_named(name: str | int | None) -> Agent | None:
    """The agent, None where none is named; InvalidError for one that is not there or no longer works here."""
    if name in (None, ""):
        return None
    text = str(name).removeprefix("agent:")
    here = Agent.objects.select_related("user").filter(user__is_active=True)
    found = here.filter(_numbered(text) | Q(user__username=text)).first()
    if found is None:
        raise InvalidError(_("There is no agent “%(name)s”.") % {"name": name})
    return found


def _numbered(text: str) -> Q:
    return Q(pk=int(text)) if text.isdecimal() and len(text) < 19 else Q(pk=None)
