"""The team: who is there, what each is doing, and since when. A supervisor may change it; the change names them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from channels_app import words
from channels_app.views.asking import live_address, on_behalf
from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotFoundError
from contactcenter.offices.zones import shared_zone
from contactcenter.routing import presence
from contactcenter.routing.models import Agent, Assignment, Presence
from contactcenter.routing.selectors import agents_to_pass_to

LOOK = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
CHANGE = (Role.SUPERVISOR, Role.ADMINISTRATOR)
SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One agent as the team page shows them."""

    id: int
    name: str
    state: str
    word: str
    reason: str
    since: str
    seen: str
    in_hand: int
    chosen: int  # today, out of turn


@require_GET
@on_behalf
def team(request: HttpRequest, by: Principal) -> HttpResponse:
    """Everybody of one's offices, those who are there first."""
    if by.role not in LOOK:
        raise NotFoundError(gettext("This page is for supervisors."))
    with timezone.override(shared_zone(by.offices)):
        colleagues = _colleagues(by)
    context = {
        "by": by,
        "team": colleagues,
        "shown": SHOWN if len(colleagues) == SHOWN else 0,
        "may_change": by.role in CHANGE,
        "presences": [(state.value, words.PRESENCE[state.value]) for state in presence.CHOSEN],
        "live_address": live_address(request),
    }
    return render(request, "channels_app/team.html", context)


@require_POST
@on_behalf
def set_presence(request: HttpRequest, by: Principal, agent_id: int) -> HttpResponse:
    """Change somebody's presence; the interval keeps who did it and why."""
    agent = agents_to_pass_to(by).filter(pk=agent_id).first()
    if agent is None or by.role not in LOOK:
        raise NotFoundError(gettext("There is no such agent that you can see."))
    if by.role not in CHANGE:
        raise PermissionDenied(gettext("An auditor reads; changing is for supervisors."))
    chosen = request.POST.get("state", "")
    if chosen in presence.CHOSEN:
        presence.set_presence(
            agent.pk, Presence(chosen), actor=by.actor, reason=request.POST.get("reason", "") or by.label
        )
        facts = {"name": str(agent), "state": words.PRESENCE[chosen]}
        messages.success(request, gettext("%(name)s is now: %(state)s.") % facts)
    return redirect("desk:team")


def _colleagues(by: Principal) -> list[Colleague]:
    there_first = Case(
        *(When(presence=state, then=place) for place, state in enumerate(words.PRESENCE)), output_field=IntegerField()
    )
    everybody = agents_to_pass_to(by).exclude(user__role=Role.AUDITOR)
    agents = list(everybody.order_by(there_first, "user__last_name", "pk")[:SHOWN])
    held = Assignment.objects.filter(ended_at=None, agent__in=agents)
    in_hand: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for agent_id, kind, stage in held.values_list("agent", "work_item__kind", "work_item__stage"):
        in_hand[agent_id or 0].append((kind, stage))
    now, chosen = timezone.now(), _chosen_today(agents)
    team = [_colleague(agent, in_hand[agent.pk], chosen[agent.pk], now) for agent in agents]
    return sorted(team, key=lambda one: list(words.PRESENCE).index(one.state))


def _chosen_today(agents: list[Agent]) -> Counter[int]:
    """How often each took work out of its turn since midnight, with a reason that stands on the request."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    lately = Q(ended_at=None) | Q(ended_at__gte=midnight)
    held = Assignment.objects.filter(lately, agent__in=agents, started_at__gte=midnight).exclude(chosen_because="")
    return Counter(agent_id or 0 for agent_id in held.values_list("agent", flat=True))


def _colleague(agent: Agent, in_hand: list[tuple[str, str]], chosen: int, now: datetime) -> Colleague:
    state = presence.doing(agent, in_hand)
    return Colleague(
        id=agent.pk,
        name=str(agent),
        state=state.value,
        word=str(words.PRESENCE[state.value]),
        reason=words.reason(agent.reason),
        since=words.when(agent.since, now),
        seen=words.age(now - agent.seen_at) if agent.seen_at else "",
        in_hand=len(in_hand),
        chosen=chosen,
    )
