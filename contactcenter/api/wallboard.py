"""The wallboard's figures."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from contactcenter.api.answers import ChannelOut, ClassOut, WallboardOut
from contactcenter.api.auth import principal
from contactcenter.api.lists import Filter
from contactcenter.api.responses import ERRORS, answer
from contactcenter.desk.unappointed import Unappointed, unappointed
from contactcenter.offices.zones import shared_zone
from contactcenter.reports.board import Board, board, interval_asked, office_named
from contactcenter.reports.calls import Fate, Owed
from contactcenter.reports.channels import ChannelFigures, Waiting

router = Router(tags=["wallboard"])


@router.get("/wallboard", response={200: WallboardOut, **ERRORS})
def wallboard(
    request: HttpRequest,
    office: Filter = "",
    since: Annotated[str, Query("", alias="from")] = "",
    until: Annotated[str, Query("", alias="to")] = "",
) -> HttpResponse:
    """The calls of an interval, each once, and who waits now by channel; without `from` and `to`, today so far."""
    by = principal(request)
    asked = office_named(office, by)
    zone = asked.zone if asked else shared_zone(by.offices)
    interval = interval_asked(since, until, zone)
    offices = by.offices if asked is None else frozenset({asked.pk})
    granted = unappointed(offices, timezone.localdate(timezone=zone))
    return answer(board_out(board(offices, interval), granted, asked.slug if asked else None))


def board_out(figures: Board, granted: Unappointed, office: str | None) -> WallboardOut:
    """The figures as JSON."""
    counts = figures.phone.counts
    return {
        "office": office,
        "from": figures.interval.start.isoformat(),
        "to": figures.interval.end.isoformat(),
        "offered": figures.phone.offered,
        "answered": counts[Fate.ANSWERED],
        "called_back": counts[Fate.CALLED_BACK],
        "abandoned": counts[Fate.ABANDONED],
        "short": counts[Fate.SHORT],
        "message": counts[Fate.MESSAGE],
        "waiting": counts[Fate.WAITING],
        "service_level": figures.phone.service_level,
        "answered_share": figures.phone.answered_share,
        "answered_share_with_short": figures.phone.answered_share_with_short,
        "asa_s": figures.phone.asa_s,
        "aht_s": figures.phone.aht_s,
        "hold_s": figures.phone.hold_s,
        "occupancy": figures.occupancy,
        "callbacks_promised": figures.phone.callbacks_promised,
        "callbacks_kept": figures.phone.callbacks[Owed.KEPT],
        "callbacks_late": figures.phone.callbacks[Owed.LATE],
        "callbacks_unreached": figures.phone.callbacks[Owed.UNREACHED],
        "callbacks_settled": figures.phone.callbacks[Owed.SETTLED],
        "callbacks_open": figures.phone.callbacks[Owed.OPEN],
        "hours_promised": figures.phone.hours,
        "hours_missed": figures.phone.hours_missed,
        "granted_without_appointment": granted.requests,
        "channels": {one.channel: _channel_out(one) for one in figures.channels},
    }


def _channel_out(one: ChannelFigures) -> ChannelOut:
    return {
        "waiting": one.now.waiting,
        "oldest_s": one.now.oldest_s,
        "p90_s": one.p90_s,
        "relative_lateness": one.now.relative_lateness,
        "classes": {name: _class_out(waiting) for name, waiting in one.classes.items()},
    }


def _class_out(one: Waiting) -> ClassOut:
    return {"waiting": one.waiting, "oldest_s": one.oldest_s, "relative_lateness": one.relative_lateness}
