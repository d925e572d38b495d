"""A callback for an hour that an agent promises, of those that the telephone has free; its person reads the hour."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.channel import Point
from contactcenter.errors import InvalidError
from contactcenter.offices.models import Office
from contactcenter.outbox.means import Choice, choose
from contactcenter.outbox.models import Delivery, Means, Purpose
from contactcenter.outbox.services import post
from contactcenter.people import languages
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import spaced

PHONE, SHOWN = "phone", 40
IN_TIME = (Means.SMS, Means.EMAIL)  # a letter would come after the call


def free_hours(office: Office) -> list[datetime]:
    """When a callback can begin, the soonest first: while the office is open, in hours not promised full."""
    plug = channel.get(PHONE) if PHONE in channel.names() else None
    hours = getattr(plug, "free_hours", None)
    return list(islice(hours(office), SHOWN)) if hours else []


def for_hour(delivery: Delivery, at: datetime, points: list[Point], *, actor: str) -> None:
    """The callback of this delivery rests until its hour, its promise is watched, and its person is told of it.

    InvalidError for another means, for a number that we do not call, and for an hour in which nobody can call.
    """
    if delivery.means != Means.CALLBACK:
        raise InvalidError(_("An hour is for a callback: choose it as the means."))
    if at not in free_hours(delivery.ticket.office):
        raise InvalidError(_("This hour is full, or nobody is here then: choose another."))
    phone: Any = channel.get(PHONE)  # it named the hour
    if not phone.may_call(delivery.to):
        raise InvalidError(_("This number is in a country that we do not call, or costs extra: choose another means."))
    item = WorkItem.objects.get(delivery_id=delivery.pk, kind=Kind.CALLBACK)
    routing.schedule(item.pk, at, actor=actor, why="promised", keep_place=False)
    phone.promise(item.pk, at)
    choice = way_to_tell(delivery, points)
    if choice:
        _tell(delivery.ticket, choice, at, actor=actor)


def way_to_tell(delivery: Delivery, points: list[Point]) -> Choice | None:
    """How the person reads of the hour: at the number that is called, else by e-mail; None where only a voice can."""
    known = [Point(kind="phone", value=delivery.to), *(point for point in points if point.kind == "email")]
    return next((choice for means in IN_TIME if (choice := choose(PHONE, known, means=means))), None)


def _tell(ticket: Ticket, choice: Choice, at: datetime, *, actor: str) -> None:
    """The day and the hour, and nothing of the matter: others may read it too."""
    local = timezone.localtime(at, ticket.office.zone)
    language = languages.ours(ticket.language)
    with translation.override(language):
        facts = {
            "service": ticket.office.name,
            "day": date_format(local, "l j F"),
            "time": date_format(local, "H:i"),
            "reference": spaced(ticket.reference),
        }
        subject = _("We will call you")
        text = (
            _("%(service)s will call you on %(day)s, within the hour after %(time)s, about number %(reference)s.")
            % facts
        )
    post(ticket, choice, purpose=Purpose.NOTICE, subject=subject, text=text, language=language, actor=actor)
