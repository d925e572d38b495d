"""A decision and an appointment, recorded on the ticket's page; the person is told by their own means."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from channels_app.typed import day_of, hour_of
from channels_app.views.asking import on_behalf
from channels_app.views.verbs import do, told
from contactcenter.accounts.principal import Principal
from contactcenter.desk import lastmile
from contactcenter.errors import InvalidError


@require_POST
@on_behalf
def decision(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Record what was decided."""

    def verb() -> str:
        typed = request.POST.get("decided_on", "").strip()
        day = day_of(typed) if typed else timezone.localdate()
        favourable = {"yes": True, "no": False}.get(request.POST.get("favourable", ""))
        if favourable is None:
            raise InvalidError(gettext("Say whether the decision is favourable."))
        reasons = request.POST.get("reasons", "")
        return told(lastmile.decide(reference, by, favourable=favourable, decided_on=day, reasons=reasons))

    return do(request, by, reference, "lastmile", verb, forget=("reasons",))


@require_POST
@on_behalf
def appointment(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Record where and when the person is expected."""

    def verb() -> str:
        post = request.POST
        starts_at = hour_of(post.get("starts_at", ""))
        place, bring = post.get("place", ""), post.get("bring", "")
        return told(lastmile.appoint(reference, by, place=place, starts_at=starts_at, bring=bring))

    return do(request, by, reference, "lastmile", verb, forget=("bring",))
