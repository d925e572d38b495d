"""The user's history in the administration tells which second factors came and went: a stranger's shows."""

import json
from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_noop

from contactcenter.accounts.models import User
from contactcenter.accounts.second_factor import SEEN, STRONG

FACTOR = gettext_noop("second factor")
FORGOTTEN = gettext_noop("Second factors forgotten.")


def trace(user: User, message: str) -> None:
    """Write a line into somebody's history, as theirs."""
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user)[:200],
        action_flag=CHANGE,
        change_message=message,
    )


def listen() -> None:
    """Hear of what people change themselves."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authenticator_reset.connect(_renewed)


def _added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    trace(user, _line("added", authenticator))
    request = kwargs.get("request")
    if request is not None and authenticator.type in STRONG:
        request.session[SEEN] = True  # whoever adds one has it at hand


def _renewed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    trace(user, _line("added", authenticator))


def _removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    trace(user, _line("deleted", authenticator))


def _line(what: str, authenticator: Authenticator) -> str:
    """As the administration writes its own, which it then shows in the reader's language."""
    return json.dumps([{what: {"name": FACTOR, "object": authenticator.type}}])
